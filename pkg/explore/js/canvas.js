/** A canvas for a hand that draws, and what MNIST makes of a drawing. */

import { button, make, say } from "./parts.js";

const side = 280; // of the canvas, in its own pixels

/**
 * Centres and scales a drawing as MNIST's digits are: its longer side 20 of 28 pixels, its centre of mass in the middle.
 * @param {ArrayLike<number>} ink of size*size pixels, 0 to 1
 * @param {number} size
 * @param {number} height
 * @param {number} width
 * @returns {Float64Array} height*width
 */
export function centred(ink, size, height, width) {
  const image = new Float64Array(height * width);
  let [top, bottom, left, right] = [size, -1, size, -1];
  for (let i = 0; i < size * size; i++) {
    if (ink[i] < 0.1) continue;
    const [y, x] = [Math.floor(i / size), i % size];
    [top, bottom, left, right] = [Math.min(top, y), Math.max(bottom, y), Math.min(left, x), Math.max(right, x)];
  }
  if (bottom < 0) return image;
  const [tall, broad] = [bottom + 1 - top, right + 1 - left];
  const scale = Math.max(tall / ((height * 20) / 28), broad / ((width * 20) / 28)); // pixels of the drawing to one of the image
  const [rows, columns] = [Math.max(1, Math.round(tall / scale)), Math.max(1, Math.round(broad / scale))];
  const small = new Float64Array(rows * columns);
  let [mass, middleY, middleX] = [0, 0, 0];
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const value = mean(
        ink,
        size,
        [top + (y * tall) / rows, top + ((y + 1) * tall) / rows],
        [left + (x * broad) / columns, left + ((x + 1) * broad) / columns],
      );
      small[y * columns + x] = value;
      mass += value;
      middleY += value * (y + 0.5);
      middleX += value * (x + 0.5);
    }
  const down = Math.round(height / 2 - middleY / mass);
  const across = Math.round(width / 2 - middleX / mass);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const [row, column] = [y + down, x + across];
      if (row >= 0 && row < height && column >= 0 && column < width) image[row * width + column] = small[y * columns + x];
    }
  return image;
}

/** The mean over a rectangle with edges between pixels. @param {ArrayLike<number>} ink @param {number} size @param {[number, number]} ys @param {[number, number]} xs */
function mean(ink, size, ys, xs) {
  let sum = 0;
  for (let y = Math.floor(ys[0]); y < ys[1]; y++) {
    const share = Math.min(y + 1, ys[1]) - Math.max(y, ys[0]);
    for (let x = Math.floor(xs[0]); x < xs[1]; x++) sum += share * (Math.min(x + 1, xs[1]) - Math.max(x, xs[0])) * (ink[y * size + x] ?? 0);
  }
  return sum / ((ys[1] - ys[0]) * (xs[1] - xs[0]));
}

/**
 * A canvas that tells the image of what is drawn, when a stroke has ended.
 * @param {import("./page.js").Stage} stage
 * @param {number} height
 * @param {number} width
 * @param {(image: Float64Array) => void} drawn
 */
export function drawingCanvas(stage, height, width, drawn) {
  const canvas = make("canvas", { width: `${side}`, height: `${side}`, tabindex: "0", role: "application", class: "drawing" });
  stage.name(
    canvas,
    "a canvas: draw with the pointer, or with the arrow keys; Space puts the pen down and up",
    "캔버스: 포인터나 화살표 키로 그리기, 스페이스로 펜 내리기와 올리기",
  );
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.lineWidth = 22;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.strokeStyle = "#ffffff";
  let down = false;
  const pen = { x: side / 2, y: side / 2 };
  const clear = () => {
    context.fillStyle = "#000000";
    context.fillRect(0, 0, side, side);
  };
  /** @param {number} x @param {number} y */
  const go = (x, y) => {
    if (down) {
      context.beginPath();
      context.moveTo(pen.x, pen.y);
      context.lineTo(x, y);
      context.stroke();
    }
    pen.x = x;
    pen.y = y;
  };
  const tell = () => {
    const pixels = context.getImageData(0, 0, side, side).data;
    drawn(
      centred(
        Float64Array.from({ length: side * side }, (_, i) => pixels[4 * i] / 255),
        side,
        height,
        width,
      ),
    );
  };
  /** @param {PointerEvent} event @returns {[number, number]} */
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * side) / box.width, ((event.clientY - box.top) * side) / box.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    down = false;
    go(...place(event));
    down = true;
    go(...place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (down && canvas.hasPointerCapture(event.pointerId)) go(...place(event));
  });
  const up = () => {
    if (down) tell();
    down = false;
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (event.key !== " " && !step) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === " ") down = !down;
    if (step) go(Math.max(0, Math.min(side, pen.x + 14 * step[0])), Math.max(0, Math.min(side, pen.y + 14 * step[1])));
    else go(pen.x, pen.y);
    tell();
  });
  clear();
  const wipe = button("clear", "지우기", () => {
    clear();
    down = false;
    tell();
  });
  return make(
    "div",
    {},
    make("div", { class: "title" }, say("draw here", "여기에 그리세요")),
    canvas,
    make("div", { class: "controls" }, wipe),
  );
}

import { im2colControls } from "./im2colcontrols.js";
import { pixelWords, windowWords } from "./im2colwords.js";
import { kinds } from "./page.js";
import { compact, grid, headed, make, reading, short, spanOf, within } from "./parts.js";
import { blockOfStep, placeAtStep, placeInStep, shapesOfSteps, titlesOfSteps, valuesOfStep, widthOfStep } from "./sixaxes.js";
import { col2im, im2col, padded, seen, windowsOf, windowsOver } from "./windows.js";

const mostNumbered = 26; // rows or columns of a grid with numbers

/** im2col and col2im of one image. */
kinds.set("im2col", (stage, { head, floats }) => {
  const [channels, fullHeight, fullWidth] = head.shape;
  const largest = Math.max(fullHeight, fullWidth);
  let size = largest;
  let [tall, broad] = head.filter;
  let { stride, pad } = head;
  if (channels * fullHeight * fullWidth !== floats.length || floats.length > 65536) throw new Error("another size than its shape");
  let view = 0; // im2col, col2im, slice, six axes
  let step = 0; // of the six axes
  let ones = true; // is what col2im sends back
  /** What is pointed at: a value of the matrix, or a pixel with its padding; pixel is for all of its windows. */
  const at = { oh: 0, ow: 0, c: 0, y: 0, x: 0, row: 0, column: 0, pixel: false };

  let w = windowsOf({ channels, height: fullHeight, width: fullWidth, tall, broad, stride, pad });
  /** @type {Float64Array} */
  let image = new Float64Array(0);
  /** @type {Float64Array} */
  let col = new Float64Array(0);
  /** @type {Float64Array} */
  let sums = new Float64Array(0);

  const text = reading();
  const sheets = Array.from({ length: channels }, (_, c) =>
    grid(stage, {
      english: channels === 1 ? "image" : `channel ${c}`,
      korean: channels === 1 ? "이미지" : `채널 ${c}`,
      pixel: Math.max(2, Math.floor(220 / (largest + 6))),
      pointed: (row, column) => {
        at.c = c;
        pointAt(row, column);
      },
    }),
  );
  const matrix = grid(stage, { english: "matrix", korean: "행렬", pixel: 8, pointed: (row, column) => pointAtMatrix(row, column) });
  const slice = grid(stage, { english: "slice", korean: "슬라이스", pixel: 12 });

  const { above, byNumber, points, filters, strides, which, ys, xs, show } = im2colControls(
    stage,
    { height: fullHeight, width: fullWidth, tall, broad, stride, pad },
    (v) => (v === Math.max(tall, broad) ? `${tall}x${broad}` : `${v}x${v}`),
    {
      view(to) {
        view = to;
        at.pixel = false;
        draw();
      },
      pick(pixel) {
        at.pixel = pixel;
        mark();
      },
      send(all) {
        ones = all;
        draw();
      },
      set(to) {
        size = to.size ?? size;
        stride = to.stride ?? stride;
        pad = to.pad ?? pad;
        draw();
      },
      filter(v) {
        tall = v;
        broad = v;
        draw();
      },
      window(number) {
        at.pixel = false;
        points.set(0);
        at.oh = Math.floor(number / w.across);
        at.ow = number % w.across;
        mark();
      },
      place(to) {
        Object.assign(at, to);
        mark();
      },
      step(by) {
        step = within(step + by, 0, 2);
        draw();
      },
    },
  );

  const formula = make("p", { class: "formula" });
  const images = make("div", { class: "row stick" }, ...sheets.map((s) => s.element));
  stage.body.append(...above, formula, byNumber, text.element, make("div", { class: "row" }, images, slice.element, matrix.element));
  stage.tell({
    values: () => ({
      shape: [channels, w.height, w.width],
      filter: [tall, broad],
      stride,
      pad,
      out: [w.down, w.across],
      image: [...image],
      col: [...col],
      sums: [...sums],
      six: { values: [...valuesOfStep(w, step, col)] },
    }),
    at,
  });

  /** A window near a pixel of the padded image, or the pixel. @param {number} row @param {number} column */
  function pointAt(row, column) {
    if (view === 2) {
      at.y = within(row - at.oh * stride, 0, tall - 1);
      at.x = within(column - at.ow * stride, 0, broad - 1);
    } else if (!at.pixel && view !== 1) {
      at.oh = within(Math.round((row - (tall - 1) / 2) / stride), 0, w.down - 1);
      at.ow = within(Math.round((column - (broad - 1) / 2) / stride), 0, w.across - 1);
      at.y = within(row - at.oh * stride, 0, tall - 1);
      at.x = within(column - at.ow * stride, 0, broad - 1);
    }
    at.row = row;
    at.column = column;
    if (view === 1) at.pixel = true;
    mark();
  }

  /** @param {number} row @param {number} column */
  function pointAtMatrix(row, column) {
    at.pixel = false;
    points.set(0);
    Object.assign(at, placeAtStep(w, view === 3 ? step : 2, row, column));
    at.row = at.oh * stride + at.y;
    at.column = at.ow * stride + at.x;
    mark();
  }

  function draw() {
    const height = Math.min(size, fullHeight);
    const width = Math.min(size, fullWidth);
    tall = within(tall, 1, height + 2 * pad);
    broad = within(broad, 1, width + 2 * pad);
    w = windowsOf({ channels, height, width, tall, broad, stride, pad });
    filters.set(Math.max(tall, broad));
    strides.set(stride);
    image = new Float64Array(channels * height * width);
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) image[(c * height + y) * width + x] = floats[(c * fullHeight + y) * fullWidth + x];
    col = im2col(w, image);
    sums = col2im(w, ones ? new Float64Array(col.length).fill(1) : col);
    at.oh = within(at.oh, 0, w.down - 1);
    at.ow = within(at.ow, 0, w.across - 1);
    at.y = within(at.y, 0, tall - 1);
    at.x = within(at.x, 0, broad - 1);
    which.set(at.oh * w.across + at.ow, w.down * w.across - 1);
    ys.set(at.y, tall - 1);
    xs.set(at.x, broad - 1);

    const [deep, long] = [height + 2 * pad, width + 2 * pad];
    const shown = padded(w, view === 1 ? sums : image);
    const span = spanOf(view === 1 ? sums : floats);
    const numbered = deep <= mostNumbered && long <= 12;
    const outside = (/** @type {number} */ i) => {
      const [y, x] = [Math.floor(i / long) - pad, (i % long) - pad];
      return view === 1 && (y < 0 || y >= height || x < 0 || x >= width);
    };
    sheets.forEach((s, c) => {
      s.draw(shown.subarray(c * deep * long, (c + 1) * deep * long), long, { span, numbered, clear: outside });
      const name = channels > 1 ? [`channel ${c}`, `채널 ${c}`] : ["image", "이미지"];
      if (view === 1) s.entitle(`what col2im adds up: ${name[0]} ${height}x${width}`, `col2im의 합: ${name[1]} ${height}x${width}`);
      else
        s.entitle(
          `${name[0]} ${height}x${width}${pad ? `, pad ${pad}` : ""}`,
          `${name[1]} ${height}x${width}${pad ? `, 패딩 ${pad}` : ""}`,
        );
    });
    const [rows, columns] = [w.down * w.across, channels * tall * broad];
    if (view === 3) {
      const values = valuesOfStep(w, step, col);
      const width = widthOfStep(w, step);
      matrix.draw(values, width, {
        span,
        numbered: width <= 20 && values.length <= 700,
        blocks: step === 2 ? [0, 0] : blockOfStep(w, step),
        pixel: smallest(width),
      });
      matrix.entitle(...titlesOfSteps[step]);
      formula.textContent = shapesOfSteps(w)
        .map((s, i) => (i === step ? `▶ ${s}` : `  ${s}`))
        .join("\n");
    } else {
      matrix.draw(view === 1 && ones ? new Float64Array(col.length).fill(1) : col, columns, {
        span: view === 1 && ones ? [0, 1] : spanOf(floats),
        numbered: columns <= 20 && rows <= 64,
        blocks: [0, channels > 1 ? tall * broad : 0],
        pixel: smallest(columns),
      });
      matrix.entitle(`matrix (${rows}, ${columns}): a row for each window`, `행렬 (${rows}, ${columns}): 윈도마다 한 행`);
      formula.textContent =
        view === 2
          ? ""
          : `OH = (${height} + 2·${pad} − ${tall}) / ${stride} + 1 = ${w.down}, OW = (${width} + 2·${pad} − ${broad}) / ${stride} + 1 = ${w.across}`;
    }
    slice.element.hidden = view !== 2;
    show(view, step);
    mark();
  }

  /** How large a cell without a number is. @param {number} columns */
  const smallest = (columns) => within(Math.floor(520 / columns), 2, 12);

  /** Marks cells of a channel, and where its padding begins. @param {typeof sheets[number]} s @param {import("./parts.js").Mark[]} marks */
  const markSheet = (s, marks) =>
    s.mark([...(pad ? [{ row: pad, column: pad, height: w.height, width: w.width, kind: "edge" }] : []), ...marks]);

  function mark() {
    const f = tall * broad;
    const number = at.oh * w.across + at.ow;
    const element = (at.c * tall + at.y) * broad + at.x;
    which.set(number);
    ys.set(at.y);
    xs.set(at.x);
    const frame = { row: at.oh * stride, column: at.ow * stride, height: tall, width: broad };
    const pixel = { row: at.oh * stride + at.y, column: at.ow * stride + at.x, kind: "b" };
    if (!at.pixel && view !== 3) matrix.goTo(number, element);
    if (at.pixel) markPixel();
    else if (view === 2) markSlice(number, element, frame);
    else if (view === 3) markSix();
    else {
      sheets.forEach((s, c) => {
        markSheet(s, c === at.c ? [frame, pixel] : [frame]);
        if (view === 1) s.goTo(pixel.row, pixel.column);
      });
      matrix.mark([
        { row: number, column: 0, width: channels * f },
        { row: number, column: element, kind: "b" },
      ]);
      const values = [...col.subarray(number * channels * f, (number + 1) * channels * f)];
      const list = values.slice(0, 30).map(compact).join(" ") + (values.length > 30 ? " …" : "");
      const value = short(view === 1 && ones ? 1 : values[element]);
      text.write(...windowWords(at, number, element, value, channels > 1, view === 1), view === 1 ? "" : `row ${number} = [${list}]`);
    }
  }

  function markPixel() {
    const [deep, long] = [w.height + 2 * pad, w.width + 2 * pad];
    at.row = within(at.row, 0, deep - 1);
    at.column = within(at.column, 0, long - 1);
    const windows = windowsOver(w, at.row, at.column);
    const rows = windows.map(({ oh, ow }) => oh * w.across + ow);
    const frames = windows.map(({ oh, ow }) => ({ row: oh * stride, column: ow * stride, height: tall, width: broad }));
    const cells = windows.map(({ y, x }, i) => ({ row: rows[i], column: (at.c * tall + y) * broad + x, kind: "b" }));
    const addends = windows.map(({ oh, ow, y, x }) => (view === 1 && ones ? 1 : seen(w, image, at.c, oh, ow, y, x)));
    sheets.forEach((s, c) => {
      markSheet(s, c === at.c ? [...frames, { row: at.row, column: at.column, kind: "b" }] : frames);
      s.goTo(at.row, at.column);
    });
    matrix.mark(cells);
    const [row, column] = [at.row - pad, at.column - pad];
    const inside = row >= 0 && row < w.height && column >= 0 && column < w.width;
    const sum = addends.reduce((a, b) => a + b, 0);
    text.write(
      ...pixelWords(inside ? [row, column] : null, rows, view === 1),
      view === 1 && inside && addends.length ? `${addends.slice(0, 49).map(short).join(" + ")} = ${short(sum)}` : "",
    );
  }

  /** @param {number} number @param {number} element @param {import("./parts.js").Mark} frame of the window */
  function markSlice(number, element, frame) {
    /** @type {{ row: number, column: number, kind: string }[]} */
    const taken = [];
    const values = new Float64Array(w.down * w.across);
    for (let oh = 0; oh < w.down; oh++)
      for (let ow = 0; ow < w.across; ow++) {
        taken.push({ row: oh * stride + at.y, column: ow * stride + at.x, kind: "b" });
        values[oh * w.across + ow] = seen(w, image, at.c, oh, ow, at.y, at.x);
      }
    sheets.forEach((s, c) => {
      markSheet(s, [...taken, frame]);
      if (c === at.c) s.goTo(at.oh * stride + at.y, at.ow * stride + at.x);
    });
    const f = tall * broad;
    matrix.mark([
      { row: number, column: 0, width: channels * f },
      ...Array.from({ length: channels }, (_, c) => ({
        row: 0,
        column: c * f + at.y * broad + at.x,
        height: w.down * w.across,
        kind: "b",
      })),
    ]);
    matrix.goTo(number, element);
    slice.draw(values, w.across, { span: spanOf(floats), numbered: w.across <= 12 && w.down <= mostNumbered });
    slice.mark([{ row: at.oh, column: at.ow }]);
    slice.entitle(`col[0, ${at.c}, ${at.y}, ${at.x}, :, :]`, `형상 (${w.down}, ${w.across})`);
    const [lastY, lastX] = [at.y + stride * w.down, at.x + stride * w.across];
    text.write(
      `One slice takes what all ${w.down * w.across} windows have at place (${at.y}, ${at.x}): ${stride === 1 ? "every pixel" : `one pixel in ${stride}`} from there. In the matrix it is ${channels > 1 ? `column ${at.y * broad + at.x} of each channel` : `column ${element}`}.`,
      `슬라이스 하나가 윈도 ${w.down * w.across}개의 (${at.y}, ${at.x}) 자리 값을 한꺼번에 가져옵니다. 간격은 ${stride}픽셀입니다. 행렬에서는 ${channels > 1 ? `채널마다 ${at.y * broad + at.x}번째 열` : `${element}번 열`}입니다.`,
      `col[:, :, ${at.y}, ${at.x}, :, :] = img[:, :, ${at.y}:${lastY}:${stride}, ${at.x}:${lastX}:${stride}]`,
    );
  }

  function markSix() {
    const width = widthOfStep(w, step);
    const i = placeInStep(w, step, at);
    const cell = { row: Math.floor(i / width), column: i % width, kind: "b" };
    const [outer, inner] = blockOfStep(w, step);
    matrix.goTo(cell.row, cell.column);
    matrix.mark([{ row: cell.row - (cell.row % outer), column: cell.column - (cell.column % inner), height: outer, width: inner }, cell]);
    sheets.forEach((s, c) => {
      markSheet(s, [
        { row: at.oh * stride, column: at.ow * stride, height: tall, width: broad },
        ...(c === at.c ? [{ row: at.oh * stride + at.y, column: at.ow * stride + at.x, kind: "b" }] : []),
      ]);
    });
    const value = short(seen(w, image, at.c, at.oh, at.ow, at.y, at.x));
    const number = at.oh * w.across + at.ow;
    const element = (at.c * tall + at.y) * broad + at.x;
    text.write(
      "One value on its way: it keeps its six numbers, only their order changes; at the end three and three become a row and a column.",
      "값 하나의 여정입니다. 여섯 번호는 그대로이고 순서만 바뀝니다. 마지막에 세 개씩 묶여 행과 열이 됩니다.",
      `col[0, ${at.c}, ${at.y}, ${at.x}, ${at.oh}, ${at.ow}] → [0, ${at.oh}, ${at.ow}, ${at.c}, ${at.y}, ${at.x}] → [${number}, ${element}] = ${value}`,
    );
  }

  headed(stage, head);
  draw();
});

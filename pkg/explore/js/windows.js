/** How filter windows lie on an image, and im2col. The loops are those of pkg/layers. */

/**
 * @typedef {object} Windows
 * @property {number} channels
 * @property {number} height of the image, without padding
 * @property {number} width
 * @property {number} tall of a window
 * @property {number} broad
 * @property {number} stride
 * @property {number} pad
 * @property {number} down how many windows there are from top to bottom
 * @property {number} across
 */

/** @param {Omit<Windows, "down" | "across">} w @returns {Windows} */
export function windowsOf(w) {
  for (const [name, size] of Object.entries(w))
    if (!Number.isInteger(size) || size < (name === "pad" ? 0 : 1) || size > 4096) throw new Error(`windows with ${name} ${size}`);
  return {
    ...w,
    down: Math.max(0, Math.floor((w.height + 2 * w.pad - w.tall) / w.stride) + 1),
    across: Math.max(0, Math.floor((w.width + 2 * w.pad - w.broad) / w.stride) + 1),
  };
}

/**
 * The value of an image at a place of a window, 0 in the padding.
 * @param {Windows} w @param {ArrayLike<number>} image @param {number} c @param {number} oh @param {number} ow @param {number} y @param {number} x
 */
export function seen(w, image, c, oh, ow, y, x) {
  const row = oh * w.stride + y - w.pad;
  const column = ow * w.stride + x - w.pad;
  return row < 0 || row >= w.height || column < 0 || column >= w.width ? 0 : image[(c * w.height + row) * w.width + column];
}

/**
 * Calls f for every value of the matrix that im2col makes.
 * @param {Windows} w @param {(oh: number, ow: number, c: number, y: number, x: number) => void} f
 */
export function each(w, f) {
  for (let oh = 0; oh < w.down; oh++)
    for (let ow = 0; ow < w.across; ow++)
      for (let c = 0; c < w.channels; c++) for (let y = 0; y < w.tall; y++) for (let x = 0; x < w.broad; x++) f(oh, ow, c, y, x);
}

/** @param {Windows} w @param {ArrayLike<number>} image @returns {Float64Array} of OH·OW rows and C·FH·FW columns */
export function im2col(w, image) {
  const col = new Float64Array(w.down * w.across * w.channels * w.tall * w.broad);
  let i = 0;
  each(w, (oh, ow, c, y, x) => {
    col[i++] = seen(w, image, c, oh, ow, y, x);
  });
  return col;
}

/** @param {Windows} w @param {ArrayLike<number>} col @returns {Float64Array} an image */
export function col2im(w, col) {
  const image = new Float64Array(w.channels * w.height * w.width);
  let i = 0;
  each(w, (oh, ow, c, y, x) => {
    const row = oh * w.stride + y - w.pad;
    const column = ow * w.stride + x - w.pad;
    if (row >= 0 && row < w.height && column >= 0 && column < w.width) image[(c * w.height + row) * w.width + column] += col[i];
    i++;
  });
  return image;
}

/** An image with its padding. @param {Windows} w @param {ArrayLike<number>} image @returns {Float64Array} */
export function padded(w, image) {
  const tall = w.height + 2 * w.pad;
  const broad = w.width + 2 * w.pad;
  const all = new Float64Array(w.channels * tall * broad);
  for (let c = 0; c < w.channels; c++)
    for (let y = 0; y < w.height; y++)
      for (let x = 0; x < w.width; x++) all[(c * tall + y + w.pad) * broad + x + w.pad] = image[(c * w.height + y) * w.width + x];
  return all;
}

/** The windows that a pixel of the padded image lies in, and where in each. @param {Windows} w @param {number} row @param {number} column */
export function windowsOver(w, row, column) {
  const all = [];
  for (let oh = 0; oh < w.down; oh++)
    for (let ow = 0; ow < w.across; ow++) {
      const [y, x] = [row - oh * w.stride, column - ow * w.stride];
      if (y >= 0 && y < w.tall && x >= 0 && x < w.broad) all.push({ oh, ow, y, x });
    }
  return all;
}

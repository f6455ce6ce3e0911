/** The six axes of im2col on their way to rows, in three steps: how their values lie in a drawing. */

import { each } from "./windows.js";

/** @typedef {import("./windows.js").Windows} Windows */
/** @typedef {{ oh: number, ow: number, c: number, y: number, x: number }} Place of a value: its window, its channel and its place there */

/**
 * How wide a step's drawing is: 0 has a block of windows for each place in the window, 1 a block of places for each window, 2 a row for each window.
 * @param {Windows} w @param {number} step
 */
export const widthOfStep = (w, step) => (step === 2 ? w.channels * w.tall * w.broad : w.broad * w.across);

/** The size of a block. @param {Windows} w @param {number} step @returns {[number, number]} */
export const blockOfStep = (w, step) =>
  step === 0 ? [w.down, w.across] : step === 1 ? [w.tall, w.broad] : [1, w.channels * w.tall * w.broad];

/** Where a value lies in a step's drawing. @param {Windows} w @param {number} step @param {Place} at */
export function placeInStep(w, step, { oh, ow, c, y, x }) {
  const width = widthOfStep(w, step);
  if (step === 0) return ((c * w.tall + y) * w.down + oh) * width + x * w.across + ow;
  if (step === 1) return ((oh * w.channels + c) * w.tall + y) * width + ow * w.broad + x;
  return (oh * w.across + ow) * width + (c * w.tall + y) * w.broad + x;
}

/** The value at a row and a column of a step's drawing. @param {Windows} w @param {number} step @param {number} row @param {number} column @returns {Place} */
export function placeAtStep(w, step, row, column) {
  const [tall, broad] = blockOfStep(w, step);
  const [u, v, p, q] = [row % tall, column % broad, Math.floor(row / tall), Math.floor(column / broad)];
  if (step === 0) return { oh: u, ow: v, c: Math.floor(p / w.tall), y: p % w.tall, x: q };
  if (step === 1) return { oh: Math.floor(p / w.channels), ow: q, c: p % w.channels, y: u, x: v };
  const taps = w.tall * w.broad;
  return {
    oh: Math.floor(row / w.across),
    ow: row % w.across,
    c: Math.floor(column / taps),
    y: Math.floor((column % taps) / w.broad),
    x: column % w.broad,
  };
}

/** The values of a step's drawing. @param {Windows} w @param {number} step @param {Float64Array} col as im2col makes it */
export function valuesOfStep(w, step, col) {
  const values = new Float64Array(col.length);
  let i = 0;
  each(w, (oh, ow, c, y, x) => {
    values[placeInStep(w, step, { oh, ow, c, y, x })] = col[i++];
  });
  return values;
}

/** @type {[string, string][]} */
export const titlesOfSteps = [
  ["1: one block for each place (y, x) in the window", "1: 윈도 안의 자리 (y, x)마다 한 블록"],
  ["2: one block for each window (oh, ow)", "2: 윈도 (oh, ow)마다 한 블록"],
  ["3: one row for each window", "3: 윈도마다 한 행"],
];

/** @param {Windows} w */
export const shapesOfSteps = (w) => [
  `col (N, C, FH, FW, OH, OW) = (1, ${w.channels}, ${w.tall}, ${w.broad}, ${w.down}, ${w.across})`,
  `col.transpose(0, 4, 5, 1, 2, 3) (N, OH, OW, C, FH, FW) = (1, ${w.down}, ${w.across}, ${w.channels}, ${w.tall}, ${w.broad})`,
  `.reshape(N*OH*OW, -1) = (${w.down * w.across}, ${w.channels * w.tall * w.broad})`,
];

/** A network that computes as pkg/layers does: forward, and the gradient of a score with respect to the image. */

import { windowsOf } from "./windows.js";

/** @typedef {{ kind: string, name: string, window: [number, number], stride: number, pad: number, filters: number, units: number, arrays: number, from?: number[] }} Described from is which layers it reads, -1 for the image; without it the one before */
/**
 * @typedef {object} Layer
 * @property {Described} is
 * @property {number[]} shape of what it gives: (C, H, W), or (n)
 * @property {number[]} sources the layers that it reads, -1 for the image
 * @property {number[]} from the shape of what comes in, from the first of them
 * @property {Float64Array} w
 * @property {Float64Array} b
 * @property {import("./windows.js").Windows | null} windows
 */

/**
 * The arrays of a network: bytes above the low bits, and then the low bits, as pkg/explore/weights.go writes them.
 * @param {{ count: number, step: number, low: number }[]} heads
 * @param {Uint8Array} bytes
 */
export function arraysOf(heads, bytes) {
  let at = 0;
  return heads.map(({ count, step, low }) => {
    const size = count + Math.ceil((count * low) / 8);
    if (!(count >= 0) || !(low >= 0 && low <= 9) || at + size > bytes.length) throw new Error("weights are missing");
    const high = new Int8Array(bytes.buffer, bytes.byteOffset + at, count);
    const rest = bytes.subarray(at + count, at + size);
    at += size;
    const values = new Float64Array(count);
    let held = 0;
    let filled = 0;
    let next = 0;
    for (let i = 0; i < count; i++) {
      while (filled < low) {
        held |= rest[next++] << filled;
        filled += 8;
      }
      values[i] = high[i] * 2 ** low * step + (held & ((1 << low) - 1)) * step;
      held >>= low;
      filled -= low;
    }
    return values;
  });
}

const size = (/** @type {number[]} */ shape) => shape.reduce((a, b) => a * b, 1);

/**
 * The layers of a network, held against what their arrays can be.
 * @param {number[]} input
 * @param {Described[]} described
 * @param {Float64Array[]} arrays
 * @returns {Layer[]}
 */
export function layersOf(input, described, arrays) {
  /** @type {Layer[]} */
  const layers = [];
  for (const [i, is] of described.entries()) {
    const sources = is.from ?? [i - 1];
    if (!sources.length || !sources.every((k) => Number.isInteger(k) && k >= -1 && k < i))
      throw new Error("a layer that reads a later one");
    const shapes = sources.map((k) => (k < 0 ? input : layers[k].shape));
    const from = shapes[0];
    let shape = from;
    let windows = null;
    const w = arrays[is.arrays] ?? new Float64Array(0);
    const b = arrays[is.arrays + 1] ?? w;
    if (is.window) {
      const [channels, height, width] = from;
      windows = windowsOf({ channels, height, width, tall: is.window[0], broad: is.window[1], stride: is.stride, pad: is.pad });
      shape = [is.kind === "conv" ? is.filters : channels, windows.down, windows.across];
      if (is.kind === "conv" && (w.length !== is.filters * channels * windows.tall * windows.broad || b.length !== is.filters))
        throw new Error("filters of another size");
    } else if (is.kind === "affine") {
      shape = [is.units];
      if (w.length !== size(from) * is.units || b.length !== is.units) throw new Error("weights of another size");
    } else if (is.kind === "scale" && ![1, from[0], size(from)].includes(w.length)) throw new Error("factors of another size");
    if (is.kind === "sum" && shapes.some((s) => s.join() !== from.join())) throw new Error("a sum of other shapes");
    if (is.kind === "join") {
      if (shapes.some((s) => s.length !== 3 || s[1] !== from[1] || s[2] !== from[2])) throw new Error("branches of other sizes");
      shape = [shapes.reduce((sum, s) => sum + s[0], 0), from[1], from[2]];
    }
    if (!(size(shape) > 0 && size(shape) < 1 << 22)) throw new Error("a layer without a size");
    layers.push({ is, shape, sources, from, w, b, windows });
  }
  return layers;
}

/** The value that a value of a sum or of joined branches is, or is made of: in which layers, and where. @param {Layer[]} layers @param {number} at @param {number} index */
export function partsOf(layers, at, index) {
  const l = layers[at];
  if (l.is.kind === "sum") return l.sources.map((layer) => ({ layer, index }));
  let rest = index;
  for (const layer of l.sources) {
    const own = layer < 0 ? size(l.from) : size(layers[layer].shape);
    if (rest < own) return [{ layer, index: rest }];
    rest -= own;
  }
  return [];
}

/** The filter that made the map of a value, null where there is none, or several. @param {Layer[]} layers @param {number} at @param {number} index */
export function filterOf(layers, at, index) {
  let place = { layer: at, index };
  while (place.layer >= 0) {
    const l = layers[place.layer];
    if (l.shape.length !== 3 || l.is.kind === "sum") return null;
    const filter = Math.floor(place.index / (l.shape[1] * l.shape[2]));
    if (l.is.kind === "conv") return { layer: place.layer, filter };
    if (l.is.kind === "join") [place] = partsOf(layers, place.layer, place.index);
    else place = { layer: l.sources[0], index: filter * l.from[1] * l.from[2] };
  }
  return null;
}

/** Which factor of a scale belongs to a value. @param {Layer} l @param {number} i */
export const factorOf = (l, i) => (l.w.length === 1 ? 0 : l.w.length === size(l.from) ? i : Math.floor(i / (size(l.from) / l.from[0])));

/**
 * Calls f for each run of a window's row that lies over the image: positions in x, in the window, and how long.
 * @param {import("./windows.js").Windows} w @param {number} oh @param {number} ow
 * @param {(pixel: number, place: number, length: number) => void} f
 */
export function runs(w, oh, ow, f) {
  const left = ow * w.stride - w.pad;
  const low = Math.max(0, -left);
  const high = Math.min(w.broad, w.width - left);
  for (let y = 0; y < w.tall; y++) {
    const row = oh * w.stride - w.pad + y;
    if (row >= 0 && row < w.height && low < high) f(row * w.width + left + low, y * w.broad + low, high - low);
  }
}

/** @param {Layer} l @param {Float64Array} x @param {Set<number>} hidden filters that give zeros */
function convolve(l, x, hidden) {
  const w = /** @type {import("./windows.js").Windows} */ (l.windows);
  const [plane, taps] = [w.height * w.width, w.tall * w.broad];
  const y = new Float64Array(size(l.shape));
  for (let oh = 0; oh < w.down; oh++)
    for (let ow = 0; ow < w.across; ow++)
      for (let f = 0; f < l.shape[0]; f++) {
        if (hidden.has(f)) continue;
        let sum = l.b[f];
        runs(w, oh, ow, (pixel, place, length) => {
          for (let c = 0; c < w.channels; c++)
            for (let i = 0, p = c * plane + pixel, k = (f * w.channels + c) * taps + place; i < length; i++) sum += x[p + i] * l.w[k + i];
        });
        y[(f * w.down + oh) * w.across + ow] = sum;
      }
  return y;
}

/** The place of the winner of a pooling within its channel, -1 for a zero of the padding. @param {Layer} l @param {Float64Array} x @param {number} c @param {number} oh @param {number} ow */
export function winner(l, x, c, oh, ow) {
  const w = /** @type {import("./windows.js").Windows} */ (l.windows);
  let best = Number.NEGATIVE_INFINITY;
  let at = -1;
  for (let y = 0; y < w.tall; y++)
    for (let i = 0; i < w.broad; i++) {
      const [row, column] = [oh * w.stride + y - w.pad, ow * w.stride + i - w.pad];
      const inside = row >= 0 && row < w.height && column >= 0 && column < w.width;
      const value = inside ? x[(c * w.height + row) * w.width + column] : 0;
      if (value > best) {
        best = value;
        at = inside ? row * w.width + column : -1;
      }
    }
  return at;
}

/** @param {Layer} l @param {Float64Array} x @param {boolean} mean */
function pool(l, x, mean) {
  const w = /** @type {import("./windows.js").Windows} */ (l.windows);
  const plane = w.height * w.width;
  const y = new Float64Array(size(l.shape));
  let i = 0;
  for (let c = 0; c < w.channels; c++)
    for (let oh = 0; oh < w.down; oh++)
      for (let ow = 0; ow < w.across; ow++) {
        if (mean) {
          let sum = 0;
          runs(w, oh, ow, (pixel, _, length) => {
            for (let k = 0; k < length; k++) sum += x[c * plane + pixel + k];
          });
          y[i++] = sum / (w.tall * w.broad);
        } else {
          const at = winner(l, x, c, oh, ow);
          y[i++] = at < 0 ? 0 : x[c * plane + at];
        }
      }
  return y;
}

/** @param {Layer} l @param {Float64Array} x */
function affine(l, x) {
  const y = Float64Array.from(l.b);
  const n = y.length;
  for (let i = 0; i < x.length; i++) {
    const v = x[i];
    if (v !== 0) for (let j = 0, k = i * n; j < n; j++) y[j] += v * l.w[k + j];
  }
  return y;
}

/**
 * What each layer gives for an image.
 * @param {Layer[]} layers @param {Float64Array} image @param {Map<number, Set<number>>} hidden by layer
 */
export function forward(layers, image, hidden) {
  const none = new Set();
  /** @type {Float64Array[]} */
  const outputs = [];
  for (const [i, l] of layers.entries()) {
    const all = l.sources.map((k) => (k < 0 ? image : outputs[k]));
    const before = all[0];
    /** @type {Float64Array} */
    let x;
    if (l.is.kind === "conv") x = convolve(l, before, hidden.get(i) ?? none);
    else if (l.is.kind === "pool" || l.is.kind === "average") x = pool(l, before, l.is.kind === "average");
    else if (l.is.kind === "affine") x = affine(l, before);
    else if (l.is.kind === "scale") x = before.map((v, k) => v * l.w[factorOf(l, k)] + l.b[factorOf(l, k)]);
    else if (l.is.kind === "sigmoid") x = before.map((v) => 1 / (1 + Math.exp(-v)));
    else if (l.is.kind === "sum") x = before.map((_, k) => all.reduce((sum, v) => sum + v[k], 0));
    else if (l.is.kind === "join") x = Float64Array.from(all.flatMap((v) => [...v]));
    else x = before.map((v) => Math.max(v, 0));
    outputs.push(x);
  }
  return outputs;
}

/**
 * The gradient of the score of a class with respect to the image.
 * @param {Layer[]} layers @param {Float64Array} image @param {Float64Array[]} outputs @param {number} target @param {Map<number, Set<number>>} hidden
 */
export function saliency(layers, image, outputs, target, hidden) {
  /** What has come back to the image and to each layer. @type {Map<number, Float64Array>} */
  const back = new Map([[layers.length - 1, new Float64Array(outputs[outputs.length - 1].length)]]);
  /** @type {Float64Array} */ (back.get(layers.length - 1))[target] = 1;
  for (let i = layers.length - 1; i >= 0; i--) {
    const l = layers[i];
    const d = back.get(i);
    let start = 0;
    for (const source of d ? l.sources : []) {
      const x = source < 0 ? image : outputs[source];
      const dx = through(l, x, outputs[i], /** @type {Float64Array} */ (d), start, hidden.get(i));
      const sum = back.get(source);
      if (sum) for (let k = 0; k < sum.length; k++) sum[k] += dx[k];
      else back.set(source, dx);
      start += x.length;
    }
  }
  return back.get(-1) ?? new Float64Array(image.length);
}

/**
 * What of the gradient d comes back through a layer to one that it reads.
 * @param {Layer} l @param {Float64Array} x what it reads there @param {Float64Array} y @param {Float64Array} d
 * @param {number} start where x begins in what is joined @param {Set<number>} [hidden]
 */
function through(l, x, y, d, start, hidden) {
  if (l.is.kind === "sum") return d.slice();
  if (l.is.kind === "join") return d.slice(start, start + x.length);
  if (l.is.kind === "relu") return d.map((v, k) => (x[k] > 0 ? v : 0));
  if (l.is.kind === "sigmoid") return d.map((v, k) => v * y[k] * (1 - y[k]));
  if (l.is.kind === "scale") return d.map((v, k) => v * l.w[factorOf(l, k)]);
  if (l.is.kind !== "affine") return throughWindows(l, x, d, hidden);
  const dx = new Float64Array(x.length);
  const n = d.length;
  for (let k = 0; k < dx.length; k++) for (let j = 0; j < n; j++) dx[k] += d[j] * l.w[k * n + j];
  return dx;
}

/** @param {Layer} l @param {Float64Array} x @param {Float64Array} d @param {Set<number>} [hidden] */
function throughWindows(l, x, d, hidden) {
  const w = /** @type {import("./windows.js").Windows} */ (l.windows);
  const dx = new Float64Array(x.length);
  const [plane, taps] = [w.height * w.width, w.tall * w.broad];
  for (let f = 0; f < l.shape[0]; f++)
    for (let oh = 0; oh < w.down; oh++)
      for (let ow = 0; ow < w.across; ow++) {
        const g = d[(f * w.down + oh) * w.across + ow];
        if (g === 0 || (l.is.kind === "conv" && hidden?.has(f))) continue;
        if (l.is.kind === "pool") {
          const at = winner(l, x, f, oh, ow);
          if (at >= 0) dx[f * plane + at] += g;
          continue;
        }
        runs(w, oh, ow, (pixel, place, length) => {
          if (l.is.kind === "average") for (let k = 0; k < length; k++) dx[f * plane + pixel + k] += g / taps;
          else
            for (let c = 0; c < w.channels; c++)
              for (let k = 0; k < length; k++) dx[c * plane + pixel + k] += g * l.w[(f * w.channels + c) * taps + place + k];
        });
      }
  return dx;
}

/** @param {Float64Array} scores */
export function softmax(scores) {
  const most = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const powers = scores.map((v) => Math.exp(v - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((v) => v / sum);
}

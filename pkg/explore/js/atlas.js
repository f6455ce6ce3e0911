import { make, spanOf } from "./parts.js";

/**
 * How the maps of a layer lie beside each other in one drawing, fewer in a row on a small screen.
 * @param {MediaQueryList} small
 */
export function atlases(small) {
  /** How maps lie beside each other. @param {number[]} shape */
  const laid = (shape) => {
    const [n, tall, broad] = shape.length === 3 ? shape : [1, 1, shape[0]];
    const row = small.matches ? 150 : 240;
    if (shape.length !== 3) return { n, tall, broad, across: 1, columns: Math.min(broad, small.matches ? 20 : 50) };
    const across = Math.max(1, Math.min(n, Math.floor(row / broad)));
    return { n, tall, broad, across, columns: across * broad };
  };

  /** Values of maps as they are drawn, and where none are. @param {Float64Array} values @param {number[]} shape */
  const atlas = (values, shape) => {
    const { n, tall, broad, across, columns } = laid(shape);
    const down = shape.length === 3 ? Math.ceil(n / across) * tall : Math.ceil(broad / columns);
    const drawn = new Float64Array(down * columns);
    const none = new Uint8Array(drawn.length).fill(1);
    for (let i = 0; i < values.length; i++) {
      const to = shape.length === 3 ? placeOf(shape, i) : { row: Math.floor(i / columns), column: i % columns };
      drawn[to.row * columns + to.column] = values[i];
      none[to.row * columns + to.column] = 0;
    }
    return { drawn, columns, clear: (/** @type {number} */ i) => none[i] === 1 };
  };

  /** @param {number[]} shape @param {number} i */
  function placeOf(shape, i) {
    const { tall, broad, across, columns } = laid(shape);
    if (shape.length !== 3) return { row: Math.floor(i / columns), column: i % columns };
    const m = Math.floor(i / (tall * broad));
    const [y, x] = [Math.floor((i % (tall * broad)) / broad), i % broad];
    return { row: Math.floor(m / across) * tall + y, column: (m % across) * broad + x };
  }

  /** The value at a place of a drawing, -1 for none. @param {number[]} shape @param {number} row @param {number} column */
  function indexAt(shape, row, column) {
    const { n, tall, broad, across, columns } = laid(shape);
    if (shape.length !== 3) return row * columns + column < broad ? row * columns + column : -1;
    const m = Math.floor(row / tall) * across + Math.floor(column / broad);
    return m < n ? (m * tall + (row % tall)) * broad + (column % broad) : -1;
  }

  /** @param {number[]} shape @param {number} i what a place is called */
  const named = (shape, i) => {
    if (shape.length !== 3) return [`neuron ${i}`, `뉴런 ${i}`];
    const plane = shape[1] * shape[2];
    const place = `(${Math.floor((i % plane) / shape[2])}, ${i % shape[2]})`;
    return [`map ${Math.floor(i / plane)} at ${place}`, `맵 ${Math.floor(i / plane)}의 ${place}`];
  };

  const pixelOf = (/** @type {number[]} */ shape) =>
    shape.length === 3 ? Math.max(2, Math.min(8, Math.floor((small.matches ? 300 : 720) / laid(shape).columns))) : 14;

  return { atlas, placeOf, indexAt, named, pixelOf };
}

/**
 * A small picture of an image, in grey or, of three channels, in colours.
 * @param {Float32Array} image
 * @param {[number, number, number]} shape
 * @param {[number, number]} span the values that are black and white
 */
export function thumb(image, [channels, height, width], [low, high]) {
  const canvas = make("canvas", { class: "thumb", width: `${width}`, height: `${height}` });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const data = context.createImageData(width, height);
  const plane = height * width;
  for (let i = 0; i < plane; i++) {
    const [r, g, b] = [0, 1, 2].map((c) => (255 * (image[(channels > 2 ? c : 0) * plane + i] - low)) / (high - low));
    data.data.set([r, g, b, 255], 4 * i);
  }
  context.putImageData(data, 0, 0);
  return canvas;
}

/** What has no values below zero is dark and light, the others blue and orange. @param {Float64Array} values */
export const shades = (values) => {
  const diverging = values.some((v) => v < 0);
  return { diverging, span: spanOf(values, diverging) };
};

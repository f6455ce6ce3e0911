import { shape, short } from "./parts.js";

/** @typedef {{ kind: string, xs: ArrayLike<number>, ys: ArrayLike<number> }} Curve kind is how it is drawn: train, test or before */
/** @typedef {{ first: number, last: number, low: number, top: number, curves: Curve[] }} Plotted */

const [left, right, above, under] = [40, 10, 10, 24]; // of the axes, in the units of the drawing

/**
 * Curves over steps or epochs.
 * @param {import("./page.js").Stage} stage
 * @param {{ english: string, korean: string, wide?: number, high?: number, picked?: (x: number) => void }} options picked is told the place under the pointer
 */
export function plot(stage, { english, korean, wide = 320, high = 160, picked }) {
  const element = /** @type {SVGElement} */ (
    shape("svg", { viewBox: `0 0 ${wide} ${high}`, width: wide, height: high, class: "plot", role: "img" })
  );
  stage.name(element, english, korean);
  const axes = shape("g", {});
  const lines = shape("g", {});
  const now = shape("path", { class: "now" });
  element.append(axes, lines, now);
  /** @type {Plotted} */
  let drawn = { first: 0, last: 1, low: 0, top: 1, curves: [] };
  const xOf = (/** @type {number} */ x) => left + ((wide - left - right) * (x - drawn.first)) / Math.max(1e-9, drawn.last - drawn.first);
  const yOf = (/** @type {number} */ y) => above + (high - above - under) * (1 - (y - drawn.low) / (drawn.top - drawn.low));
  if (picked) {
    /** @param {PointerEvent} event */
    const point = (event) => {
      const box = element.getBoundingClientRect();
      const x = ((event.clientX - box.left) * wide) / box.width;
      picked(drawn.first + ((x - left) * (drawn.last - drawn.first)) / (wide - left - right));
    };
    element.addEventListener("pointerdown", point);
    element.addEventListener("pointermove", point);
  }

  /** @param {number} x @param {number} y @param {string} anchor @param {number} value */
  function label(x, y, anchor, value) {
    const text = shape("text", { x, y, "text-anchor": anchor });
    text.textContent = short(value);
    axes.append(text);
  }

  /** A line that goes on where values are numbers. @param {Curve} curve */
  function line({ kind, xs, ys }) {
    let d = "";
    let going = false;
    for (let i = 0; i < xs.length; i++) {
      const inside = Number.isFinite(ys[i]);
      if (inside) d += `${going ? "L" : "M"}${xOf(xs[i]).toFixed(1)} ${yOf(Math.min(ys[i], drawn.top)).toFixed(1)}`;
      going = inside;
    }
    lines.append(shape("path", { class: kind, d }));
  }

  return {
    element,
    /** @param {Plotted} next */
    draw(next) {
      drawn = next;
      axes.replaceChildren();
      lines.replaceChildren();
      for (const value of [drawn.low, (drawn.low + drawn.top) / 2, drawn.top]) {
        axes.append(shape("path", { d: `M${left} ${yOf(value)}H${wide - right}`, class: "rule" }));
        label(left - 4, yOf(value) + 4, "end", value);
      }
      for (const x of new Set([drawn.first, drawn.last]))
        label(xOf(x), high - 6, x === drawn.last && x > drawn.first ? "end" : "middle", x);
      drawn.curves.forEach(line);
    },
    /** A line that stands at a place. @param {number} x */
    mark: (x) => now.setAttribute("d", `M${xOf(x)} 6V${high - under}`),
  };
}

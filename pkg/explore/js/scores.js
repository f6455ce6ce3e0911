import { compact, make, say } from "./parts.js";

const percent = (/** @type {number} */ v) => `${(100 * v).toFixed(1)} %`;

/**
 * A bar for each class: what the network thinks of an image.
 * @param {Float64Array} scores
 * @param {Float64Array} p what softmax makes of them
 * @param {Float64Array | null} before what it made with all filters, where some are hidden
 * @param {(i: number) => [string, string]} className
 */
export function scoreBars(scores, p, before, className) {
  const first = p.indexOf(Math.max(...p));
  return [...p].flatMap((v, i) => {
    const length = make("div");
    length.style.width = `${100 * v}%`;
    const was = before ? [" ", make("span", { class: "note" }, `← ${percent(before[i])}`)] : [];
    return [
      make("span", i === first ? { class: "first" } : {}, say(...className(i))),
      make("div", { class: "bar", "aria-hidden": "true" }, length),
      make("span", {}, `${percent(v)} (${compact(scores[i])})`, ...was),
    ];
  });
}

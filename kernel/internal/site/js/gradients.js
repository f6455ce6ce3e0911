import { make, say, shape } from "./parts.js";

const bins = 25; // of a histogram, odd: one is around zero

/** How many of the values lie in each bin, from the largest below zero to the largest above. @param {Float32Array} values @param {number} largest */
function histogram(values, largest) {
  const counts = new Array(bins).fill(0);
  for (const v of values) counts[Math.min(bins - 1, Math.floor((v / largest / 2 + 0.5) * bins))]++;
  return counts;
}

/** @param {number[]} counts */
function drawnHistogram(counts) {
  const [wide, high] = [4, 28];
  const drawing = shape("svg", {
    viewBox: `0 0 ${bins * wide} ${high}`,
    width: bins * wide,
    height: high,
    class: "histogram",
    "aria-hidden": "true",
  });
  const most = Math.log1p(Math.max(...counts));
  counts.forEach((n, i) => {
    const tall = most > 0 ? (high * Math.log1p(n)) / most : 0;
    drawing.append(shape("rect", { x: i * wide, y: high - tall, width: wide - 1, height: tall }));
  });
  return drawing;
}

/** The sizes of gradients, layer by layer, on a logarithmic scale. */
export function gradientBars() {
  const bars = make("div", { class: "bars gradients" });
  const element = make(
    "div",
    {},
    make(
      "p",
      { class: "note" },
      say(
        "the mean size of the gradient for one weight, each bar from 0.000001 to 1; how its values lie around 0",
        "가중치 하나에 대한 기울기의 평균 크기, 막대는 0.000001에서 1까지; 값이 0 주위에 퍼진 모양",
      ),
    ),
    bars,
  );
  return {
    element,
    /** @param {import("./messages.js").Gradient[]} parameters */
    draw(parameters) {
      bars.replaceChildren();
      for (const { name, shape, values, norm, largest } of parameters) {
        const mean = norm / Math.sqrt(values.length);
        const length = make("div");
        length.style.width = `${mean > 0 ? Math.max(0, Math.min(100, (100 * (Math.log10(mean) + 6)) / 6)) : 0}%`;
        bars.append(
          make("span", {}, `${name} ${shape.join("x")}`),
          make("div", { class: "bar", "aria-hidden": "true" }, length),
          make("span", {}, Number.isFinite(mean) ? mean.toExponential(1).replaceAll("-", "−") : "NaN"),
          largest > 0 && Number.isFinite(largest) ? drawnHistogram(histogram(values, largest)) : make("span", {}, "–"),
        );
      }
    },
  };
}

import { atlases } from "./atlas.js";
import { grid, short, spanOf } from "./parts.js";

/**
 * The filters of the first convolution.
 * @param {import("./page.js").Stage} stage
 */
export function filterSheet(stage) {
  const small = matchMedia("(max-width: 640px)");
  const { atlas } = atlases(small);
  const sheet = grid(stage, { english: "filters", korean: "필터", signed: true });
  return {
    element: sheet.element,
    /** @param {import("./messages.js").Values[]} parameters of which the first of four axes is (FN, C, FH, FW) */
    draw(parameters) {
      const first = parameters.find(({ shape }) => shape.length === 4);
      sheet.element.hidden = !first;
      if (!first) return;
      const {
        shape: [count, channels, tall, broad],
        values,
      } = first;
      const span = spanOf(values, true);
      // No more in a row than a page is wide.
      const shape = [count * channels, tall, broad];
      const { drawn, columns, clear } = atlas(Float64Array.from(values), shape);
      const pixel = Math.max(2, Math.min(10, Math.floor((small.matches ? 330 : 560) / columns)));
      sheet.draw(drawn, columns, { span, blocks: [tall, broad], clear, pixel });
      sheet.entitle(
        `filters of the first convolution, −${short(span[1])} blue to ${short(span[1])} orange`,
        `첫 합성곱의 필터, −${short(span[1])} 파랑 ~ ${short(span[1])} 주황`,
      );
    },
  };
}

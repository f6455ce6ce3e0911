import { grid, make, say, short, spanOf } from "./parts.js";

/**
 * How filters of a size lie beside each other with a gap, in as many rows as it takes to see their numbers.
 * @param {number} count @param {number} broad @param {number} room pixels of the page
 */
function laidOut(count, broad, room) {
  for (let rows = 1; ; rows++) {
    const across = Math.ceil(count / rows);
    const pixel = Math.floor(room / (across * (broad + 1)));
    if (pixel >= 7 || across === 1) return { across, pixel: Math.max(2, Math.min(14, pixel)) };
  }
}

/**
 * The filters of the first convolution.
 * @param {import("./page.js").Stage} stage
 */
export function filterSheet(stage) {
  const small = matchMedia("(max-width: 640px)");
  const sheet = grid(stage, { english: "filters", korean: "필터", signed: true });
  const none = make("p", { class: "note" }, say("This network has no convolution.", "이 신경망에는 합성곱 층이 없습니다."));
  none.hidden = true;
  return {
    element: make("div", {}, sheet.element, none),
    /** @param {import("./messages.js").Values[]} parameters of which the first of four axes is (FN, C, FH, FW) */
    draw(parameters) {
      const first = parameters.find(({ shape }) => shape.length === 4);
      sheet.element.hidden = !first;
      none.hidden = !!first;
      if (!first) return;
      const {
        shape: [filters, channels, tall, broad],
        values,
      } = first;
      const count = filters * channels;
      const { across, pixel } = laidOut(count, broad, small.matches ? 330 : 390);
      const columns = across * (broad + 1) - 1;
      const rows = Math.ceil(count / across) * (tall + 1) - 1;
      const drawn = new Float64Array(rows * columns);
      const clear = new Uint8Array(drawn.length).fill(1);
      for (const [i, v] of values.entries()) {
        const map = Math.floor(i / (tall * broad));
        const y = Math.floor(map / across) * (tall + 1) + (Math.floor(i / broad) % tall);
        const at = y * columns + (map % across) * (broad + 1) + (i % broad);
        drawn[at] = v;
        clear[at] = 0;
      }
      const span = spanOf(values, true);
      const most = short(Number(span[1].toPrecision(2)));
      sheet.draw(drawn, columns, { span, clear: (i) => clear[i] === 1, pixel });
      sheet.mark(
        Array.from({ length: count }, (_, i) => ({
          row: Math.floor(i / across) * (tall + 1),
          column: (i % across) * (broad + 1),
          height: tall,
          width: broad,
          kind: "edge",
        })),
      );
      sheet.entitle(`filters of the first convolution, −${most} blue to ${most} orange`, `첫 합성곱의 필터, −${most} 파랑 ~ ${most} 주황`);
    },
  };
}

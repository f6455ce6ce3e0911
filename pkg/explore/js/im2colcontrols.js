/** The sliders, choices and buttons of the figure of im2col. */

import { button, choice, make, slider } from "./parts.js";

/**
 * What happens when a control is used.
 * @typedef {object} Turns
 * @property {(view: number) => void} view im2col, col2im, slice or six axes
 * @property {(pixel: boolean) => void} pick a pixel or a window
 * @property {(ones: boolean) => void} send ones or the rows of im2col
 * @property {(to: { size?: number, stride?: number, pad?: number }) => void} set
 * @property {(size: number) => void} filter
 * @property {(number: number) => void} window
 * @property {(place: { y?: number, x?: number }) => void} place in the window
 * @property {(by: number) => void} step
 */

/**
 * @param {import("./page.js").Stage} stage
 * @param {{ height: number, width: number, tall: number, broad: number, stride: number, pad: number }} first what they stand at
 * @param {(size: number) => string} filterText
 * @param {Turns} turns
 */
export function im2colControls(stage, first, filterText, turns) {
  const largest = Math.max(first.height, first.width);
  const views = choice(
    stage,
    "what is shown",
    "보기",
    [
      { english: "im2col", korean: "펼치기" },
      { english: "col2im", korean: "되돌리기" },
      { english: "the class's slice", korean: "수업의 슬라이스" },
      { english: "six axes", korean: "여섯 축" },
    ],
    turns.view,
  );
  const points = choice(
    stage,
    "the pointer picks",
    "포인터가 고르는 것",
    [
      { english: "a window", korean: "윈도 하나" },
      { english: "a pixel and all its windows", korean: "픽셀과 그 윈도 전부" },
    ],
    (i) => turns.pick(i === 1),
  );
  const sent = choice(
    stage,
    "what col2im sends back",
    "되돌려 보낼 행렬",
    [
      { english: "ones: count the windows", korean: "모두 1: 윈도 수 세기" },
      { english: "the rows of im2col", korean: "im2col의 행" },
    ],
    (i) => turns.send(i === 0),
  );
  const sizes = slider(stage, {
    english: "image",
    korean: "이미지",
    low: Math.min(2, largest),
    high: largest,
    value: largest,
    text: (v) => `${Math.min(v, first.height)}x${Math.min(v, first.width)}`,
    turned: (v) => turns.set({ size: v }),
  });
  const filters = slider(stage, {
    english: "window",
    korean: "윈도",
    low: 1,
    high: Math.min(7, largest),
    value: Math.max(first.tall, first.broad),
    text: filterText,
    turned: turns.filter,
  });
  const strides = slider(stage, {
    english: "stride",
    korean: "스트라이드",
    low: 1,
    high: Math.max(4, first.stride),
    value: first.stride,
    turned: (v) => turns.set({ stride: v }),
  });
  const pads = slider(stage, {
    english: "pad",
    korean: "패딩",
    low: 0,
    high: Math.max(3, first.pad),
    value: first.pad,
    turned: (v) => turns.set({ pad: v }),
  });
  const one = { low: 0, high: 0, value: 0 };
  const which = slider(stage, { english: "window number", korean: "윈도 번호", ...one, turned: turns.window });
  const ys = slider(stage, { english: "y in the window", korean: "윈도 안의 y", ...one, turned: (y) => turns.place({ y }) });
  const xs = slider(stage, { english: "x in the window", korean: "윈도 안의 x", ...one, turned: (x) => turns.place({ x }) });
  const back = button("◀ step back", "◀ 이전 단계", () => turns.step(-1));
  const on = button("next step ▶", "다음 단계 ▶", () => turns.step(1));

  const row = (/** @type {Node[]} */ ...parts) => make("div", { class: "controls" }, ...parts);
  const pointing = row(points.element);
  const sending = row(sent.element);
  const slicing = row(ys.element, xs.element);
  const stepping = row(back, on);
  return {
    above: [row(views.element), row(sizes.element, filters.element, strides.element, pads.element), pointing, sending, slicing, stepping],
    byNumber: row(which.element),
    points,
    filters,
    strides,
    which,
    ys,
    xs,
    /** Shows what belongs to a view. @param {number} view @param {number} step */
    show(view, step) {
      pointing.hidden = view !== 0;
      sending.hidden = view !== 1;
      slicing.hidden = view !== 2;
      stepping.hidden = view !== 3;
      back.disabled = step === 0;
      on.disabled = step === 2;
    },
  };
}

import { make, say } from "./parts.js";
import { plot } from "./plot.js";

/** The course of a training. @typedef {{ losses: number[], steps: number[], train: number[], test: number[] }} Course losses from step 1 on; accuracies of the steps that they were measured at */

/** @returns {Course} */
export const noCourse = () => ({ losses: [], steps: [], train: [], test: [] });

const points = 200; // of a curve

/** The mean of steps that follow each other, so many that a curve has few points. @param {number[]} losses */
function thinned(losses) {
  const together = Math.max(1, Math.ceil(losses.length / points));
  /** @type {{ xs: number[], ys: number[] }} */
  const curve = { xs: [], ys: [] };
  for (let i = 0; i < losses.length; i += together) {
    const some = losses.slice(i, i + together);
    curve.xs.push(i + (some.length + 1) / 2);
    curve.ys.push(some.reduce((a, b) => a + b, 0) / some.length);
  }
  return curve;
}

/** A single value as a short line, which is seen where a point is not. @template {{ xs: number[], ys: number[] }} C @param {C} curve @param {number} last @returns {C} */
const seen = (curve, last) => {
  const [x] = curve.xs;
  return curve.xs.length === 1 ? { ...curve, xs: [Math.max(0, x - last / 50), x + last / 50], ys: [curve.ys[0], curve.ys[0]] } : curve;
};

/**
 * Loss and accuracy of a training, and behind them those of the one before.
 * @param {import("./page.js").Stage} stage
 */
export function charts(stage) {
  const loss = plot(stage, { english: "loss of each step", korean: "갱신마다의 손실", wide: 360, high: 180 });
  const accuracy = plot(stage, { english: "accuracy of each measurement", korean: "측정마다의 정확도", wide: 360, high: 180 });
  const behind = make("span", { class: "before" }, say("— the training before", "— 이전 학습"));
  const element = make(
    "div",
    { class: "charts" },
    make("figure", {}, make("figcaption", {}, say("loss", "손실")), loss.element),
    make("figure", {}, make("figcaption", {}, say("accuracy", "정확도")), accuracy.element),
    make(
      "p",
      { class: "note legend" },
      make("span", { class: "train" }, say("— training images", "— 훈련 이미지")),
      make("span", { class: "test" }, say("- - test images", "- - 시험 이미지")),
      behind,
    ),
  );
  return {
    element,
    /** @param {Course} course @param {Course | null} before */
    draw(course, before) {
      behind.hidden = !before;
      const last = Math.max(10, course.losses.length, before?.losses.length ?? 0);
      const curve = thinned(course.losses);
      const old = thinned(before?.losses ?? []);
      const most = Math.max(...[...curve.ys, ...old.ys].filter(Number.isFinite), 0.1);
      loss.draw({
        first: 0,
        last,
        low: 0,
        top: [0.5, 1, 2.5, 5, 10, 20].find((n) => n >= most) ?? most,
        curves: [
          { kind: "before", ...seen(old, last) },
          { kind: "train", ...seen(curve, last) },
        ],
      });
      accuracy.draw({
        first: 0,
        last,
        low: 0,
        top: 1,
        curves: [
          { kind: "before", ...seen({ xs: before?.steps ?? [], ys: before?.test ?? [] }, last) },
          { kind: "train", ...seen({ xs: course.steps, ys: course.train }, last) },
          { kind: "test", ...seen({ xs: course.steps, ys: course.test }, last) },
        ],
      });
    },
  };
}

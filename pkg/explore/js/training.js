import { kinds } from "./page.js";
import { classNamed, grid, headed, make, reading, say, short, slider, spanOf, within } from "./parts.js";
import { plot } from "./plot.js";

/** A training run: filters, accuracy and confusion at each epoch. */
kinds.set("training", (stage, { head, floats }) => {
  /** @type {number[]} */
  const measured = head.epochs; // of the accuracies
  /** @type {number[]} */
  const taken = head.snapshots; // the epochs of the snapshots
  const [count, channels, tall, broad] = head.filters;
  const classes = head.classes;
  const weights = count * channels * tall * broad;
  const [points, shots] = [measured.length, taken.length];
  if (2 * points + shots * (weights + classes * classes) !== floats.length || shots < 1) throw new Error("another size than its epochs");
  const train = floats.subarray(0, points);
  const test = floats.subarray(points, 2 * points);
  const filters = floats.subarray(2 * points, 2 * points + shots * weights);
  const confusion = floats.subarray(2 * points + shots * weights);
  const most = confusion.reduce((a, b) => Math.max(a, b), 1);
  let n = shots - 1;
  /** A cell of the confusion matrix that is pointed at. @type {{ row: number, column: number } | null} */
  let at = null;
  const className = (/** @type {number} */ i) => classNamed(head.names, i);

  const text = reading();
  const last = Math.max(1, ...measured, ...taken);
  const first = Math.min(...measured, ...taken);
  const curves = plot(stage, {
    english: "accuracy of each epoch",
    korean: "에폭별 정확도",
    picked: (epoch) => {
      const nearest = taken.reduce((best, e, i) => (Math.abs(e - epoch) < Math.abs(taken[best] - epoch) ? i : best), 0);
      if (nearest !== n) go(nearest);
    },
  });
  curves.draw({
    first,
    last,
    low: Math.max(0, Math.floor(10 * Math.min(...train, ...test)) / 10),
    top: 1,
    curves: [
      { kind: "train", xs: measured, ys: train },
      { kind: "test", xs: measured, ys: test },
    ],
  });

  const across = Math.max(1, Math.min(count * channels, Math.floor(60 / broad)));
  const maps = grid(stage, { english: "filters", korean: "필터", signed: true });
  const matrix = grid(stage, {
    english: "confusion",
    korean: "혼동 행렬",
    pointed: (row, column) => {
      at = { row, column };
      draw();
    },
  });
  const epochs = slider(stage, {
    english: "epoch",
    korean: "에폭",
    low: 0,
    high: shots - 1,
    value: n,
    text: (i) => String(taken[i]),
    turned: (i) => go(i),
  });
  /** @param {number} to */
  function go(to) {
    n = within(to, 0, shots - 1);
    epochs.set(n);
    draw();
  }

  const legend = make(
    "p",
    { class: "note" },
    make("span", { class: "train" }, say("— training", "— 훈련")),
    "   ",
    make("span", { class: "test" }, say("- - test", "- - 시험")),
  );
  const curve = make("div", {}, make("div", { class: "title" }, say("accuracy of each epoch", "에폭별 정확도")), curves.element, legend);
  stage.body.append(
    make("div", { class: "controls" }, epochs.element),
    text.element,
    make("div", { class: "row" }, curve, maps.element, matrix.element),
  );
  if (!classes) matrix.element.hidden = true;
  if (!weights) maps.element.hidden = true;
  stage.tell({
    values: () => ({
      epoch: taken[n],
      filters: [...filters.subarray(n * weights, (n + 1) * weights)],
      confusion: [...confusion.subarray(n * classes * classes, (n + 1) * classes * classes)],
      train: [...train],
      test: [...test],
    }),
  });

  function draw() {
    const epoch = taken[n];
    const own = filters.subarray(n * weights, (n + 1) * weights);
    const down = Math.ceil((count * channels) / across);
    const drawn = new Float64Array(down * tall * across * broad);
    const none = new Uint8Array(drawn.length).fill(1);
    own.forEach((v, i) => {
      const [m, y, x] = [Math.floor(i / (tall * broad)), Math.floor((i % (tall * broad)) / broad), i % broad];
      const place = (Math.floor(m / across) * tall + y) * across * broad + (m % across) * broad + x;
      drawn[place] = v;
      none[place] = 0;
    });
    if (weights) {
      const span = spanOf(own, true);
      maps.draw(drawn, across * broad, { span, blocks: [tall, broad], pixel: 5, clear: (i) => none[i] === 1 });
      maps.entitle(
        `filters, −${short(span[1])} blue to ${short(span[1])} orange`,
        `필터, −${short(span[1])} 파랑 ~ ${short(span[1])} 주황`,
      );
    }
    const counts = confusion.subarray(n * classes * classes, (n + 1) * classes * classes);
    if (classes) {
      matrix.draw(counts, classes, { span: [0, most], numbered: classes <= 12 });
      matrix.mark(at ? [{ ...at, kind: "b" }] : []);
      matrix.entitle("confusion: rows are the true classes, columns the answers", "혼동 행렬: 행은 정답, 열은 신경망의 답");
    }
    curves.mark(epoch);
    const i = measured.indexOf(epoch);
    const right = Array.from({ length: classes }, (_, k) => counts[k * classes + k]).reduce((a, b) => a + b, 0);
    const all = counts.reduce((a, b) => a + b, 0);
    const english = [`Epoch ${epoch}.`];
    const korean = [`${epoch}에폭.`];
    if (i >= 0) {
      english.push(`Accuracy on training images ${short(train[i])}, on test images ${short(test[i])}.`);
      korean.push(`훈련 정확도 ${short(train[i])}, 시험 정확도 ${short(test[i])}.`);
    }
    if (classes && at) {
      const taken = counts[at.row * classes + at.column];
      english.push(`Of class ${className(at.row)[0]}, ${taken} were taken for ${className(at.column)[0]}.`);
      korean.push(`정답이 ${className(at.row)[1]}인 이미지 중 ${taken}장을 ${className(at.column)[1]}(으)로 답했습니다.`);
    } else if (classes) {
      english.push(`${right} of ${all} are on the diagonal.`);
      korean.push(`${all}장 중 ${right}장이 대각선에 있습니다.`);
    }
    text.write(english.join(" "), korean.join(" "));
  }

  headed(stage, head);
  draw();
});

import { field, plain } from "./fields.js";
import { make, say } from "./parts.js";
import { counted } from "./words.js";

/** @typedef {import("./messages.js").Settings} Settings */
/** @typedef {import("./messages.js").Kind} Kind */

// What stands in a list to choose from is of no language.

/** @type {[number | "he" | "xavier", string][]} */
const scales = [
  ["he", "He"],
  ["xavier", "Xavier"],
  [0.01, "σ = 0.01"],
  [0.1, "σ = 0.1"],
  [1, "σ = 1"],
];

/** @type {[import("./messages.js").Activation, string][]} */
const activations = [
  ["relu", "Relu"],
  ["sigmoid", "Sigmoid"],
];

/** @type {[import("./messages.js").Optimizer, string][]} */
const optimizers = [
  ["sgd", "SGD"],
  ["momentum", "Momentum"],
  ["nesterov", "Nesterov"],
  ["adagrad", "AdaGrad"],
  ["rmsprop", "RMSprop"],
  ["adam", "Adam"],
];

/** The value that stands for none. @param {number} value @returns {import("./fields.js").Option<number>} */
const none = (value) => ({ value, name: "–" });

/**
 * The settings of the network and of its training.
 * @param {import("./page.js").Stage} stage
 * @param {() => void} changed
 */
export function controls(stage, changed) {
  /** @type {Kind[]} */
  let kinds = [];
  /** @param {string} english @param {string} korean @param {number[]} values */
  const numbers = (english, korean, values) => field(stage, { english, korean, options: values.map(plain), chosen: changed });
  const kind = field(stage, {
    english: "images",
    korean: "이미지",
    options: [plain(/** @type {string} */ ("mnist"))],
    chosen: () => {
      offer();
      changed();
    },
  });
  const train = field(stage, {
    english: "training images",
    korean: "훈련 이미지 수",
    options: [plain(/** @type {number} */ (100))],
    chosen: changed,
  });
  const filters = [1, 2, 3].map((n) =>
    field(stage, {
      english: `filters of Conv${n}`,
      korean: `Conv${n} 필터 수`,
      options: [...(n > 1 ? [none(0)] : []), ...[1, 2, 4, 8, 16, 32].map(plain)],
      chosen: changed,
    }),
  );
  const fields = {
    size: numbers("size of filters", "필터 크기", [1, 3, 5, 7, 9]),
    pad: numbers("padding", "패딩", [0, 1, 2]),
    pool: field(stage, { english: "pooling", korean: "풀링", options: [none(1), ...[2, 3, 4].map(plain)], chosen: changed }),
    hidden: numbers("hidden neurons", "은닉 뉴런", [10, 20, 50, 100, 200]),
    dropout: field(stage, {
      english: "dropout",
      korean: "드롭아웃",
      options: [none(0), ...[0.2, 0.4, 0.5, 0.6, 0.8].map(plain)],
      chosen: changed,
    }),
    rate: numbers("learning rate", "학습률", [0.0001, 0.0003, 0.001, 0.002, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10]),
    batch: numbers("batch size", "배치 크기", [1, 5, 10, 20, 25, 50, 100]),
    seed: numbers("seed", "시드", [0, 1, 2, 3, 4]),
  };
  /** @template {string | number} V @param {string} english @param {string} korean @param {[V, string][]} options */
  const named = (english, korean, options) =>
    field(stage, { english, korean, options: options.map(([value, name]) => ({ value, name })), chosen: changed });
  const activation = named("activation", "활성화 함수", activations);
  const std = named("initial weights", "가중치의 초깃값", scales);
  const optimizer = named("optimizer", "최적화 기법", optimizers);

  /** Offers as many images as there are. */
  function offer() {
    const most = kinds.find((k) => k.kind === kind.get())?.train ?? 100;
    const before = train.get();
    const sizes = [50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 60000].filter((n) => n < most);
    train.offer([...sizes, most].map((n) => ({ value: n, name: counted(n) })));
    train.set(sizes.includes(before) ? before : Math.min(most, 1000));
  }

  const groups = [
    { title: ["data", "데이터"], of: [kind, train] },
    {
      title: ["network", "신경망"],
      of: [...filters, fields.size, fields.pad, fields.pool, fields.hidden, activation, fields.dropout, std],
    },
    { title: ["training", "학습"], of: [optimizer, fields.rate, fields.batch, fields.seed] },
  ].map(({ title, of }) =>
    make("fieldset", {}, make("legend", {}, say(title[0], title[1])), make("div", { class: "pairs" }, ...of.map((f) => f.element))),
  );

  return {
    element: make("div", { class: "settings" }, ...groups),
    /** @param {Kind[]} all */
    offerKinds(all) {
      const before = kind.get();
      kinds = all;
      kind.offer(all.map(({ kind, title }) => ({ value: kind, name: title })));
      kind.set(all.some((k) => k.kind === before) ? before : all[0].kind);
      offer();
    },
    /** @returns {Settings} */
    get: () => ({
      kind: kind.get(),
      train: train.get(),
      filters: filters.map((f) => f.get()).filter((n) => n > 0),
      size: fields.size.get(),
      pad: fields.pad.get(),
      pool: fields.pool.get(),
      hidden: fields.hidden.get(),
      dropout: fields.dropout.get(),
      std: std.get(),
      optimizer: optimizer.get(),
      rate: fields.rate.get(),
      batch: fields.batch.get(),
      seed: fields.seed.get(),
      activation: activation.get(),
    }),
    /** @param {Settings} settings */
    set(settings) {
      kind.set(settings.kind);
      offer();
      train.set(settings.train);
      filters.forEach((f, i) => {
        f.set(settings.filters[i] ?? 0);
      });
      std.set(settings.std);
      optimizer.set(settings.optimizer);
      activation.set(settings.activation);
      for (const name of /** @type {(keyof typeof fields)[]} */ (Object.keys(fields))) fields[name].set(settings[name]);
    },
  };
}

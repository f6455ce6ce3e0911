import { button, make, say } from "./parts.js";

/** @typedef {import("./words.js").Said} Said */
/** @typedef {{ title: Said, seen: Said, tries: { name: Said, settings: Partial<import("./messages.js").Settings> }[] }} Experiment */

/** @type {Experiment[]} */
const all = [
  {
    title: ["Initial weights: 0.01 against He", "초깃값: 0.01과 He"],
    seen: [
      "Three convolutions with SGD. With weights of 0.01 hardly a signal arrives at the end: the loss stays at 2.30, and the gradients of W1 are tiny. With He it falls at once.",
      "합성곱 3개를 SGD로 학습합니다. 0.01로 시작하면 신호가 끝까지 거의 닿지 않아 손실이 2.30에 머물고 W1의 기울기가 아주 작습니다. He로 시작하면 바로 줄어듭니다.",
    ],
    tries: [
      { name: ["std 0.01", "표준편차 0.01"], settings: { filters: [8, 8, 8], size: 3, pad: 1, std: 0.01, optimizer: "sgd", rate: 0.1 } },
      { name: ["He", "He"], settings: { filters: [8, 8, 8], size: 3, pad: 1, std: "he", optimizer: "sgd", rate: 0.1 } },
    ],
  },
  {
    title: ["Dropout against overfitting", "드롭아웃과 과대적합"],
    seen: [
      "Only 100 training images: after 150 steps all of them are read, but 7 of 10 test images. With dropout the loss falls more slowly and stays restless; it delays learning by heart, but does not make up for images: take 500.",
      "훈련 이미지가 100장뿐이면 150번 갱신하면 훈련 이미지는 다 맞히지만 시험 이미지는 열에 일곱 정도입니다. 드롭아웃을 쓰면 손실이 더 천천히, 들쭉날쭉 줄어듭니다. 외우는 것을 늦추지만 이미지를 대신하지는 못합니다. 500장으로 해 보세요.",
    ],
    tries: [
      { name: ["without", "없이"], settings: { train: 100, dropout: 0 } },
      { name: ["dropout 0.5", "드롭아웃 0.5"], settings: { train: 100, dropout: 0.5 } },
    ],
  },
  {
    title: ["A rate that is too large", "너무 큰 학습률"],
    seen: [
      "With SGD and a rate of 3 the first steps throw the weights so far that no neuron answers any more: the gradients of W1 are 0, and the accuracy stays near 10 %. With 0.1 the same network learns.",
      "SGD에 학습률 3이면 처음 몇 번의 갱신으로 가중치가 너무 멀리 튀어 뉴런이 더는 반응하지 않습니다. W1의 기울기가 0이 되고 정확도는 10 % 근처에 머뭅니다. 0.1이면 같은 신경망이 배웁니다.",
    ],
    tries: [
      { name: ["rate 3", "학습률 3"], settings: { optimizer: "sgd", rate: 3 } },
      { name: ["rate 0.1", "학습률 0.1"], settings: { optimizer: "sgd", rate: 0.1 } },
    ],
  },
  {
    title: ["A single filter", "필터 하나"],
    seen: [
      "One filter is enough for 8 of 10 images: look at what it looks for. With 16 the loss falls in fewer steps, but each step takes longer.",
      "필터 하나로도 열에 여덟은 맞힙니다. 그 필터가 무엇을 찾는지 보세요. 16개면 더 적은 갱신으로 손실이 줄지만 갱신마다 시간이 더 걸립니다.",
    ],
    tries: [
      { name: ["1 filter", "필터 1개"], settings: { filters: [1] } },
      { name: ["16 filters", "필터 16개"], settings: { filters: [16] } },
    ],
  },
  {
    title: ["Sigmoid in place of Relu", "Relu 대신 Sigmoid"],
    seen: [
      "Three convolutions. Behind each Sigmoid the gradient is a quarter at most: that of W1 becomes small, and learning begins late. With Relu it does not shrink like that.",
      "합성곱 3개입니다. Sigmoid를 지날 때마다 기울기가 많아야 1/4로 줄어 W1의 기울기가 작고 학습이 늦게 시작됩니다. Relu에서는 그렇게 줄지 않습니다.",
    ],
    tries: [
      { name: ["Sigmoid", "Sigmoid"], settings: { filters: [8, 8, 8], size: 3, pad: 1, activation: "sigmoid", std: "xavier" } },
      { name: ["Relu", "Relu"], settings: { filters: [8, 8, 8], size: 3, pad: 1, activation: "relu", std: "he" } },
    ],
  },
];

/**
 * What to try, and what is seen then.
 * @param {(settings: Partial<import("./messages.js").Settings>, name: Said) => void} tried
 */
export function experimentList(tried) {
  return make(
    "ol",
    { class: "experiments" },
    ...all.map(({ title, seen, tries }) =>
      make(
        "li",
        {},
        make("h3", {}, say(...title)),
        make("p", { class: "en", lang: "en" }, seen[0]),
        make("p", { class: "ko", lang: "ko" }, seen[1]),
        make(
          "div",
          { class: "controls" },
          ...tries.map(({ name, settings }) =>
            button(...name, () => tried(settings, [`${title[0]}: ${name[0]}`, `${title[1]}: ${name[1]}`])),
          ),
        ),
      ),
    ),
  );
}

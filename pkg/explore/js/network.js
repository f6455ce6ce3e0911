import { atlases, shades, thumb } from "./atlas.js";
import { drawingCanvas } from "./canvas.js";
import { arraysOf, factorOf, filterOf, forward, layersOf, partsOf, saliency, softmax, winner } from "./net.js";
import { kinds } from "./page.js";
import { button, choice, classNamed, compact, grid, headed, make, reading, say, short, slider, spanOf } from "./parts.js";
import { scoreBars } from "./scores.js";
import { seen } from "./windows.js";

/** A trained network at work. */
kinds.set("network", (stage, { head, floats, bytes, arrays }) => {
  const [channels, height, width] = head.shape;
  const pixels = channels * height * width;
  if (head.images * pixels !== floats.length) throw new Error("another size than its images");
  const exact = (/** @type {ArrayLike<number>[]} */ arrays) => arrays.map((a) => Float64Array.from(a));
  let layers = layersOf(head.shape, head.layers, arrays ? exact(arrays) : arraysOf(head.arrays, bytes));
  /** @type {Map<number, Set<number>>} */
  const hidden = new Map();
  let image = Float64Array.from(floats.subarray(0, pixels));
  let outputs = forward(layers, image, hidden);
  let whole = outputs; // with no filter hidden
  let target = -1; // of the saliency
  /** What is pointed at: a layer and a value of what it gives. */
  const at = { layer: 0, index: 0, channel: 0 };
  const small = matchMedia("(max-width: 640px)");
  const classes = layers[layers.length - 1].shape[0];
  const className = (/** @type {number} */ i) => classNamed(head.classes, i);
  /** What a layer reads, and the grid that shows it. @param {number} i */
  const input = (i) => (layers[i].sources[0] < 0 ? image : outputs[layers[i].sources[0]]);
  const gridOf = (/** @type {number} */ layer) => (layer < 0 ? picture : mapped[layer]);
  const { atlas, placeOf, indexAt, named, pixelOf } = atlases(small);

  const picture = grid(stage, { english: "image", korean: "이미지", pixel: 7 });
  const mapped = layers.map((l, i) =>
    grid(stage, {
      english: `${l.is.name} ${l.shape.join("x")}`,
      korean: `${l.is.name} ${l.shape.join("x")}`,
      pointed: (row, column) => {
        const index = indexAt(l.shape, row, column);
        if (index < 0) return;
        at.layer = i;
        at.index = index;
        at.channel = strongest();
        detail();
      },
    }),
  );
  const text = reading();
  const windowGrid = grid(stage, { english: "what comes in", korean: "입력 윈도" });
  const weightGrid = grid(stage, { english: "weights", korean: "가중치", signed: true });
  const productGrid = grid(stage, { english: "products", korean: "곱", signed: true });
  const channel = slider(stage, {
    english: "channel",
    korean: "채널",
    low: 0,
    high: 0,
    value: 0,
    turned: (v) => {
      at.channel = v;
      detail();
    },
  });
  const hide = make("button", { type: "button" });
  hide.addEventListener("click", () => {
    const of = filterOf(layers, at.layer, at.index);
    if (!of) return;
    const set = hidden.get(of.layer) ?? new Set();
    if (!set.delete(of.filter)) set.add(of.filter);
    hidden.set(of.layer, set);
    compute();
  });
  const showAll = button("show all filters", "필터 모두 보이기", () => {
    hidden.clear();
    compute();
  });
  const bars = make("div", { class: "bars" });
  const chooser = make("select");
  stage.name(chooser, "saliency of a class", "클래스의 현저성 맵");
  for (let i = -1; i < classes; i++)
    chooser.append(make("option", { value: `${i}` }, i < 0 ? "–" : [...new Set(className(i))].join(" · ")));
  chooser.addEventListener("change", () => {
    target = Number(chooser.value);
    draw();
  });
  const faces = Array.from({ length: head.images }, (_, i) => ({
    english: `image ${i}`,
    korean: `이미지 ${i}`,
    face: thumb(floats.subarray(i * pixels, (i + 1) * pixels), head.shape, spanOf(floats)),
  }));
  const images = choice(stage, "image", "이미지", faces, (i) => {
    image = Float64Array.from(floats.subarray(i * pixels, (i + 1) * pixels));
    compute();
  });

  /** @type {{ count: number, step: number, coarser: number }[]} */
  const coarse = arrays ? [] : head.arrays.filter((/** @type {{ coarser: number }} */ a) => a.coarser > 0);
  const rounded = say(
    `Weights are rounded to 16 bits${coarse.map((a) => `, the ${a.count} of one layer to steps of ${short(a.step)}`).join("")}. All numbers are computed here from these.`,
    `가중치는 16비트로 반올림했습니다${coarse.map((a) => `(한 계층의 ${a.count}개는 ${short(a.step)} 간격)`).join("")}. 모든 값은 이 가중치로 여기서 계산합니다.`,
  );
  const tops = make("div", { class: "row" }, picture.element, bars);
  if (channels === 1)
    tops.append(
      drawingCanvas(stage, height, width, (drawn) => {
        image = drawn.map((v) => v * spanOf(floats)[1]);
        images.set(-1);
        compute();
      }),
    );
  const below = make(
    "div",
    { class: "detail" },
    text.element,
    make("div", { class: "controls" }, channel.element, hide, showAll),
    make("div", { class: "row" }, windowGrid.element, weightGrid.element, productGrid.element),
  );
  const salient = make("label", { class: "field" }, say("saliency of a class", "클래스의 현저성 맵"), chooser);
  bars.hidden = salient.hidden = classes < 2; // one output is no choice
  stage.body.append(
    images.element,
    tops,
    salient,
    ...mapped.map((g) => g.element),
    below,
    make(
      "p",
      { class: "note" },
      arrays ? say("All numbers are computed here from the network's weights.", "모든 값은 신경망의 가중치로 여기서 계산합니다.") : rounded,
    ),
  );
  stage.tell({
    /** Shows the network with other weights. @param {ArrayLike<number>[]} arrays */
    renew: (arrays) => {
      layers = layersOf(head.shape, head.layers, exact(arrays));
      compute();
    },
    values: () => ({
      image: [...image],
      outputs: outputs.map((o) => [...o]),
      probabilities: [...softmax(outputs[layers.length - 1])],
      saliency: target < 0 ? [] : [...saliency(layers, image, outputs, target, hidden)],
      weights: layers.map((l) => [...l.w, ...l.b]),
      at,
    }),
  });
  stage.follow(small, "change", () => draw());

  function compute() {
    outputs = forward(layers, image, hidden);
    whole = [...hidden.values()].some((set) => set.size) ? forward(layers, image, new Map()) : outputs;
    draw();
  }

  function draw() {
    if (target < 0) {
      picture.draw(image.subarray(0, height * width), width, { span: spanOf(floats) });
      picture.entitle(`image ${height}x${width}`, `이미지 ${height}x${width}`);
    } else {
      const slope = saliency(layers, image, outputs, target, hidden);
      const most = new Float64Array(height * width);
      for (let i = 0; i < most.length; i++)
        for (let c = 0; c < channels; c++)
          if (Math.abs(slope[c * most.length + i]) > Math.abs(most[i])) most[i] = slope[c * most.length + i];
      const largest = most.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      // As strong as the largest: orange where more light raises the score, blue where it lowers it.
      picture.draw(most, width, { span: [-largest, largest], diverging: true });
      const [english, korean] = className(target);
      picture.entitle(
        `saliency of ${english}: orange raises its score, blue lowers it`,
        `${korean}의 현저성 맵: 주황은 점수를 올리고 파랑은 내림`,
      );
    }
    layers.forEach((l, i) => {
      const { drawn, columns, clear } = atlas(outputs[i], l.shape);
      mapped[i].draw(drawn, columns, {
        clear,
        ...shades(outputs[i]),
        blocks: l.shape.length === 3 ? [l.shape[1], l.shape[2]] : [1, 1],
        pixel: pixelOf(l.shape),
      });
    });
    const scores = outputs[layers.length - 1];
    bars.replaceChildren(...scoreBars(scores, softmax(scores), whole === outputs ? null : softmax(whole[layers.length - 1]), className));
    showAll.disabled = whole === outputs;
    detail();
  }

  /** Where the value that is pointed at lies in its map. */
  function spot() {
    const [, tall, broad] = layers[at.layer].shape;
    return { m: Math.floor(at.index / (tall * broad)), oh: Math.floor((at.index % (tall * broad)) / broad), ow: at.index % broad };
  }

  /** The products of one channel of a convolution's window. @param {number} c */
  function productsOf(c) {
    const l = layers[at.layer];
    const w = /** @type {import("./windows.js").Windows} */ (l.windows);
    const { m, oh, ow } = spot();
    const taps = w.tall * w.broad;
    const values = Float64Array.from({ length: taps }, (_, i) => seen(w, input(at.layer), c, oh, ow, Math.floor(i / w.broad), i % w.broad));
    const weights = l.w.subarray((m * w.channels + c) * taps, (m * w.channels + c + 1) * taps);
    const products = values.map((v, i) => v * weights[i]);
    return { values, weights, products, sum: products.reduce((a, b) => a + b, 0) };
  }

  /** The channel that adds most to what is pointed at. */
  function strongest() {
    const l = layers[at.layer];
    if (l.is.kind !== "conv") return 0;
    let best = 0;
    const sums = Array.from({ length: l.from[0] }, (_, c) => Math.abs(productsOf(c).sum));
    sums.forEach((v, c) => {
      if (v > sums[best]) best = c;
    });
    return best;
  }

  /** Tells where the value that is pointed at comes from. */
  function detail() {
    const l = layers[at.layer];
    const x = input(at.layer);
    const y = outputs[at.layer][at.index];
    for (const g of mapped) g.mark([]);
    picture.mark([]);
    mapped[at.layer].mark([{ ...placeOf(l.shape, at.index), kind: "b" }]);
    mapped[at.layer].goTo(placeOf(l.shape, at.index).row, placeOf(l.shape, at.index).column);
    const before = gridOf(l.sources[0]);
    const [english, korean] = named(l.shape, at.index);
    const [next, more] = layers.filter((other) => other.sources.includes(at.layer));
    const relu =
      next?.is.kind === "relu" && !more
        ? [` Relu makes ${short(Math.max(0, y))} of it.`, ` Relu를 지나면 ${short(Math.max(0, y))}.`]
        : ["", ""];
    const head = [`${l.is.name}, ${english}: ${short(y)}.`, `${l.is.name}, ${korean}: ${short(y)}.`];
    for (const g of [windowGrid, weightGrid, productGrid]) g.element.hidden = true;
    channel.element.hidden = true;
    const of = filterOf(layers, at.layer, at.index);
    hide.hidden = showAll.hidden = !of;
    if (of) {
      const off = hidden.get(of.layer)?.has(of.filter) ?? false;
      hide.setAttribute("aria-pressed", String(off));
      hide.replaceChildren(
        say(`hide filter ${of.filter} of ${layers[of.layer].is.name}`, `${layers[of.layer].is.name}의 필터 ${of.filter} 숨기기`),
      );
    }
    if (l.windows) markWindow(before, x);
    else if (l.shape.length === l.from.length && l.is.kind !== "join" && l.is.kind !== "sum")
      before.mark(l.sources[0] >= 0 || channels === 1 ? [placeOf(l.from, at.index)] : []);
    if (l.is.kind === "conv") {
      if (hidden.get(at.layer)?.has(spot().m)) {
        text.write(`${head[0]} The filter is hidden: its map is zero.`, `${head[1]} 숨긴 필터라서 맵이 0입니다.`);
        return;
      }
      const c = at.channel;
      const one = productsOf(c);
      const total = y - l.b[spot().m];
      channel.element.hidden = l.from[0] === 1;
      channel.set(c, l.from[0] - 1);
      showProducts(one, l.is.window[1]);
      const many =
        l.from[0] > 1
          ? [
              ` Channel ${c} gives ${short(one.sum)} of the sum over ${l.from[0]} channels.`,
              ` 채널 ${l.from[0]}개의 합 가운데 채널 ${c}의 몫은 ${short(one.sum)}.`,
            ]
          : ["", ""];
      text.write(
        `${head[0]} Sum of the products ${short(total)} + bias ${short(l.b[spot().m])}.${relu[0]}${many[0]}`,
        `${head[1]} 곱의 합 ${short(total)} + 편향 ${short(l.b[spot().m])}.${relu[1]}${many[1]}`,
        `${[...one.values].map((v, i) => `${compact(v)}·${compact(one.weights[i])}`).join(" + ")} = ${short(one.sum)}`,
      );
    } else if (l.is.kind === "affine") detailAffine(head, relu);
    else if (l.is.kind === "pool" || l.is.kind === "average") detailPool(head);
    else if (l.is.kind === "sum" || l.is.kind === "join") detailBlock(head);
    else if (l.is.kind === "scale")
      text.write(
        head[0],
        head[1],
        `${short(x[at.index])}·${short(l.w[factorOf(l, at.index)])} + ${short(l.b[factorOf(l, at.index)])} = ${short(y)}`,
      );
    else
      text.write(
        head[0],
        head[1],
        l.is.kind === "relu" ? `max(0, ${short(x[at.index])}) = ${short(y)}` : `1 / (1 + exp(−(${short(x[at.index])}))) = ${short(y)}`,
      );
  }

  /** Frames the window that a value was made of. @param {ReturnType<typeof grid>} before @param {Float64Array} x */
  function markWindow(before, x) {
    const l = layers[at.layer];
    const w = /** @type {import("./windows.js").Windows} */ (l.windows);
    const { m, oh, ow } = spot();
    const [top, left] = [Math.max(0, oh * w.stride - w.pad), Math.max(0, ow * w.stride - w.pad)];
    const [bottom, right] = [Math.min(w.height, oh * w.stride - w.pad + w.tall), Math.min(w.width, ow * w.stride - w.pad + w.broad)];
    const from = l.is.kind === "conv" ? Array.from({ length: l.sources[0] >= 0 ? w.channels : 1 }, (_, c) => c) : [m];
    const marks = from.map((c) => ({
      ...placeOf(l.from, (c * w.height + Math.min(top, w.height - 1)) * w.width + Math.min(left, w.width - 1)),
      height: Math.max(0, bottom - top),
      width: Math.max(0, right - left),
      kind: from.length > 1 && c !== at.channel ? "edge" : "a",
    }));
    const at0 = l.is.kind === "pool" ? winner(l, x, m, oh, ow) : -1;
    before.mark(at0 < 0 ? marks : [...marks, { ...placeOf(l.from, m * w.height * w.width + at0), kind: "b" }]);
  }

  /** @param {ReturnType<typeof productsOf>} one @param {number} broad */
  function showProducts(one, broad) {
    for (const g of [windowGrid, weightGrid, productGrid]) g.element.hidden = false;
    const numbered = one.values.length <= 49;
    windowGrid.draw(one.values, broad, { numbered });
    weightGrid.draw(one.weights, broad, { numbered });
    productGrid.draw(one.products, broad, { numbered });
    weightGrid.entitle("weights", "가중치");
  }

  /** Tells what a value of a sum, or of joined branches, came from. @param {string[]} head */
  function detailBlock(head) {
    const l = layers[at.layer];
    const parts = partsOf(layers, at.layer, at.index).map(({ layer, index }) => {
      const shape = layer < 0 ? [channels, height, width] : layers[layer].shape;
      if (layer >= 0 || channels === 1) gridOf(layer).mark([{ ...placeOf(shape, index), kind: "a" }]);
      const [english, korean] = named(shape, index);
      return { layer, english, korean, value: (layer < 0 ? image : outputs[layer])[index], name: layers[layer]?.is.name ?? "image" };
    });
    const [one] = parts;
    if (l.is.kind === "join") {
      const k = l.sources.indexOf(one.layer);
      text.write(
        `${head[0]} It is ${one.english} of branch ${k}, from ${one.name}.`,
        `${head[1]} 가지 ${k}의 ${one.korean}이며 ${one.name}에서 왔습니다.`,
        `${short(one.value)}`,
      );
    } else
      text.write(
        `${head[0]} The sum of ${parts.map((p) => `${short(p.value)} from ${p.name}`).join(" and ")}: through the layers, and around them.`,
        `${head[1]} ${parts.map((p) => `${p.name}의 ${short(p.value)}`).join(", ")}의 합: 계층을 지난 값과 돌아온 값입니다.`,
        `${parts.map((p) => short(p.value)).join(" + ")} = ${short(outputs[at.layer][at.index])}`,
      );
  }

  /** @param {string[]} head */
  function detailPool(head) {
    const l = layers[at.layer];
    const w = /** @type {import("./windows.js").Windows} */ (l.windows);
    const { m, oh, ow } = spot();
    const values = Float64Array.from({ length: w.tall * w.broad }, (_, i) =>
      seen(w, input(at.layer), m, oh, ow, Math.floor(i / w.broad), i % w.broad),
    );
    windowGrid.element.hidden = false;
    windowGrid.draw(values, w.broad, { numbered: true });
    const list = [...values].map(short).join(", ");
    if (l.is.kind === "average") {
      text.write(
        `${head[0]} The mean of the window.`,
        `${head[1]} 윈도의 평균입니다.`,
        `(${list}) / ${values.length} = ${short(outputs[at.layer][at.index])}`,
      );
      return;
    }
    const best = values.indexOf(Math.max(...values));
    windowGrid.mark([{ row: Math.floor(best / w.broad), column: best % w.broad, kind: "b" }]);
    text.write(
      `${head[0]} The largest of the window wins.`,
      `${head[1]} 윈도에서 가장 큰 값이 이깁니다.`,
      `max(${list}) = ${short(outputs[at.layer][at.index])}`,
    );
  }

  /** @param {string[]} head @param {string[]} relu */
  function detailAffine(head, relu) {
    const l = layers[at.layer];
    const x = input(at.layer);
    const n = l.is.units;
    const weights = Float64Array.from({ length: x.length }, (_, i) => l.w[i * n + at.index]);
    const order = [...x.keys()].sort((a, b) => Math.abs(x[b] * weights[b]) - Math.abs(x[a] * weights[a])).slice(0, 5);
    weightGrid.element.hidden = false;
    const { drawn, columns, clear } = atlas(weights, l.from);
    weightGrid.draw(drawn, columns, {
      clear,
      span: spanOf(weights, true),
      blocks: l.from.length === 3 ? [l.from[1], l.from[2]] : [1, 1],
      pixel: pixelOf(l.from),
    });
    weightGrid.entitle("the weights of this neuron, where its inputs lie", "이 뉴런의 가중치(입력이 놓인 자리)");
    weightGrid.mark(order.map((i) => ({ ...placeOf(l.from, i), kind: "b" })));
    gridOf(l.sources[0]).mark(order.map((i) => ({ ...placeOf(l.from, i), kind: "a" })));
    const total = outputs[at.layer][at.index] - l.b[at.index];
    text.write(
      `${head[0]} Sum of ${x.length} products ${short(total)} + bias ${short(l.b[at.index])}.${relu[0]} The largest products:`,
      `${head[1]} 곱 ${x.length}개의 합 ${short(total)} + 편향 ${short(l.b[at.index])}.${relu[1]} 가장 큰 곱:`,
      order.map((i) => `${compact(x[i])}·${compact(weights[i])} = ${short(x[i] * weights[i])}`).join("; "),
    );
  }

  at.index = Math.floor(outputs[0].length / Math.max(1, layers[0].shape[0]) / 2 + layers[0].shape[layers[0].shape.length - 1] / 2);
  at.channel = strongest();
  headed(stage, head);
  draw();
});

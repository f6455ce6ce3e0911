import { kinds } from "./page.js";
import { choice, grid, headed, make, reading, say, short, slider, spanOf, within } from "./parts.js";
import { padded, seen, windowsOf } from "./windows.js";

/** A convolution by hand: forward, and what one output sends back. */
kinds.set("convolution", (stage, { head, floats }) => {
  const [channels, height, width] = head.shape;
  const [count, tall, broad] = head.filters;
  let { stride, pad } = head;
  const sizes = [channels * height * width, count * channels * tall * broad, count];
  if (sizes[0] + sizes[1] + sizes[2] !== floats.length || floats.length > 65536) throw new Error("another size than its shapes");
  const image = Float64Array.from(floats.subarray(0, sizes[0]));
  const filters = Float64Array.from(floats.subarray(sizes[0], sizes[0] + sizes[1]));
  const biases = Float64Array.from(floats.subarray(sizes[0] + sizes[1]));
  let w = windowsOf({ channels, height, width, tall, broad, stride, pad });
  const at = { oh: 0, ow: 0 };
  let f = 0;
  let back = false;
  let all = false; // do all outputs send back, or one
  let gradient = 1; // of the loss with respect to an output
  /** What the number field sets: a value of the image, of the filter or the bias. @type {{ of: Float64Array, index: number, english: string, korean: string }} */
  let edited = { of: filters, index: 0, english: "", korean: "" };

  const weight = (/** @type {number} */ c, /** @type {number} */ y, /** @type {number} */ x) =>
    filters[((f * channels + c) * tall + y) * broad + x];

  /** @param {number} oh @param {number} ow */
  function output(oh, ow) {
    let sum = 0;
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < tall; y++) for (let x = 0; x < broad; x++) sum += seen(w, image, c, oh, ow, y, x) * weight(c, y, x);
    return sum + biases[f];
  }

  const outputs = () => Float64Array.from({ length: w.down * w.across }, (_, i) => output(Math.floor(i / w.across), i % w.across));

  /** What dx, dW and db receive. */
  function received() {
    const dx = new Float64Array(image.length);
    const dw = new Float64Array(channels * tall * broad);
    let db = 0;
    for (let oh = 0; oh < w.down; oh++)
      for (let ow = 0; ow < w.across; ow++) {
        if (!all && (oh !== at.oh || ow !== at.ow)) continue;
        db += gradient;
        for (let c = 0; c < channels; c++)
          for (let y = 0; y < tall; y++)
            for (let x = 0; x < broad; x++) {
              dw[(c * tall + y) * broad + x] += gradient * seen(w, image, c, oh, ow, y, x);
              const [row, column] = [oh * stride + y - pad, ow * stride + x - pad];
              if (row >= 0 && row < height && column >= 0 && column < width)
                dx[(c * height + row) * width + column] += gradient * weight(c, y, x);
            }
      }
    return { dx, dw, db };
  }

  const text = reading();
  const channel = (/** @type {number} */ c) => (channels > 1 ? [`, channel ${c}`, `, 채널 ${c}`] : ["", ""]);
  const each = (/** @type {(c: number) => ReturnType<typeof grid>} */ made) => Array.from({ length: channels }, (_, c) => made(c));
  const images = each((c) =>
    grid(stage, {
      english: `image${channel(c)[0]}`,
      korean: `이미지${channel(c)[1]}`,
      pointed: (row, column) => {
        at.oh = within(Math.round((row - (tall - 1) / 2) / stride), 0, w.down - 1);
        at.ow = within(Math.round((column - (broad - 1) / 2) / stride), 0, w.across - 1);
        mark();
      },
      picked: (row, column) => {
        const [y, x] = [row - pad, column - pad];
        if (y >= 0 && y < height && x >= 0 && x < width)
          pick(image, (c * height + y) * width + x, `image (${y}, ${x})${channel(c)[0]}`, `이미지 (${y}, ${x})${channel(c)[1]}`);
      },
    }),
  );
  const slices = each((c) =>
    grid(stage, {
      english: `filter${channel(c)[0]}`,
      korean: `필터${channel(c)[1]}`,
      signed: true,
      pointed: () => mark(),
      picked: (y, x) =>
        pick(
          filters,
          ((f * channels + c) * tall + y) * broad + x,
          `filter ${f} (${y}, ${x})${channel(c)[0]}`,
          `필터 ${f} (${y}, ${x})${channel(c)[1]}`,
        ),
    }),
  );
  const map = grid(stage, {
    english: "output",
    korean: "출력",
    signed: true,
    pointed: (row, column) => {
      at.oh = row;
      at.ow = column;
      mark();
    },
  });
  const dxs = each((c) => grid(stage, { english: `dx${channel(c)[0]}`, korean: `이미지의 기울기${channel(c)[1]}`, signed: true }));
  const dws = each((c) => grid(stage, { english: `dW${channel(c)[0]}`, korean: `필터의 기울기${channel(c)[1]}`, signed: true }));

  /** A field for a number. @param {string} english @param {string} korean @param {number} value @param {(value: number) => void} typed */
  function field(english, korean, value, typed) {
    const input = make("input", { type: "number", step: "any", value: String(value) });
    const label = make("span", {}, say(english, korean));
    stage.name(input, english, korean);
    input.addEventListener("input", () => {
      if (Number.isFinite(input.valueAsNumber)) typed(within(input.valueAsNumber, -1e6, 1e6));
    });
    return { element: make("label", { class: "field" }, label, input), input, label };
  }
  const value = field("value", "값", 0, (v) => {
    edited.of[edited.index] = v;
    draw();
  });
  const bias = field("bias", "편향", biases[0], (v) => {
    biases[f] = v;
    draw();
  });
  const dout = field("dout", "출력의 기울기 dout", 1, (v) => {
    gradient = v;
    draw();
  });

  /** @param {Float64Array} of @param {number} index @param {string} english @param {string} korean */
  function pick(of, index, english, korean) {
    edited = { of, index, english, korean };
    value.label.replaceChildren(say(english, korean));
    stage.name(value.input, english, korean);
    value.input.value = String(Number(of[index].toPrecision(7)));
    mark();
  }

  const directions = choice(
    stage,
    "direction",
    "방향",
    [
      { english: "forward", korean: "순전파" },
      { english: "backward", korean: "역전파" },
    ],
    (i) => {
      back = i === 1;
      draw();
    },
  );
  const numbers = Array.from({ length: count }, (_, i) => ({ english: `filter ${i}`, korean: `필터 ${i}` }));
  const which = choice(stage, "filter", "필터", numbers, (i) => {
    f = i;
    bias.input.value = short(biases[f]).replace("−", "-");
    pick(filters, f * channels * tall * broad, `filter ${f} (0, 0)${channel(0)[0]}`, `필터 ${f} (0, 0)${channel(0)[1]}`);
    draw();
  });
  const senders = choice(
    stage,
    "which outputs send back",
    "기울기를 보내는 출력",
    [
      { english: "one output", korean: "출력 하나" },
      { english: "all of this map", korean: "이 맵 전부" },
    ],
    (i) => {
      all = i === 1;
      draw();
    },
  );
  const strides = slider(stage, {
    english: "stride",
    korean: "스트라이드",
    low: 1,
    high: Math.max(3, stride),
    value: stride,
    turned: (v) => {
      stride = v;
      draw();
    },
  });
  const pads = slider(stage, {
    english: "pad",
    korean: "패딩",
    low: Math.max(0, Math.ceil(Math.max(tall - height, broad - width) / 2)),
    high: Math.max(3, pad),
    value: pad,
    turned: (v) => {
      pad = v;
      draw();
    },
  });
  const sending = make("div", { class: "controls" }, senders.element, dout.element);
  const gradients = make("div", { class: "row" }, ...dxs.map((g) => g.element), ...dws.map((g) => g.element));
  stage.body.append(
    make("div", { class: "controls" }, directions.element, ...(count > 1 ? [which.element] : [])),
    make("div", { class: "controls" }, strides.element, pads.element),
    make("div", { class: "controls" }, value.element, bias.element),
    sending,
    make(
      "p",
      { class: "note" },
      say(
        "Click a cell of the image or the filter (or press Enter on it) and type its value.",
        "이미지나 필터의 칸을 클릭하거나 칸 위에서 Enter를 누르고 값을 입력하세요.",
      ),
    ),
    text.element,
    make("div", { class: "row" }, ...images.map((g) => g.element), ...slices.map((g) => g.element), map.element),
    gradients,
  );
  stage.tell({ values: () => ({ out: [w.down, w.across], output: [...outputs()], ...plain(received()), filter: f, at }) });

  /** @param {ReturnType<typeof received>} r */
  const plain = (r) => ({ dx: [...r.dx], dw: [...r.dw], db: r.db });

  function draw() {
    w = windowsOf({ channels, height, width, tall, broad, stride, pad });
    at.oh = within(at.oh, 0, w.down - 1);
    at.ow = within(at.ow, 0, w.across - 1);
    const [deep, long] = [height + 2 * pad, width + 2 * pad];
    const shown = padded(w, image);
    images.forEach((g, c) => {
      g.draw(shown.subarray(c * deep * long, (c + 1) * deep * long), long, { span: spanOf(image), numbered: long <= 12, pixel: 8 });
    });
    const own = filters.subarray(f * channels * tall * broad, (f + 1) * channels * tall * broad);
    slices.forEach((g, c) => {
      g.draw(own.subarray(c * tall * broad, (c + 1) * tall * broad), broad, { span: spanOf(own, true), numbered: broad <= 12 });
      if (count > 1) g.entitle(`filter ${f}${channel(c)[0]}`, `필터 ${f}${channel(c)[1]}`);
    });
    map.draw(outputs(), w.across, { numbered: w.across <= 12, pixel: 8 });
    map.entitle(`output ${w.down}x${w.across}`, `출력 ${w.down}x${w.across}`);
    sending.hidden = !back;
    gradients.hidden = !back;
    strides.set(stride);
    pads.set(pad);
    mark();
  }

  function mark() {
    const frame = { row: at.oh * stride, column: at.ow * stride, height: tall, width: broad };
    /** @type {import("./parts.js").Mark[]} */
    const edge = pad ? [{ row: pad, column: pad, height, width, kind: "edge" }] : [];
    images.forEach((g, c) => {
      const i = edited.index - c * height * width;
      const own = edited.of === image && i >= 0 && i < height * width;
      g.mark([...edge, frame, ...(own ? [{ row: pad + Math.floor(i / width), column: pad + (i % width), kind: "d" }] : [])]);
    });
    slices.forEach((g, c) => {
      const i = edited.index - (f * channels + c) * tall * broad;
      const own = edited.of === filters && i >= 0 && i < tall * broad;
      g.mark(own ? [{ row: Math.floor(i / broad), column: i % broad, kind: "d" }] : []);
    });
    map.goTo(at.oh, at.ow);
    map.mark(
      back && all ? [{ row: 0, column: 0, height: w.down, width: w.across, kind: "b" }] : [{ row: at.oh, column: at.ow, kind: "b" }],
    );
    if (back) markBack();
    else markForward();
  }

  function markForward() {
    const lines = [];
    let sum = 0;
    for (let c = 0; c < channels; c++) {
      const products = [];
      let part = 0;
      for (let y = 0; y < tall; y++)
        for (let x = 0; x < broad; x++) {
          const [v, k] = [seen(w, image, c, at.oh, at.ow, y, x), weight(c, y, x)];
          products.push(`${short(v)}·${short(k)}`);
          part += v * k;
        }
      sum += part;
      lines.push(`${channels > 1 ? `channel ${c}: ` : ""}${products.join(" + ")} = ${short(part)}`);
    }
    lines.push(`${short(sum)} + b ${short(biases[f])} = ${short(sum + biases[f])}`);
    text.write(
      `Output (${at.oh}, ${at.ow}): the filter lies on rows ${short(at.oh * stride - pad)} to ${at.oh * stride - pad + tall - 1} and columns ${short(at.ow * stride - pad)} to ${at.ow * stride - pad + broad - 1}. Products, added:`,
      `출력 (${at.oh}, ${at.ow}): 필터가 ${short(at.oh * stride - pad)}~${at.oh * stride - pad + tall - 1}행, ${short(at.ow * stride - pad)}~${at.ow * stride - pad + broad - 1}열에 놓입니다. 곱해서 모두 더하면:`,
      lines.join("\n"),
    );
  }

  function markBack() {
    const { dx, dw, db } = received();
    // The window, without what lies in the padding: dx has none.
    const [row, column] = [at.oh * stride - pad, at.ow * stride - pad];
    const [top, left] = [Math.max(0, row), Math.max(0, column)];
    const inside = { row: top, column: left, height: Math.min(height, row + tall) - top, width: Math.min(width, column + broad) - left };
    const sends = !all && inside.height > 0 && inside.width > 0;
    dxs.forEach((g, c) => {
      g.draw(dx.subarray(c * height * width, (c + 1) * height * width), width, { span: spanOf(dx, true), numbered: width <= 12, pixel: 8 });
      g.mark(sends ? [inside] : []);
    });
    dws.forEach((g, c) => {
      g.draw(dw.subarray(c * tall * broad, (c + 1) * tall * broad), broad, { span: spanOf(dw, true), numbered: broad <= 12 });
    });
    const g = short(gradient);
    if (all)
      text.write(
        `Every output has dout = ${g}. Contributions add up: db = ${w.down * w.across}·${g} = ${short(db)}.`,
        `모든 출력의 dout이 ${g}입니다. 기여가 모두 더해집니다. db = ${w.down * w.across}·${g} = ${short(db)}.`,
        "dx += dout·W   dW += dout·x   db += dout",
      );
    else
      text.write(
        `Output (${at.oh}, ${at.ow}) has dout = ${g}. Its window of dx receives ${g} times the filter, dW receives ${g} times the window, and db receives ${g}.`,
        `출력 (${at.oh}, ${at.ow})의 dout이 ${g}입니다. dx의 윈도는 필터의 ${g}배를, dW는 윈도의 ${g}배를, db는 ${g}을 받습니다.`,
        `db = ${short(db)}`,
      );
  }

  pick(filters, 0, `filter 0 (0, 0)${channel(0)[0]}`, `필터 0 (0, 0)${channel(0)[1]}`);
  headed(stage, head);
  draw();
});

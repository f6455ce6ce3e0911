/**
 * The parts that figures are made of: words in both languages, sliders, choices, buttons, and a grid of values that
 * answers the pointer and the arrow keys.
 */

/** @typedef {import("./page.js").Stage} Stage */
/** @typedef {{ row: number, column: number, height?: number, width?: number, kind?: string }} Mark cells with a frame; kind is its colour: a, b or d, or edge */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 */
export function shape(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/**
 * Words in both languages, of which the page shows one or both.
 * @param {string} english
 * @param {string} korean
 */
export const say = (english, korean) =>
  english === korean
    ? make("span", {}, english)
    : make(
        "span",
        {},
        make("span", { class: "en", lang: "en" }, english),
        make("span", { class: "dot" }, " · "),
        make("span", { class: "ko", lang: "ko" }, korean),
      );

/** Puts a figure's title above it. @param {Stage} stage @param {{ english: string, korean: string }} title */
export function headed(stage, { english, korean }) {
  if (english) stage.body.prepend(make("h3", {}, korean ? say(english, korean) : english));
}

/** What a class is called in English and Korean; without names it has its number. @param {string[]} names @param {number} i @returns {[string, string]} */
export function classNamed(names, i) {
  const [english, korean] = String(names[i] ?? i).split(" · ");
  return [english, korean ?? english];
}

/**
 * A number as it is read: at most 6 digits that count.
 * @param {number} value
 */
export const short = (value) => {
  if (!Number.isFinite(value)) return String(value);
  const text =
    Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-4) ? value.toExponential(4) : String(Number(value.toPrecision(6)));
  return text.replace("-", "−");
};

/** @param {number} value @param {number} low @param {number} high */
export const within = (value, low, high) => Math.max(low, Math.min(high, value));

/**
 * A slider with its name and its value.
 * @param {Stage} stage
 * @param {{ english: string, korean: string, low: number, high: number, step?: number, value: number, text?: (value: number) => string, turned: (value: number) => void }} options
 */
export function slider(stage, { english, korean, low, high, step = 1, value, text = String, turned }) {
  const input = make("input", { type: "range", min: `${low}`, max: `${high}`, step: `${step}`, value: `${value}` });
  const output = make("output", {}, text(value));
  stage.name(input, english, korean);
  const told = () => {
    output.textContent = text(Number(input.value));
    input.setAttribute("aria-valuetext", output.textContent);
  };
  input.addEventListener("input", () => {
    told();
    turned(Number(input.value));
  });
  const element = make("label", { class: "slider" }, say(english, korean), input, output);
  return {
    element,
    /** @param {number} value @param {number} [high] */
    set(value, high) {
      if (high !== undefined) {
        input.max = `${high}`;
        input.disabled = high <= low;
      }
      input.value = `${value}`;
      told();
    },
  };
}

let groups = 0;

/**
 * A choice of one of some.
 * @param {Stage} stage
 * @param {string} english
 * @param {string} korean
 * @param {{ english: string, korean: string, face?: Node }[]} options
 * @param {(index: number) => void} chosen
 */
export function choice(stage, english, korean, options, chosen) {
  const name = `convbook-${++groups}`;
  const inputs = options.map((_, i) => make("input", { type: "radio", name, value: `${i}` }));
  const element = make("div", { class: "choice", role: "radiogroup" });
  stage.name(element, english, korean);
  inputs.forEach((input, i) => {
    const { english, korean, face } = options[i];
    if (face) stage.name(input, english, korean);
    input.checked = i === 0;
    input.addEventListener("change", () => chosen(i));
    element.append(make("label", {}, input, make("span", {}, face ?? say(english, korean))));
  });
  return {
    element,
    /** @param {number} index -1 for none */
    set(index) {
      inputs.forEach((input, i) => {
        input.checked = i === index;
      });
    },
  };
}

/**
 * @param {string} english
 * @param {string} korean
 * @param {() => void} pressed
 */
export function button(english, korean, pressed) {
  const element = make("button", { type: "button" }, say(english, korean));
  element.addEventListener("click", pressed);
  return element;
}

/** Where it is written what the pointer is at. Screen readers read it when it changes. */
export function reading() {
  const element = make("div", { class: "reading", role: "status" });
  return {
    element,
    /** @param {string} english @param {string} korean @param {string} [formula] of no language */
    write(english, korean, formula = "") {
      element.replaceChildren(make("p", { class: "en", lang: "en" }, english), make("p", { class: "ko", lang: "ko" }, korean));
      if (formula) element.append(make("p", { class: "formula" }, formula));
    },
  };
}

const cell = 26; // of a cell with a number, in CSS pixels
const lowCell = 20; // of one in a grid of many rows

/**
 * A grid of values, darker and lighter, with numbers where there is room for them.
 * @param {Stage} stage
 * @param {{ english: string, korean: string, pointed?: (row: number, column: number) => void, picked?: (row: number, column: number) => void, pixel?: number, signed?: boolean, blocks?: [number, number] }} options
 *   pixel is how large a cell without a number is; signed values are blue below zero and orange above
 */
export function grid(stage, { english, korean, pointed, picked, pixel = 8, signed = false, blocks }) {
  const canvas = make("canvas");
  const over = shape("svg", { "aria-hidden": "true" });
  const lines = shape("g", { class: "lines" });
  const numbers = shape("g", { class: "numbers" });
  const marks = shape("g", { class: "marks" });
  over.append(lines, numbers, marks);
  const sheet = make("div", { class: "sheet" }, canvas, over);
  const title = make("div", { class: "title" }, say(english, korean));
  const element = make("div", { class: "grid" }, title, make("div", { class: "scroll" }, sheet));
  let rows = 0;
  let columns = 0;
  let wide = pixel;
  let high = pixel;
  const at = { row: 0, column: 0 };
  if (pointed) {
    sheet.tabIndex = 0;
    sheet.setAttribute("role", "application");
    stage.name(sheet, `${english}: the arrow keys move`, `${korean}: 화살표 키로 이동`);
    /** @param {PointerEvent} event */
    const point = (event) => {
      const place = canvas.getBoundingClientRect();
      at.row = within(Math.floor(((event.clientY - place.top) / place.height) * rows), 0, rows - 1);
      at.column = within(Math.floor(((event.clientX - place.left) / place.width) * columns), 0, columns - 1);
      pointed(at.row, at.column);
    };
    sheet.addEventListener("pointerdown", (event) => {
      point(event);
      picked?.(at.row, at.column);
    });
    sheet.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse" || event.buttons) point(event);
    });
    sheet.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && picked) {
        event.preventDefault();
        event.stopPropagation();
        picked(at.row, at.column);
        return;
      }
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation(); // the arrows of a notebook go from cell to cell
      at.row = within(at.row + step[0], 0, rows - 1);
      at.column = within(at.column + step[1], 0, columns - 1);
      pointed(at.row, at.column);
    });
  }
  return {
    element,
    /** @param {number} row @param {number} column where the arrow keys go on from */
    goTo(row, column) {
      at.row = row;
      at.column = column;
    },
    /** @param {string} english @param {string} korean */
    entitle: (english, korean) => title.replaceChildren(say(english, korean)),
    /**
     * @param {ArrayLike<number>} values row by row
     * @param {number} width
     * @param {{ span?: [number, number], diverging?: boolean, numbered?: boolean, blocks?: [number, number], clear?: (index: number) => boolean, pixel?: number }} [how] the values that are black and white; cells that are none
     */
    draw(values, width, how = {}) {
      columns = width;
      rows = values.length / width;
      at.row = within(at.row, 0, rows - 1);
      at.column = within(at.column, 0, columns - 1);
      const numbered = how.numbered ?? false;
      let text = 0;
      for (let i = 0; numbered && i < values.length; i++) text = Math.max(text, compact(values[i]).length);
      high = numbered ? (rows > 16 ? lowCell : cell) : (how.pixel ?? pixel);
      wide = numbered ? Math.max(cell, 8 * text + 6) : high;
      const [low, top] = how.span ?? spanOf(values, signed);
      canvas.width = columns;
      canvas.height = rows;
      const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      const image = context.createImageData(columns, rows);
      numbers.replaceChildren();
      for (let i = 0; i < values.length; i++) {
        const none = how.clear?.(i) ?? false;
        const color = (how.diverging ?? signed) ? diverging(values[i], Math.max(Math.abs(low), Math.abs(top))) : grey(values[i], low, top);
        image.data.set(none ? [0, 0, 0, 0] : [...color, 255], 4 * i);
        if (numbered && !none) {
          const number = shape("text", { x: ((i % width) + 0.5) * wide, y: (Math.floor(i / width) + 0.5) * high });
          number.setAttribute("fill", luminance(color) > 0.179 ? "#000000" : "#ffffff");
          number.textContent = compact(values[i]);
          numbers.append(number);
        }
      }
      context.putImageData(image, 0, 0);
      over.setAttribute("viewBox", `0 0 ${columns * wide} ${rows * high}`);
      sheet.style.width = `${columns * wide}px`;
      sheet.style.aspectRatio = `${columns * wide} / ${rows * high}`;
      sheet.classList.toggle("numbered", numbered);
      lines.replaceChildren();
      const [tall, broad] = how.blocks ?? blocks ?? [0, 0];
      for (let y = tall; tall && y < rows; y += tall) lines.append(shape("path", { d: `M0 ${y * high}H${columns * wide}` }));
      for (let x = broad; broad && x < columns; x += broad) lines.append(shape("path", { d: `M${x * wide} 0V${rows * high}` }));
    },
    /** @param {Mark[]} places */
    mark(places) {
      marks.replaceChildren();
      for (const { row, column, height = 1, width = 1, kind = "a" } of places) {
        const place = { x: column * wide, y: row * high, width: width * wide, height: height * high };
        if (kind !== "edge") marks.append(shape("rect", { ...place, class: "halo" }));
        marks.append(shape("rect", { ...place, class: kind }));
      }
    },
  };
}

/** @param {number} value as it stands in a cell */
export const compact = (value) => String(Number(value.toFixed(Math.abs(value) < 10 ? 2 : 1))).replace("-", "−");

/** @param {ArrayLike<number>} values @param {boolean} [signed] @returns {[number, number]} */
export function spanOf(values, signed = false) {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  if (signed) {
    const largest = Math.max(Math.abs(low), Math.abs(high), 1e-12);
    return [-largest, largest];
  }
  return high > low ? [low, high] : [low - 1, high + 1];
}

/** @param {number} value @param {number} low @param {number} high @returns {[number, number, number]} */
function grey(value, low, high) {
  const shade = Math.round(within(40 + (215 * (value - low)) / (high - low), 40, 255));
  return [shade, shade, shade];
}

/** By which black or white is told better on a colour. @param {[number, number, number]} color */
function luminance(color) {
  const [r, g, b] = color.map((c) => (c / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Blue, white, vermillion of Okabe and Ito. @param {number} value @param {number} largest @returns {[number, number, number]} */
function diverging(value, largest) {
  const part = within(Math.abs(value) / largest, 0, 1);
  const end = value < 0 ? [0, 114, 178] : [213, 94, 0];
  return /** @type {[number, number, number]} */ (end.map((c) => Math.round(255 + part * (c - 255))));
}

/**
 * The value under the pointer in plain figures. A figure is an img with an SVG in its address, and the SVG has the values as
 * metadata (pkg/figure/told.go). Nothing is read before somebody points at a figure or gives it the focus.
 */

/** @typedef {{ x: number, y: number, w: number, h: number, text: () => string }} Value where it lies in the picture, its middle and its size */
/** @typedef {{ box: number[], rows: Value[][] }} Area rows are the points of a curve, or cells beside each other */
/** @typedef {{ areas: Area[], wide: number }} Told wide is the width of the picture in its own units */

/** @type {WeakMap<HTMLImageElement, { src: string, told: Promise<Told> }>} */
const known = new WeakMap();
/** Where the pointer is: an area, a row in it and a place in the row. */
let at = [0, 0, 0];
/** @type {HTMLImageElement | null} what is read at the moment */
let held = null;
/** Where it was then. */
let height = 0;
/** Where the pointer was last, null when it has left. @type {PointerEvent | null} */
let latest = null;

/** A box over the page, which takes no part in what the pointer does. @param {string} name @param {string} style */
const over = (name, style) => {
  const found = document.querySelector(`.${name}`);
  if (found instanceof HTMLElement) return found;
  const box = document.createElement("div");
  box.className = name;
  box.style.cssText = `position:fixed;left:0;top:0;opacity:0;pointer-events:none;z-index:9999;box-sizing:border-box;${style}`;
  document.body.append(box);
  return box;
};
const mark = () => over("convbook-mark", "border:2px solid #fff;outline:2px solid #d55e00");
const tip = () =>
  over(
    "convbook-value",
    "max-width:min(26rem,94vw);padding:4px 9px;border-radius:5px;border:1px solid #80858c;background:#1c1e21;color:#fff;font:14px/1.4 system-ui,sans-serif",
  );

/** A text of both languages as the page shows it. @param {string} text */
const said = (text) => {
  const show = /** @type {HTMLInputElement | null} */ (document.querySelector(".switch input:checked"))?.value ?? "both";
  const own = text.split(" · ").filter((part) => /[가-힣]/.test(part) === (show === "ko"));
  return show === "both" || !own.length ? text : own.join(" · ");
};

const numbers = (/** @type {string} */ text) => text.split(" ").map(Number);

/** The cells of a rectangle. @param {number[]} box @param {number} down @param {number} across @param {(row: number, column: number) => string} text */
const cells = ([x, y, w, h], down, across, text) =>
  Array.from({ length: down }, (_, r) =>
    Array.from({ length: across }, (_, c) => ({
      x: x + (w * (c + 0.5)) / across,
      y: y + (h * (r + 0.5)) / down,
      w: w / across,
      h: h / down,
      text: () => text(r, c),
    })),
  );

/** The colours of an image's pixels. @param {string} address @param {number} w @param {number} h */
const colors = async (address, w, h) => {
  const image = new Image();
  image.src = address.startsWith("data:image/png;") ? address : "";
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [w, h];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, w, h).data;
};

const parsed = (/** @type {string} */ src) =>
  new DOMParser().parseFromString(
    new TextDecoder().decode(Uint8Array.from(atob(src.split(",")[1]), (c) => c.charCodeAt(0))),
    "image/svg+xml",
  );

/** Reads a figure: places from the drawing that is shown, values from the wide one. @param {string} src @param {string} wide @returns {Promise<Told>} */
const read = async (src, wide) => {
  const shown = parsed(src);
  const places = [...shown.querySelectorAll("metadata > *")];
  /** @type {Area[]} */
  const areas = [];
  for (const [i, element] of [...parsed(wide).querySelectorAll("metadata > *")].entries()) {
    const a = (/** @type {string} */ name, of = element) => of.getAttribute(name) ?? "";
    const list = (/** @type {string} */ name, of = element, by = " ") => (a(name, of) ? a(name, of).split(by) : []);
    const box = numbers(a("at", places[i]));
    const line = (/** @type {string[]} */ ...parts) =>
      parts
        .filter((p) => p)
        .map(said)
        .join(", ");
    const [v, kind] = [list("v"), element.tagName];
    if (kind === "points") {
      const share = (/** @type {string} */ axis, /** @type {string} */ text) => {
        const [low, high, log] = a(axis).split(" ");
        const f = log ? Math.log : Number;
        return (f(Number(text)) - f(Number(low))) / (f(Number(high)) - f(Number(low)));
      };
      const rows = [...element.children].map((c) => {
        const [xs, labels] = [list("x", c), list("t", c, "|")];
        return list("y", c).map((y, k) => {
          const x = xs[k] ?? `${k + 1}`;
          const along = [share("x", x), share("y", y)];
          const turned = a("turned", places[i]);
          if (turned) along.reverse();
          if (turned === "down") along[1] = 1 - along[1];
          const form = a("f");
          const values = () => (form === "t" ? "" : form ? x : line(`${said(a("xl") || "x")} ${x}`, `${said(a("yl") || "y")} ${y}`));
          return {
            x: box[0] + box[2] * along[0],
            y: box[1] + box[3] * (1 - along[1]),
            w: 0,
            h: 0,
            text: () => [line(a("n", c), labels[k] ?? ""), values()].filter((p) => p).join(": "),
          };
        });
      });
      areas.push({ box: [box[0] - 9, box[1] - 9, box[2] + 18, box[3] + 18], rows });
    } else if (kind === "cells") {
      const [edges, r, c] = [list("e"), list("r", element, "|"), list("c", element, "|")];
      const [down, across] = edges.length ? [1, edges.length - 1] : numbers(a("size"));
      const name = (/** @type {string[]} */ names, /** @type {number} */ k, /** @type {string} */ label) =>
        `${said(a(label))} ${said(names[k] ?? `${k}`)}`.trim();
      const text = (/** @type {number} */ y, /** @type {number} */ x) =>
        `${edges.length ? line(a("n"), `${edges[x]} – ${edges[x + 1]}`) : `${name(r, y, "yl")}, ${name(c, x, "xl")}`}: ${v[y * across + x]}`;
      areas.push({ box, rows: cells(box, down, across, text) });
    } else if (kind === "images") {
      const [h, w] = numbers(a("size"));
      const [names, s] = [list("c", element, "|"), list("s")];
      for (const [k, picture] of [...shown.querySelectorAll("image")].slice(0, Number(a("n"))).entries()) {
        const place = ["x", "y", "width", "height"].map((n) => Number(a(n, picture)));
        const rgba = v.length ? [] : await colors(a("href", picture), w, h);
        const [low, high, digits] = s.slice((3 * k) % s.length).map(Number);
        const value = (/** @type {number} */ p) => {
          if (v.length) return v[k * w * h + p];
          const [red, , blue] = rgba.slice(4 * p, 4 * p + 3);
          const part =
            a("k") === "grey"
              ? red / 255
              : a("k") === "inverted"
                ? 1 - red / 255
                : red < blue
                  ? 0.5 - Math.round(127 * (1 - red / 255)) / 254
                  : 0.5 + Math.round(127 * (1 - blue / 255)) / 254;
          return `${a("about") && "≈ "}${(low + part * (high - low)).toFixed(digits).replace(/^-(0\.?0*)$/, "$1")}`;
        };
        const text = (/** @type {number} */ y, /** @type {number} */ x) =>
          `${line(Number(a("n")) > 1 ? `[${k}] ${said(names[k] ?? "")}`.trim() : (names[k] ?? ""), `(${y}, ${x})`)}: ${value(y * w + x)}`;
        areas.push({ box: place, rows: cells(place, h, w, text) });
      }
    }
  }
  return { areas, wide: Number(shown.documentElement.getAttribute("width")) };
};

/** Hides what is told of a figure that has moved. */
const scrolled = () => held?.getBoundingClientRect().top !== height && hide();

const hide = () => {
  latest = null;
  if (!held) return;
  held = null;
  document.removeEventListener("scroll", scrolled, { capture: true });
  for (const box of [tip(), mark()]) box.style.opacity = "0";
};

/** Shows the value at a place. @param {HTMLImageElement} img @param {Told} told */
const show = (img, { areas, wide }) => {
  const value = areas[at[0]].rows[at[1]][at[2]];
  const frame = img.getBoundingClientRect();
  const scale = frame.width / wide;
  const [x, y] = [frame.left + value.x * scale, frame.top + value.y * scale];
  const [w, h] = value.w ? [Math.max(6, value.w * scale), Math.max(6, value.h * scale)] : [13, 13];
  const [label, ring] = [tip(), mark()];
  Object.assign(ring.style, {
    left: `${x - w / 2}px`,
    top: `${y - h / 2}px`,
    width: `${w}px`,
    height: `${h}px`,
    borderRadius: value.w ? "0" : "50%",
    opacity: "1",
  });
  label.setAttribute("role", "status");
  if (label.textContent !== value.text()) label.textContent = value.text();
  const above = y - h / 2 - 8 - label.offsetHeight;
  Object.assign(label.style, {
    left: `${Math.max(4, Math.min(x - label.offsetWidth / 2, innerWidth - label.offsetWidth - 4))}px`,
    top: `${above > 4 ? above : y + h / 2 + 8}px`,
    opacity: "1",
  });
  held = img;
  height = frame.top;
  // While something is told only: of an output that is shown again and again nothing stays in the page.
  document.addEventListener("scroll", scrolled, { capture: true, passive: true });
};

/** What a figure tells, read once for each of its drawings. @param {HTMLImageElement} img */
const toldBy = (img) => {
  const src = img.currentSrc || img.src;
  const entry = known.get(img);
  if (entry?.src === src) return entry.told;
  const told = read(src, img.src);
  known.set(img, { src, told });
  return told;
};

/** @param {PointerEvent} event */
const point = async (event) => {
  const img = /** @type {HTMLImageElement} */ (event.currentTarget);
  latest = event;
  const told = await toldBy(img);
  if (latest !== event) return; // it has moved on while the figure was read
  const frame = img.getBoundingClientRect();
  const scale = told.wide / frame.width;
  const [x, y] = [(event.clientX - frame.left) * scale, (event.clientY - frame.top) * scale];
  let nearest = Number.POSITIVE_INFINITY;
  for (const [i, { box, rows }] of told.areas.entries()) {
    if (x < box[0] || y < box[1] || x > box[0] + box[2] || y > box[1] + box[3]) continue;
    for (const [r, row] of rows.entries())
      for (const [c, value] of row.entries()) {
        const away = (value.x - x) ** 2 + (value.y - y) ** 2;
        if (away < nearest) [nearest, at] = [away, [i, r, c]];
      }
  }
  if (nearest < Number.POSITIVE_INFINITY) show(img, told);
  else hide();
};

/** Arrow keys, Home and End move along a row and between rows, Page Up and Page Down between areas. @param {KeyboardEvent} event */
const move = async (event) => {
  const [down, across, area] = {
    ArrowLeft: [0, -1, 0],
    ArrowRight: [0, 1, 0],
    Home: [0, -1e9, 0],
    End: [0, 1e9, 0],
    ArrowUp: [-1, 0, 0],
    ArrowDown: [1, 0, 0],
    PageUp: [0, 0, -1],
    PageDown: [0, 0, 1],
  }[event.key] ?? [0, 0, 0];
  if (event.key === "Escape") hide();
  if (!(down || across || area)) return;
  event.preventDefault();
  event.stopPropagation();
  const img = /** @type {HTMLImageElement} */ (event.currentTarget);
  const told = await toldBy(img);
  const within = (/** @type {number} */ i, /** @type {unknown[]} */ of) => Math.max(0, Math.min(i, of.length - 1));
  if (!told.areas.some(({ rows }) => rows[0]?.length)) return;
  if (held !== img) at = [0, 0, 0];
  else {
    const { rows } = told.areas[at[0]];
    const was = rows[at[1]][at[2]];
    if (area) at = [within(at[0] + area, told.areas), 0, 0];
    else if (across) at[2] = within(at[2] + across, rows[at[1]]);
    else {
      at[1] = within(at[1] + down, rows);
      const off = rows[at[1]].map(({ x }) => Math.abs(x - was.x));
      at[2] = off.indexOf(Math.min(...off));
    }
  }
  show(img, told);
};

/** Makes the figures of the document answer that do not yet; an output may stand in a tree of its own. */
const own = document.currentScript?.getRootNode();
for (const tree of new Set([document, own instanceof DocumentFragment ? own : document]))
  for (const img of /** @type {NodeListOf<HTMLImageElement>} */ (tree.querySelectorAll("img.convbook-figure:not([tabindex])"))) {
    if (!img.src.startsWith("data:image/svg+xml;base64,") || !atob(img.src.slice(-40)).includes("</metadata>")) continue;
    img.tabIndex = 0;
    img.style.cursor = "crosshair";
    img.style.touchAction = "pan-y pinch-zoom";
    const act = (/** @type {(e: any) => Promise<void>} */ f) => (/** @type {Event} */ event) => void f(event).catch(hide);
    img.onpointermove = img.onpointerdown = act(point);
    img.onkeydown = act(move);
    img.onblur = hide;
    img.onpointerleave = (event) => event.pointerType === "mouse" && document.activeElement !== img && hide();
  }

export {};

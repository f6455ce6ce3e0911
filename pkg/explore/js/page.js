/**
 * What a figure that answers the pointer has in common with the page around it: its content,
 * its language, its theme, and the still figure that it takes the place of.
 */

/** @typedef {{ head: any, floats: Float32Array, bytes: Uint8Array }} Content what Go has packed */

/**
 * A stage is where one figure is drawn.
 * @typedef {object} Stage
 * @property {HTMLElement} body where it is drawn
 * @property {(element: Element, english: string, korean: string) => void} name names a control, in the language that is shown
 * @property {(values: object) => void} tell what is to be seen, for those who test it
 */

/** @type {Map<string, (stage: Stage, content: Content) => void>} */
export const kinds = new Map();

const most = 64 << 20; // bytes of a figure's content

/**
 * Reads what Go has packed: a line of JSON, its length in front, then 32-bit numbers, then bytes.
 * @param {string} text
 * @returns {Promise<Content>}
 */
export async function unpacked(text) {
  const packed = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  /** @type {Uint8Array[]} */
  const pieces = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) throw new Error("the content is too large");
    pieces.push(value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  const lengths = new DataView(all.buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(all.subarray(4, 4 + lengths)));
  const floats = new Float32Array(head.floats);
  const view = new DataView(all.buffer, 4 + lengths);
  for (let i = 0; i < floats.length; i++) floats[i] = view.getFloat32(4 * i, true);
  return { head, floats, bytes: all.subarray(4 + lengths + 4 * floats.length) };
}

/** The language that the page shows: by its switch, or both. */
const shown = () => /** @type {HTMLInputElement | null} */ (document.querySelector(".switch input:checked"))?.value ?? "both";

/** @type {Set<() => void>} */
const listeners = new Set();
let listening = false;

/**
 * Calls a function now, and again when the language of the page is another.
 * @param {() => void} turn
 */
function followLanguage(turn) {
  listeners.add(turn);
  if (!listening) {
    listening = true;
    const all = () => {
      for (const listener of listeners) listener();
    };
    document.addEventListener("change", (event) => {
      if (event.target instanceof Element && event.target.closest(".switch")) all();
    });
    new MutationObserver(all).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
  }
  turn();
}

/**
 * Makes a figure alive: the still one is shown on paper only.
 * @param {HTMLElement} host
 * @param {string} style
 */
async function enliven(host, style) {
  const draw = kinds.get(host.dataset.explore ?? "");
  if (!draw || host.shadowRoot) return;
  const root = host.attachShadow({ mode: "open" });
  const still = document.createElement("div");
  still.className = "still";
  still.append(document.createElement("slot"));
  const sheet = document.createElement("style");
  sheet.textContent = style;
  const body = document.createElement("div");
  body.className = "live";
  root.append(sheet, still);
  try {
    const content = await unpacked(host.dataset.values ?? "");
    /** @type {Map<Element, [string, string]>} */
    const names = new Map();
    const turn = () => {
      const language = shown();
      body.dataset.show = language;
      for (const [element, name] of names) element.setAttribute("aria-label", spoken(name, language));
    };
    draw(
      {
        body,
        name: (element, english, korean) => {
          names.set(element, [english, korean]);
          element.setAttribute("aria-label", spoken([english, korean], shown()));
        },
        tell: (values) => Object.assign(host, { explore: values }),
      },
      content,
    );
    followLanguage(turn);
    still.classList.add("paper");
    root.append(body);
  } catch (error) {
    console.error("convbook:", error); // the still figure stays
  }
}

/** @param {[string, string]} name @param {string} language */
const spoken = ([english, korean], language) => (language === "en" ? english : language === "ko" ? korean : `${english} · ${korean}`);

/**
 * Makes the figures of the document alive that are not yet. An output's script may run where its output stands
 * in a tree of its own.
 * @param {string} style
 */
export function begin(style) {
  const own = document.currentScript?.getRootNode();
  for (const tree of new Set([document, own instanceof DocumentFragment ? own : document])) {
    for (const host of tree.querySelectorAll(".convbook-explore")) void enliven(/** @type {HTMLElement} */ (host), style);
  }
}

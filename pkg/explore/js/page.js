/**
 * What a figure that answers the pointer has in common with the page around it: its content,
 * its language, its theme, and the still figure that it takes the place of.
 */

/** @typedef {{ head: any, floats: Float32Array, bytes: Uint8Array, arrays?: ArrayLike<number>[] }} Content what Go has packed; arrays are a network's weights as they are, in place of bytes */

/**
 * A stage is where one figure is drawn.
 * @typedef {object} Stage
 * @property {HTMLElement} body where it is drawn
 * @property {(element: Element, english: string, korean: string) => void} name names a control, in the language that is shown
 * @property {(target: EventTarget, type: string, act: () => void) => void} follow acts on what happens outside of the figure
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

/** What figures do when something happens outside of them. @type {WeakMap<HTMLElement, (() => void)[]>} */
const heard = new WeakMap();

/**
 * Calls a function of a figure when something happens outside of it, as long as the figure is there: of an output
 * that is run again nothing stays in memory.
 * @param {HTMLElement} host
 * @param {EventTarget} target
 * @param {string} type
 * @param {() => void} act
 */
function follow(host, target, type, act) {
  heard.set(host, [...(heard.get(host) ?? []), act]);
  const weak = new WeakRef(act);
  const listener = () => {
    const act = weak.deref();
    if (act) act();
    else target.removeEventListener(type, listener);
  };
  target.addEventListener(type, listener);
}

/** Has a change when the language of the page is another. @type {EventTarget | undefined} */
let languages;

function languageOfPage() {
  if (languages) return languages;
  const all = new EventTarget();
  const tell = () => all.dispatchEvent(new Event("change"));
  document.addEventListener("change", (event) => {
    if (event.target instanceof Element && event.target.closest(".switch")) tell();
  });
  new MutationObserver(tell).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
  languages = all;
  return all;
}

/**
 * Makes a stage in an element, in a tree of its own. What is drawn there is seen when it is shown.
 * @param {HTMLElement} host
 * @param {string} style
 * @returns {{ stage: Stage, root: ShadowRoot, show: () => void }}
 */
export function stageIn(host, style) {
  const root = host.attachShadow({ mode: "open" });
  const sheet = document.createElement("style");
  sheet.textContent = style;
  root.append(sheet);
  const body = document.createElement("div");
  body.className = "live";
  /** @type {Map<Element, [string, string]>} */
  const names = new Map();
  const turn = () => {
    const language = shown();
    body.dataset.show = language;
    for (const [element, name] of names) element.setAttribute("aria-label", spoken(name, language));
  };
  return {
    stage: {
      body,
      name: (element, english, korean) => {
        names.set(element, [english, korean]);
        element.setAttribute("aria-label", spoken([english, korean], shown()));
      },
      follow: (target, type, act) => follow(host, target, type, act),
      tell: (values) => Object.assign(host, { explore: values }),
    },
    root,
    show: () => {
      follow(host, languageOfPage(), "change", turn);
      turn();
      root.append(body);
    },
  };
}

/**
 * Makes a figure alive: the still one is shown on paper only.
 * @param {HTMLElement} host
 * @param {string} style
 */
async function enliven(host, style) {
  const draw = kinds.get(host.dataset.explore ?? "");
  if (!draw || host.shadowRoot) return;
  const { stage, root, show } = stageIn(host, style);
  const still = document.createElement("div");
  still.className = "still";
  still.append(document.createElement("slot"));
  root.append(still);
  try {
    draw(stage, await unpacked(host.dataset.values ?? ""));
    show();
    still.classList.add("paper");
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

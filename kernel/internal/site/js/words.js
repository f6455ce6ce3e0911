import { make, say } from "./parts.js";

/** A text in English and Korean. @typedef {[string, string]} Said */

/** An element in which something is told: at once by a screen reader when it is an error. */
export function notice() {
  const element = make("p", { class: "notice", role: "status" });
  element.hidden = true;
  return {
    element,
    /** @param {string} english @param {string} korean @param {...HTMLElement} after what can be done about it */
    tell(english, korean, ...after) {
      element.classList.remove("wrong");
      element.replaceChildren(say(english, korean), ...after.flatMap((e) => [" ", e]));
      element.hidden = false;
    },
    /** @param {unknown} error @param {Said} [then] what follows from it */
    fail(error, then) {
      const said = toldBy(error).map((text) => (then && !text.endsWith(".") ? `${text}.` : text));
      element.classList.add("wrong");
      element.replaceChildren(
        say(...(then ? /** @type {Said} */ (said.map((text, i) => `${text} ${then[i]}`)) : /** @type {Said} */ (said))),
      );
      element.hidden = false;
    },
    clear() {
      element.hidden = true;
      element.replaceChildren();
    },
  };
}

/** An error that says in both languages what happened and what to do. */
export class Told extends Error {
  /** @param {string} english @param {string} korean */
  constructor(english, korean) {
    super(english);
    this.korean = korean;
  }
}

/** @param {unknown} error @returns {Said} */
function toldBy(error) {
  if (error instanceof Told) return [error.message, error.korean];
  console.error("convbook:", error);
  return [`Something went wrong: ${error}. Reload the page.`, `문제가 생겼습니다: ${error}. 페이지를 다시 불러오세요.`];
}

/** A number with commas. @param {number} n */
export const counted = (n) => n.toLocaleString("en-US");

/** A share in percent. @param {number} share */
export const percent = (share) => (Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : "–");

/** A folded part of the page. @param {Said} title @param {boolean} open @param {...Node} children */
export const folding = (title, open, ...children) =>
  make("details", { class: "part", ...(open ? { open: "" } : {}) }, make("summary", {}, make("h2", {}, say(...title))), ...children);

/** A part of the page. @param {Said} title @param {...Node} children */
export const part = (title, ...children) => make("section", { class: "part" }, make("h2", {}, say(...title)), ...children);

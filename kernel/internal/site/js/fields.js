import { make, say } from "./parts.js";

/** @typedef {import("./page.js").Stage} Stage */
/** @template V @typedef {{ value: V, name: string }} Option */

/**
 * A value to choose from a list. A value that the list lacks is added when it is set.
 * @template {string | number} V
 * @param {Stage} stage
 * @param {{ english: string, korean: string, options: Option<V>[], chosen: () => void }} how
 */
export function field(stage, { english, korean, options, chosen }) {
  const select = make("select");
  stage.name(select, english, korean);
  select.addEventListener("change", chosen);
  let known = options;
  const list = () => select.replaceChildren(...known.map(({ name }, i) => make("option", { value: `${i}` }, name)));
  list();
  const element = make("label", { class: "pair" }, say(english, korean), select);
  return {
    element,
    get: () => known[Number(select.value)].value,
    /** @param {V} value */
    set(value) {
      let at = known.findIndex((o) => o.value === value);
      if (at < 0) {
        const all = [...known, plain(value)];
        known = typeof value === "number" ? all.sort((a, b) => Number(a.value) - Number(b.value)) : all;
        list();
        at = known.findIndex((o) => o.value === value);
      }
      select.value = `${at}`;
    },
    /** @param {Option<V>[]} options */
    offer(options) {
      known = options;
      list();
    },
  };
}

/** A value that is called by itself. @template {string | number} V @param {V} value @returns {Option<V>} */
export const plain = (value) => ({ value, name: String(value) });

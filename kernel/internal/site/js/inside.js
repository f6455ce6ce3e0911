import { described, finite } from "./described.js";
import { kinds, stageIn } from "./page.js";
import { button, make, say } from "./parts.js";

/** @typedef {import("./messages.js").Built} Built */
/** @typedef {import("./messages.js").Images} Images */
/** @typedef {{ explore?: { renew: (arrays: ArrayLike<number>[]) => void } }} Explored */

const shownAtOnce = 12; // images

/**
 * The network at work on images, as explore.Network shows it.
 * @param {string} style
 * @param {(set: "train" | "test", from: number) => Promise<Images>} images
 */
export function insideOf(style, images) {
  const place = make("div", { class: "inside" });
  const diverged = make(
    "p",
    { class: "note" },
    say("The weights are no numbers any more: nothing can be shown.", "가중치가 더 이상 수가 아니어서 보여 줄 것이 없습니다."),
  );
  diverged.hidden = true;
  /** @type {Built | null} */
  let built = null;
  /** @type {import("./messages.js").Weights | null} */
  let weights = null;
  let from = 0;
  /** @type {HTMLElement | null} */
  let host = null;
  const more = button("other images", "다른 이미지", () => {
    from += shownAtOnce;
    void show();
  });

  /** Makes the figure anew. */
  async function show() {
    if (!built || !weights || !finite(weights)) return;
    const of = built;
    let some = await images("test", from);
    if (some.labels.length < 1) {
      from = 0;
      some = await images("test", from);
    }
    if (of !== built) return;
    const { layers, arrays } = described(of.drawn, weights);
    const next = make("div", { class: "figure" });
    const { stage, show } = stageIn(next, style);
    const head = {
      shape: [1, ...some.size],
      images: some.labels.length,
      layers,
      classes: of.data.names,
      english: "",
      korean: "",
    };
    kinds.get("network")?.(stage, { head, floats: Float32Array.from(some.pixels, (p) => p / 255), bytes: new Uint8Array(0), arrays });
    show();
    place.replaceChildren(next);
    host = next;
  }

  /** What cannot be drawn is not. @param {import("./messages.js").Weights} next */
  function take(next) {
    weights = next;
    diverged.hidden = finite(next);
    place.hidden = !diverged.hidden;
  }

  return {
    element: make(
      "div",
      {},
      make(
        "p",
        { class: "note" },
        say(
          "Choose a test image or draw one. Point at a value: it says which window, weights and products it came from.",
          "시험 이미지를 고르거나 그려 보세요. 값을 가리키면 어느 윈도, 가중치, 곱에서 왔는지 보여 줍니다.",
        ),
      ),
      make("div", { class: "controls" }, more),
      diverged,
      place,
    ),
    /** Another network. @param {Built} next @param {import("./messages.js").Weights} parameters */
    async begin(next, parameters) {
      if (next.data.kind !== built?.data.kind) from = 0;
      built = next;
      take(parameters);
      await show();
    },
    /** The same network with other weights. @param {import("./messages.js").Weights} parameters @param {boolean} soon whether others follow: what nobody sees can wait */
    renew(parameters, soon) {
      const { top, bottom } = place.getBoundingClientRect();
      if (soon && (bottom < 0 || top > innerHeight)) return;
      take(parameters);
      if (built && host && diverged.hidden) /** @type {Explored} */ (host).explore?.renew(described(built.drawn, parameters).arrays);
    },
    /** Whether a screen reader is told what changes at the place of the pointer: not while the network trains. @param {boolean} quiet */
    quiet(quiet) {
      host?.shadowRoot?.querySelector(".reading")?.setAttribute("aria-live", quiet ? "off" : "polite");
    },
  };
}

import { noCourse } from "./charts.js";
import { workerWith } from "./program.js";

/** @typedef {import("./messages.js").Settings} Settings */
/** @typedef {import("./messages.js").Built} Built */
/** @typedef {{ settings: Settings, file: import("./messages.js").File, course: import("./charts.js").Course, step: number, test: number }} Kept a network that another has taken the place of */

/**
 * A network that trains, and the one before it, which is not lost.
 * @param {{ built: (by: "build" | "load") => void, moved: () => void, measured: () => void, turned: () => void, failed: (error: import("./messages.js").Failed) => void }} view is told of what has happened
 */
export function session(view) {
  const now = {
    /** @type {Built | null} */ built: null,
    training: false,
    step: 0,
    epoch: 0,
    msPerStep: 0,
    /** @type {import("./messages.js").Measured | null} */ measured: null,
    course: noCourse(),
    /** @type {Kept | null} */ kept: null,
    /** @type {import("./messages.js").Kind[]} */ kinds: [],
  };
  const program = workerWith((said) => {
    if (said.say === "steps") moved(said);
    else if (said.say === "measured") {
      now.measured = said;
      const { steps, train, test } = now.course;
      if (steps[steps.length - 1] === said.step) for (const list of [steps, train, test]) list.pop();
      steps.push(said.step);
      train.push(said.train);
      test.push(said.test);
      view.measured();
    } else if (said.say === "error") {
      turned(false);
      view.failed(said);
    }
  });

  /** @param {import("./messages.js").Steps} said */
  function moved(said) {
    now.step = said.step;
    now.epoch = said.epoch;
    if (said.msPerStep > 0) now.msPerStep = said.msPerStep;
    now.course.losses.push(...said.losses);
    view.moved();
  }

  /** @param {boolean} training */
  function turned(training) {
    if (now.training === training) return;
    now.training = training;
    view.turned();
  }

  /** What is asked is asked one after the other. */
  let last = Promise.resolve();
  /** @template A @param {() => Promise<A>} ask @returns {Promise<A>} */
  const inTurn = (ask) => {
    const asked = last.then(ask);
    last = asked.then(
      () => {},
      () => {},
    );
    return asked;
  };

  async function pause() {
    if (!now.training) return;
    await program.ask({ do: "pause" });
    turned(false);
  }

  /** The network that is to be another is kept, once it has learned something. */
  async function keep() {
    await pause();
    if (now.step < 1 || !now.built) return;
    const { name, bytes } = /** @type {import("./messages.js").Saved} */ (await program.ask({ do: "save", format: "npz" }));
    const { course, step, measured, built } = now;
    return { settings: built.settings, file: { name, bytes }, course, step, test: measured?.test ?? Number.NaN };
  }

  /** @param {Omit<Built, "say">} said @param {Kept | undefined} kept @param {"build" | "load"} by */
  function begun(said, kept, by) {
    now.built = { ...said, say: "built" };
    if (kept) now.kept = kept;
    Object.assign(now, { step: 0, epoch: 0, measured: null, course: noCourse() });
    view.built(by);
  }

  /** @param {import("./messages.js").File} file @param {Settings} [settings] */
  async function load(file, settings) {
    const kept = await keep();
    const said = /** @type {import("./messages.js").Loaded} */ (await program.ask({ do: "load", file, ...(settings ? { settings } : {}) }));
    begun(said, kept, "load");
    return said;
  }

  return {
    now,
    begin: () =>
      inTurn(async () => {
        const said = await program.begin();
        now.kinds = said.kinds;
        return said.settings;
      }),
    /** @param {Settings} settings */
    build: (settings) =>
      inTurn(async () => {
        const kept = await keep();
        begun(/** @type {Built} */ (await program.ask({ do: "build", settings })), kept, "build");
      }),
    start: () =>
      inTurn(async () => {
        await program.ask({ do: "start" });
        turned(true);
      }),
    pause: () => inTurn(pause),
    step: () =>
      inTurn(async () => {
        await pause();
        moved(await program.ask({ do: "step" }));
      }),
    /** @param {import("./messages.js").File} file */
    load: (file) => inTurn(() => load(file)),
    /** Takes the network before this one, which is kept in its place. */
    back: () =>
      inTurn(async () => {
        const kept = now.kept;
        if (kept) await load({ ...kept.file, bytes: kept.file.bytes.slice() }, kept.settings);
      }),
    /** @param {"npz" | "safetensors"} format @returns {Promise<import("./messages.js").Saved>} */
    save: (format) => inTurn(() => program.ask({ do: "save", format })),
    /** @param {import("./messages.js").File[]} files */
    data: (files) =>
      inTurn(async () => {
        const { data } = /** @type {import("./messages.js").Dropped} */ (await program.ask({ do: "data", files }));
        now.kinds = [...now.kinds.filter((k) => k.kind !== data.kind), data];
        return data;
      }),
    // What is looked at does not wait for what is done.
    /** @returns {Promise<import("./messages.js").Weights>} */
    weights: () => program.ask({ do: "weights" }),
    /** @returns {Promise<import("./messages.js").Gradients>} */
    gradients: () => program.ask({ do: "gradients" }),
    /** @param {"train" | "test"} set @param {number} from @param {number} count @returns {Promise<import("./messages.js").Images>} */
    images: (set, from, count) => program.ask({ do: "images", set, from, count }),
    /** @param {import("./messages.js").Image} image @returns {Promise<import("./messages.js").Seen>} */
    look: (image) => program.ask({ do: "look", image }),
  };
}

import { charts } from "./charts.js";
import { controls } from "./controls.js";
import { experimentList } from "./experiments.js";
import { filesOf } from "./files.js";
import { filterSheet } from "./filters.js";
import { gradientBars } from "./gradients.js";
import { insideOf } from "./inside.js";
import { stageIn } from "./page.js";
import { button, make, say, short } from "./parts.js";
import { lacking } from "./program.js";
import { session } from "./session.js";
import { counted, folding, notice, part, percent } from "./words.js";

/** Begins the playground. @param {string} style */
export function begun(style) {
  const host = /** @type {HTMLElement} */ (document.getElementById("playground"));
  const { stage, show } = stageIn(host, style);
  const missing = lacking();
  if (missing.length) {
    const told = notice();
    told.tell(
      `This browser lacks ${missing.join(", ")}: the playground needs a newer one.`,
      `이 브라우저에는 ${missing.join(", ")}이(가) 없습니다. 더 새로운 브라우저가 필요합니다.`,
    );
    stage.body.append(told.element);
    show();
    return;
  }
  playground(stage, style);
  show();
}

/** Said of the network before. @type {import("./words.js").Said} */
const keeps = [" The one before is kept.", " 이전 신경망은 보관했습니다."];

/** A number with its name above. @param {string} english @param {string} korean */
function figure(english, korean) {
  const value = make("dd", {}, "–");
  return {
    element: make("div", {}, make("dt", {}, say(english, korean)), value),
    set: (/** @type {string} */ text) => (value.textContent = text),
  };
}

/** @param {import("./page.js").Stage} stage @param {string} style */
function playground(stage, style) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const told = notice(); // what has happened
  const wrong = notice(); // settings that do not fit
  const network = make("p", { class: "note" });
  /** Pressed before the program is there. */
  let wanted = false;
  let ready = false;

  const trainWords = make("span");
  const train = make("button", { type: "button", class: "train-button" }, trainWords);
  const oneStep = button("one step", "한 번 갱신", () =>
    act(async () => {
      await program.step();
      await refresh();
    }),
  );
  const anew = button("reset", "초기화", () => rebuild(set.get()));
  const figures = {
    step: figure("step", "갱신 횟수"),
    epoch: figure("epoch", "에폭"),
    loss: figure("loss", "손실"),
    train: figure("training images", "훈련 정확도"),
    test: figure("test images", "시험 정확도"),
    ms: figure("ms a step", "갱신당 ms"),
  };
  const chart = charts(stage);
  const filters = filterSheet(stage);
  const gradients = gradientBars();
  let settling = 0;
  const set = controls(stage, () => {
    clearTimeout(settling);
    settling = setTimeout(() => rebuild(set.get()), 300); // more may be changed
  });
  const program = session({ built: (by) => built(by), moved: () => draw(), measured: () => draw(), turned: () => turned(), failed });
  const inside = insideOf(style, (from, at) => program.images(from, at, 12));
  /** @type {(failed?: Promise<void>) => void} */
  let begins = () => {};
  /** Resolved when there is a program and a network, rejected when there will be none. @type {Promise<void>} */
  const begun = new Promise((resolve) => {
    begins = resolve;
  });
  begun.catch(() => {}); // it is told where it failed
  for (const control of [oneStep, anew]) control.disabled = true; // before that
  const files = filesOf(stage, program, {
    begun,
    images: async (kind) => {
      set.offerKinds(program.now.kinds);
      await program.build({ ...set.get(), kind: kind.kind });
    },
  });

  const small = matchMedia("(max-width: 60rem)");
  const own = make(
    "p",
    { class: "note" },
    say(
      "The network is the file's. Training settings in effect are those below; a change makes a new network as set here.",
      "지금 신경망은 파일의 것입니다. 학습 설정은 아래와 같고, 설정을 바꾸면 여기 설정대로 새 신경망을 만듭니다.",
    ),
  );
  own.hidden = true;
  const settings = folding(["Settings", "설정"], !small.matches, own, set.element, wrong.element);
  small.addEventListener("change", () => {
    if (!small.matches) /** @type {HTMLDetailsElement} */ (settings).open = true; // beside the training there is room for them
  });
  const kept = make("span");
  const keptLine = make(
    "div",
    { class: "controls note" },
    kept,
    button("take it back", "되돌리기", () => act(() => program.back())),
  );
  stage.body.append(
    make(
      "div",
      { class: "columns" },
      make(
        "div",
        { class: "course" },
        make("div", { class: "controls drive" }, train, oneStep, anew),
        told.element,
        make("dl", { class: "figures" }, ...Object.values(figures).map((f) => f.element)),
        chart.element,
        keptLine,
        network,
        make(
          "div",
          { class: "columns even" },
          part(["Filters", "필터"], filters.element),
          part(["Gradients", "기울기"], gradients.element),
        ),
      ),
      make("div", { class: "side" }, settings),
    ),
    part(
      ["What to try", "해 볼 만한 실험"],
      experimentList((changes, name) => rebuild({ ...plain, kind: set.get().kind, ...changes }, name)),
    ),
    part(["Look inside", "들여다보기"], inside.element),
    part(["Files", "파일"], files.element),
  );
  /** Settings to begin with, which experiments change. @type {import("./messages.js").Settings} */
  let plain = set.get();

  train.addEventListener("click", () => {
    if (!ready) {
      wanted = !wanted;
      turned();
    } else void act(() => (program.now.training ? program.pause() : program.start()));
  });

  /** Does something, and tells what goes wrong. @param {() => Promise<unknown>} what */
  async function act(what) {
    try {
      await what();
    } catch (error) {
      told.fail(error);
    }
  }

  /** Makes a new network. @param {import("./messages.js").Settings} settings @param {import("./words.js").Said} [name] of an experiment */
  async function rebuild(settings, name) {
    if (!ready) return;
    clearTimeout(settling);
    wrong.clear();
    try {
      await program.build(settings);
      if (!name) return;
      const last = program.now.kept ? keeps : ["", ""];
      told.tell(`${name[0]}. Press Train.${last[0]}`, `${name[1]}. 학습을 누르세요.${last[1]}`);
      train.scrollIntoView({ block: "center" });
      train.focus({ preventScroll: true });
    } catch (error) {
      const stays = /** @type {import("./words.js").Said} */ (["The network is still the one before.", "신경망은 아직 이전 그대로입니다."]);
      (name ? told : wrong).fail(error, stays);
    }
  }

  /** @param {"build" | "load"} by */
  function built(by) {
    const of = program.now.built;
    if (!of) return;
    set.set(of.settings);
    own.hidden = !of.own;
    wrong.clear();
    const total = counted(of.total);
    const last = program.now.kept;
    keptLine.hidden = !last;
    if (last) {
      const read = percent(last.test);
      kept.replaceChildren(
        say(
          `The network before: step ${counted(last.step)}, ${read} of the test images.`,
          `이전 신경망: 갱신 ${counted(last.step)}회, 시험 정확도 ${read}.`,
        ),
      );
    }
    const ending = last ? keeps : ["", ""];
    if (last || by === "load")
      told.tell(`A new network of ${total} parameters.${ending[0]}`, `매개변수 ${total}개인 새 신경망입니다.${ending[1]}`);
    else told.clear();
    const drawn = of.data.standIn
      ? [
          " The images are drawn by a program: the machine that made this page had no others.",
          " 이미지는 프로그램이 그린 것입니다. 이 페이지를 만든 컴퓨터에 다른 이미지가 없었습니다.",
        ]
      : ["", ""];
    const layers = of.layers.map(({ name, shape }) => `${name} ${shape.join("x")}`).join(", ");
    network.replaceChildren(
      say(`${of.data.title}. ${total} parameters: ${layers}.${drawn[0]}`, `${of.data.title}. 매개변수 ${total}개: ${layers}.${drawn[1]}`),
    );
    draw();
    fresh = of;
    void refresh();
  }

  function turned() {
    const training = program.now.training || (!ready && wanted);
    trainWords.replaceChildren(training ? say("Pause", "일시 정지") : say("Train", "학습"));
    train.classList.toggle("training", training);
    if (!ready) {
      if (wanted)
        told.tell("The program is being loaded; training begins by itself.", "프로그램을 불러오는 중입니다. 곧 학습이 시작됩니다.");
      else told.clear();
      return;
    }
    inside.quiet(program.now.training);
    if (program.now.training) told.tell("Training …", "학습 중 …");
    else {
      told.tell(`Paused at step ${program.now.step}.`, `갱신 ${program.now.step}회에서 멈췄습니다.`);
      void refresh();
    }
  }

  /** @param {import("./messages.js").Failed} failed */
  function failed({ en, ko }) {
    told.tell(en, ko);
    told.element.classList.add("wrong");
  }

  let drawing = false;
  /** Draws the course of the training, once in a frame. */
  function draw() {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(() => {
      drawing = false;
      const { step, epoch, msPerStep, measured, course, kept } = program.now;
      figures.step.set(counted(step));
      figures.epoch.set(epoch.toFixed(1));
      const loss = course.losses[course.losses.length - 1];
      figures.loss.set(loss === undefined ? "–" : short(Number(loss.toFixed(3))));
      figures.train.set(percent(measured?.train ?? Number.NaN));
      figures.test.set(percent(measured?.test ?? Number.NaN));
      figures.ms.set(msPerStep > 0 ? msPerStep.toFixed(0) : "–");
      chart.draw(course, kept?.course ?? null);
    });
  }

  let refreshing = false;
  let again = false; // what was asked for meanwhile
  /** The network whose figure is to be made anew. @type {import("./messages.js").Built | null} */
  let fresh = null;
  /** Shows the weights and gradients as they are now. */
  async function refresh() {
    again = refreshing;
    if (refreshing || !program.now.built) return;
    refreshing = true;
    try {
      const of = fresh;
      const [weights, sizes] = [await program.weights(), await program.gradients()];
      if (fresh !== of) return; // another network has come
      fresh = null;
      filters.draw(weights.parameters);
      gradients.draw(sizes.parameters);
      if (of) await inside.begin(of, weights);
      else inside.renew(weights, program.now.training);
      inside.quiet(program.now.training);
    } catch (error) {
      told.fail(error);
    } finally {
      refreshing = false;
      if (fresh || again) void refresh();
    }
  }
  // While it trains what is drawn follows, seldom for those who want little motion.
  let seconds = 0;
  setInterval(() => {
    seconds++;
    if (program.now.training && !document.hidden && seconds % (calm.matches ? 5 : 1) === 0) void refresh();
  }, 1000);

  stage.tell({ now: program.now, look: program.look, ready: () => ready });
  keptLine.hidden = true;
  turned();
  draw();
  void act(async () => {
    try {
      plain = await program.begin();
      set.offerKinds(program.now.kinds);
      await program.build(plain);
    } catch (error) {
      train.disabled = true;
      begins(Promise.reject(error));
      throw error;
    }
    ready = true;
    for (const control of [oneStep, anew]) control.disabled = false;
    turned();
    told.clear();
    begins();
    if (wanted) await program.start();
  });
}

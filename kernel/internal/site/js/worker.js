/**
 * What runs in the Worker, behind wasm_exec.js, which brings Go. It hands messages to the program and
 * lets it train in small turns, between which messages are looked at.
 */

/** @typedef {{ run: (instance: WebAssembly.Instance) => Promise<void>, importObject: WebAssembly.Imports }} Program */
/** @typedef {{ Go: new () => Program, convbookAnswer: (message: object) => object[], convbookTurn: () => [object[], boolean] }} Given by wasm_exec.js and the program */

const given = /** @type {Given} */ (/** @type {unknown} */ (globalThis));
const between = new MessageChannel();
const ended = {
  say: "error",
  en: "The program in this page has ended; open the page anew.",
  ko: "이 페이지의 프로그램이 끝났습니다. 페이지를 다시 여세요.",
};
/** "" before the program runs. @type {"" | "runs" | "ended"} */
let state = "";
let turning = false;
/** Messages are answered one after the other. @type {Promise<void>} */
let last = Promise.resolve();

/** @param {object[]} answers */
const post = (answers) => {
  for (const one of answers) postMessage(one);
};

/** @param {{ program: ArrayBuffer }} message */
async function begin(message) {
  const go = new given.Go();
  const { instance } = await WebAssembly.instantiate(message.program, go.importObject);
  state = "runs";
  go.run(instance).then(
    () => {
      state = "ended";
    },
    () => {
      state = "ended";
    },
  );
}

between.port1.onmessage = () => {
  turning = false;
  if (state !== "runs") return;
  try {
    const [said, more] = given.convbookTurn();
    post(said);
    if (more) turn();
  } catch {
    state = "ended";
    post([ended]);
  }
};

/** Asks for another turn, behind the messages that wait. */
function turn() {
  if (turning) return;
  turning = true;
  between.port2.postMessage(0);
}

/** @param {any} message */
async function answer(message) {
  try {
    if (message?.do === "begin" && state === "") await begin(message);
    if (state !== "runs") {
      post([{ ...ended, id: message?.id }]);
      return;
    }
    const { program: _, ...asked } = message;
    post(given.convbookAnswer(asked));
    turn();
  } catch (fault) {
    if (state === "runs") state = "ended";
    post([{ ...ended, en: `${ended.en} (${fault})`, ko: `${ended.ko} (${fault})`, id: message?.id }]);
  }
}

addEventListener("message", ({ data }) => {
  last = last.then(() => answer(data));
});

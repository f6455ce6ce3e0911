import { Told } from "./words.js";

/** @typedef {import("./messages.js").Ask} Ask */
/** @typedef {import("./messages.js").Said} Answered */
/** @typedef {import("./messages.js").Answer} Answer */

/** What the browser lacks that the page needs. */
export const lacking = () =>
  [
    ["WebAssembly", typeof WebAssembly],
    ["DecompressionStream", typeof DecompressionStream],
    ["Worker", typeof Worker],
  ]
    .filter(([, type]) => type === "undefined")
    .map(([name]) => name);

const largest = 256 << 20; // bytes, unpacked

/**
 * Unpacks what the script beside the page holds: base64 of gzip.
 * @param {string} text
 * @returns {Promise<ArrayBuffer>}
 */
async function unzipped(text) {
  const packed = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const all = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  if (all.byteLength > largest) throw new Error("the program is too large");
  return all;
}

/** Waits until the script beside the page has run. @returns {Promise<{ program: string, images: string }>} */
function beside() {
  const held = /** @type {{ convbookProgram?: string, convbookImages?: string }} */ (globalThis);
  const taken = () => {
    const [program, images] = [held.convbookProgram, held.convbookImages];
    if (!program || !images) return null;
    held.convbookProgram = held.convbookImages = undefined; // it is large
    return { program, images };
  };
  return new Promise((resolve, reject) => {
    const look = () => {
      const all = taken();
      if (all) resolve(all);
      else if (document.readyState === "complete")
        reject(
          new Told(
            "playground.wasm.js is not beside this page, or is damaged. Write the site anew with go run ./kernel site.",
            "이 페이지 옆에 playground.wasm.js가 없거나 손상되었습니다. go run ./kernel site로 사이트를 다시 만드세요.",
          ),
        );
      else document.addEventListener("readystatechange", look, { once: true });
    };
    look();
  });
}

/**
 * The program in its Worker.
 * @param {(said: Answer) => void} heard what comes while the network trains
 */
export function workerWith(heard) {
  const address = URL.createObjectURL(new Blob([document.getElementById("worker")?.textContent ?? ""], { type: "text/javascript" }));
  const worker = new Worker(address);
  /** @type {Map<number, { resolve: (said: any) => void, reject: (error: Error) => void }>} */
  const waiting = new Map();
  let number = 0;
  worker.onmessage = (/** @type {MessageEvent<Answered>} */ { data }) => {
    if (data.id === undefined) {
      heard(data);
      return;
    }
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.say === "error") asked?.reject(new Told(data.en, data.ko));
    else asked?.resolve(data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    console.error("convbook:", event.message);
    const told = /** @type {const} */ ({
      en: "The program has ended. Reload the page to begin anew.",
      ko: "프로그램이 끝났습니다. 페이지를 다시 불러와 새로 시작하세요.",
    });
    for (const { reject } of waiting.values()) reject(new Told(told.en, told.ko));
    waiting.clear();
    heard({ say: "error", ...told });
  };
  /**
   * Asks and waits for the answer, which throws what the Worker says of an error.
   * @template {Answer} A
   * @param {Ask} message
   * @param {Transferable[]} [given]
   * @returns {Promise<A>}
   */
  const ask = (message, given = []) =>
    new Promise((resolve, reject) => {
      waiting.set(++number, { resolve, reject });
      worker.postMessage({ ...message, id: number }, given);
    });
  return {
    ask,
    /** Sends the program and the images. */
    async begin() {
      const held = await beside();
      const [program, images] = await Promise.all([unzipped(held.program), unzipped(held.images)]);
      return /** @type {Promise<import("./messages.js").Begun>} */ (ask({ do: "begin", program, images }, [program, images]));
    },
  };
}

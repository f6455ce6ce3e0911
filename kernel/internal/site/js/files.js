import { goLines } from "./golines.js";
import { button, make, say } from "./parts.js";
import { counted, notice, Told } from "./words.js";

/** @typedef {import("./messages.js").File} Given */

const mostGiven = 200 << 20; // bytes of all files that are dropped together

/** Reads files that a person gave. @param {File[]} files @returns {Promise<Given[]>} */
async function read(files) {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size > mostGiven)
    throw new Told(
      `These files have ${counted(size >> 20)} MB, which is more than images or weights can have here (${mostGiven >> 20} MB).`,
      `파일이 ${counted(size >> 20)} MB입니다. 여기서 읽을 수 있는 이미지나 가중치는 ${mostGiven >> 20} MB까지입니다.`,
    );
  try {
    return await Promise.all(files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })));
  } catch {
    throw new Told("A file could not be read: give files, not folders.", "읽을 수 없는 파일이 있습니다. 폴더가 아니라 파일을 놓으세요.");
  }
}

/** What is said of settings that no file tells. @type {Record<string, import("./words.js").Said>} */
const left = {
  activation: ["activation", "활성화 함수"],
  dropout: ["dropout", "드롭아웃"],
  pad: ["padding", "패딩"],
  pool: ["pooling", "풀링"],
};

/** By what a network that was loaded is known. @param {import("./messages.js").Loaded} loaded @returns {import("./words.js").Said} */
function knownBy({ by, assumed, right: [right, of], data }) {
  const [english, korean] = [0, 1].map((i) => assumed.map((name) => left[name]?.[i] ?? name).join(", "));
  const reads = [`It reads ${right} of ${of} test images of ${data.title}.`, `${data.title} 시험 이미지 ${of}장 중 ${right}장을 맞힙니다.`];
  if (by === "file")
    return of > 0
      ? [`The file says what it is. ${reads[0]}`, `구조는 파일에 적힌 대로입니다. ${reads[1]}`]
      : ["The file says what it is.", "구조는 파일에 적힌 대로입니다."];
  if (by === "images")
    return [
      `Of the networks with these shapes this one reads the most images: ${right} of ${of} of ${data.title}. No file tells ${english}: as set here.`,
      `이 형상에 맞는 신경망 가운데 이미지를 가장 많이 맞히는 것입니다: ${data.title} ${of}장 중 ${right}장. 파일에 없는 ${korean}: 여기 설정대로입니다.`,
    ];
  return [
    `Shapes do not tell ${english}: as set here. ${reads[0]} If it was trained, it is another network: save it with params.Network(net.Description()).`,
    `형상만으로 알 수 없는 ${korean}: 여기 설정대로입니다. ${reads[1]} 학습한 신경망이라면 구조가 다른 것입니다. params.Network(net.Description())로 저장하세요.`,
  ];
}

/** Hands a file to the person. @param {Given} file */
function handOut({ name, bytes }) {
  const address = URL.createObjectURL(new Blob([/** @type {BlobPart} */ (bytes)], { type: "application/octet-stream" }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/**
 * Files that come and go: weights, images, and the lines of Go that read what was saved.
 * @param {import("./page.js").Stage} stage
 * @param {ReturnType<typeof import("./session.js").session>} session
 * @param {{ begun: Promise<void>, images: (kind: import("./messages.js").Kind) => Promise<void> }} then when files are taken, and what is done with new images
 */
export function filesOf(stage, session, then) {
  const told = notice();
  const lines = make("pre", { tabindex: "0", class: "go" });
  stage.name(lines, "lines of Go for a notebook", "노트북에 붙여 넣을 Go 코드");
  const copied = notice();
  const copy = button("copy", "복사", async () => {
    try {
      await navigator.clipboard.writeText(lines.textContent ?? "");
      copied.tell("Copied.", "복사했습니다.");
    } catch {
      globalThis.getSelection()?.selectAllChildren(lines);
      copied.tell("Selected: copy it with the keyboard or the menu.", "선택했습니다. 키보드나 메뉴로 복사하세요.");
    }
  });
  const saved = make(
    "div",
    {},
    make(
      "p",
      { class: "note" },
      say(
        "Put the file beside the notebook, and paste these lines into a cell:",
        "파일을 노트북 옆에 두고 다음 줄들을 셀에 붙여 넣으세요.",
      ),
    ),
    lines,
    make("div", { class: "controls" }, copy),
    copied.element,
  );
  saved.hidden = true;

  /** @param {"npz" | "safetensors"} format */
  async function save(format) {
    told.clear();
    try {
      const file = await session.save(format);
      const built = session.now.built;
      if (!built) return;
      handOut(file);
      lines.textContent = goLines(built.network, built.settings, file.name);
      saved.hidden = false;
      told.tell(`Saved as ${file.name}.`, `${file.name}(으)로 저장했습니다.`);
    } catch (error) {
      told.fail(error);
    }
  }

  /** @param {File[]} files */
  async function give(files) {
    if (files.length < 1) return;
    told.tell("Reads …", "읽는 중 …");
    try {
      const given = await read(files);
      await then.begun;
      const weights = given.filter(({ name }) => /\.(npz|safetensors|pkl)$/i.test(name));
      const images = given.filter((file) => !weights.includes(file));
      if (weights.length > 1 || (weights.length && images.length))
        throw new Told("Give one file of weights, or the files of images.", "가중치 파일 하나 또는 이미지 파일들을 주세요.");
      if (weights.length) {
        const loaded = await session.load(weights[0]);
        const [english, korean] = knownBy(loaded);
        told.tell(
          `${weights[0].name}: a network of ${counted(loaded.total)} parameters. ${english}`,
          `${weights[0].name}: 매개변수 ${counted(loaded.total)}개인 신경망입니다. ${korean}`,
        );
      } else {
        const kind = await session.data(images);
        await then.images(kind);
        told.tell(
          `${kind.title}: ${counted(kind.train)} training and ${counted(kind.test)} test images.`,
          `${kind.title}: 훈련 이미지 ${counted(kind.train)}장, 시험 이미지 ${counted(kind.test)}장.`,
        );
      }
    } catch (error) {
      told.fail(error);
    }
  }

  const input = make("input", { type: "file", multiple: "", class: "unseen" });
  stage.name(input, "open files of weights or images", "가중치나 이미지 파일 열기");
  input.addEventListener("change", () => {
    void give([...(input.files ?? [])]);
    input.value = "";
  });
  const element = make(
    "div",
    {},
    make(
      "p",
      { class: "note" },
      say(
        "Drop files anywhere on this page: weights (.npz, .safetensors), or the idx files of all images as they are downloaded (.gz too).",
        "이 페이지 아무 곳에나 파일을 놓으세요: 가중치(.npz, .safetensors)나 내려받은 그대로의 idx 이미지 파일(.gz도 가능).",
      ),
    ),
    make(
      "div",
      { class: "controls" },
      make("label", { class: "button" }, input, make("span", {}, say("open files", "파일 열기"))),
      button("save .npz", ".npz 저장", () => void save("npz")),
      button("save .safetensors", ".safetensors 저장", () => void save("safetensors")),
    ),
    told.element,
    saved,
  );
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    stage.body.classList.add("dropping");
  });
  for (const type of ["dragleave", "drop"]) document.addEventListener(type, () => stage.body.classList.remove("dropping"));
  document.addEventListener("drop", (event) => {
    event.preventDefault(); // the browser would open it, and the network would be lost
    element.scrollIntoView({ block: "nearest" });
    void give([...(event.dataTransfer?.files ?? [])]);
  });
  return { element };
}

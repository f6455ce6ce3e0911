/** Parts that follow each other, as a description has them: at what commas they part. @param {string} text */
function parted(text) {
  /** @type {string[]} */
  const parts = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i <= text.length; i++) {
    if ("({".includes(text[i] ?? ",")) depth++;
    else if (")}".includes(text[i] ?? ",")) depth--;
    if (i === text.length || (text[i] === "," && depth === 0)) {
      parts.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  return parts;
}

/**
 * The lines of Go with which a notebook reads a saved network: a cell.
 * @param {string} network (1, 28, 28) Conv(8, 5, 1, 0), Relu(), …: as its Description has it
 * @param {import("./messages.js").Settings} settings
 * @param {string} file
 */
export function goLines(network, settings, file) {
  const scale = typeof settings.std === "number" ? `convnet.Std(${settings.std})` : settings.std === "he" ? "convnet.He" : "convnet.Xavier";
  const end = network.indexOf(")");
  /** A line for each part that learns, with those behind it. @type {string[]} */
  const parts = [];
  for (const part of parted(network.slice(end + 1))) {
    const go = `${part.replaceAll(/\b[A-Z]\w*\(/g, "convnet.$&").replaceAll("{", "[]convnet.Part{")},`;
    if (parts.length === 0 || /^(Conv|Affine|Residual|Shortcut|Branches)\(/.test(part)) parts.push(go);
    else parts.push(`${parts.pop()} ${go}`);
  }
  const uses = ["convbook/pkg/convnet", "convbook/pkg/nprandom", "convbook/pkg/params"].map((path) => `\t"${path}"`);
  return [
    "import (",
    '\t"fmt"',
    "",
    ...uses,
    ")",
    "",
    "%%",
    `net := convnet.Build[float32](nprandom.New(0), []int{${network.slice(1, end)}}, ${scale},`,
    ...parts.map((part) => `\t${part}`),
    ")",
    `arrays, err := params.Load[float32]("${file}")`,
    "if err == nil {",
    "\terr = net.SetParams(arrays)",
    "}",
    "if err != nil {",
    "\tpanic(err)",
    "}",
    "fmt.Println(net.Summary())",
  ].join("\n");
}

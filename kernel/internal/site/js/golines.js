/**
 * The lines of Go with which a notebook reads a saved network: a cell.
 * @param {import("./messages.js").Settings} settings
 * @param {string} file
 * @param {[number, number]} size of the images
 * @param {number} classes
 */
export function goLines(settings, file, [height, width], classes) {
  const activation = settings.activation === "relu" ? "Relu" : "Sigmoid";
  const scale = typeof settings.std === "number" ? `convnet.Std(${settings.std})` : settings.std === "he" ? "convnet.He" : "convnet.Xavier";
  const parts = settings.filters.map((filters) =>
    [
      `convnet.Conv(${filters}, ${settings.size}, 1, ${settings.pad}), convnet.${activation}(),`,
      ...(settings.pool > 1 ? [`convnet.Pool(${settings.pool}, ${settings.pool}),`] : []),
    ].join(" "),
  );
  parts.push(`convnet.Affine(${settings.hidden}), convnet.${activation}(),`);
  if (settings.dropout > 0) parts.push(`convnet.Dropout(${settings.dropout}),`);
  parts.push(`convnet.Affine(${classes}),`);
  const uses = ["convbook/pkg/convnet", "convbook/pkg/nprandom", "convbook/pkg/params"].map((path) => `\t"${path}"`);
  return [
    "import (",
    '\t"fmt"',
    "",
    ...uses,
    ")",
    "",
    "%%",
    `net := convnet.Build[float32](nprandom.New(0), []int{1, ${height}, ${width}}, ${scale},`,
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

/**
 * A network as the figure of pkg/explore takes it: what its layers are, and their arrays.
 * @param {import("./messages.js").Drawn[]} drawn
 * @param {import("./messages.js").Weights} weights
 */
export function described(drawn, { parameters, scales }) {
  const known = new Map([...parameters, ...scales].map(({ name, values }) => [name, values]));
  /** @type {ArrayLike<number>[]} */
  const arrays = [];
  const layers = drawn.map(({ arrays: names, ...is }) => {
    if (!names?.length) return is;
    const first = arrays.length;
    arrays.push(...names.map((name) => known.get(name) ?? []));
    return { ...is, arrays: first };
  });
  return { layers, arrays };
}

/** Whether weights are numbers: those of a training that has diverged are none. @param {import("./messages.js").Weights} weights */
export const finite = ({ parameters }) => parameters.every(({ values }) => values.every(Number.isFinite));

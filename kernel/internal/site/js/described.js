/**
 * A network as the figure of pkg/explore takes it: what its layers are, and their arrays.
 * @param {import("./messages.js").Settings} settings
 * @param {import("./messages.js").Layer[]} layers
 * @param {import("./messages.js").Values[]} parameters
 */
export function described(settings, layers, parameters) {
  /** @type {ArrayLike<number>[]} */
  const arrays = [];
  let taken = 0;
  const own = () => {
    const first = arrays.length;
    arrays.push(parameters[taken].values, parameters[taken + 1].values);
    taken += 2;
    return first;
  };
  const all = layers.flatMap(({ name, kind, shape }) => {
    if (kind === "Convolution")
      return [
        { kind: "conv", name, window: [settings.size, settings.size], stride: 1, pad: settings.pad, filters: shape[0], arrays: own() },
      ];
    if (kind === "Pooling") return [{ kind: "pool", name, window: [settings.pool, settings.pool], stride: settings.pool, pad: 0 }];
    if (kind === "Affine") return [{ kind: "affine", name, units: shape[0], arrays: own() }];
    if (kind === "Dropout") {
      arrays.push([1 - settings.dropout], [0]); // in evaluation
      return [{ kind: "scale", name, arrays: arrays.length - 2 }];
    }
    return kind === "Relu" || kind === "Sigmoid" ? [{ kind: kind.toLowerCase(), name }] : [];
  });
  return { layers: all, arrays };
}

/** Whether weights are numbers: those of a training that has diverged are none. @param {import("./messages.js").Values[]} parameters */
export const finite = (parameters) => parameters.every(({ values }) => values.every(Number.isFinite));

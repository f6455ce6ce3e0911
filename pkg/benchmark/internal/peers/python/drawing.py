"""What every peer draws alike, convbook too: weights, images, matrices."""

import numpy as np

INPUT = (1, 28, 28)
CLASSES = 10
TRIAL = 20  # images
LEARNING_RATE, BETA1, BETA2, EPSILON = 0.001, 0.9, 0.999, 1e-7
NORM_EPSILON = 10e-7  # as the class writes it


def weights(work):
    """W and b of each convolution and affine layer, in float64, drawn as the class does."""
    rng = np.random.RandomState(0)
    drawn = []
    c, h, w = INPUT
    flat = None
    for layer in work["layers"]:
        kind = layer["kind"]
        if kind == "conv":
            shape = (layer["units"], c, layer["size"], layer["size"])
            drawn.append((rng.randn(*shape) * scale(work, c * layer["size"] ** 2), np.zeros(layer["units"])))
            c = layer["units"]
            h, w = (1 + (side + 2 * layer["pad"] - layer["size"]) // layer["stride"] for side in (h, w))
        elif kind == "pool":
            h, w = (1 + (side - layer["size"]) // layer["stride"] for side in (h, w))
        elif kind == "affine":
            flat = flat or c * h * w
            drawn.append((rng.randn(flat, layer["units"]) * scale(work, flat), np.zeros(layer["units"])))
            flat = layer["units"]
    return drawn


def scale(work, fan_in):
    return work["std"] or np.sqrt(2 / fan_in)


def images(work):
    """Images (N, 1, 28, 28) in float32 and labels: the first ones of more are those of fewer."""
    n = work["images"]
    return np.random.RandomState(1).rand(n, *INPUT).astype(np.float32), np.random.RandomState(4).randint(0, CLASSES, n)


def matrices(work):
    rng = np.random.RandomState(2)
    m, n, k = work["m"], work["n"], work["k"]
    a = rng.rand(k, m).astype(np.float32).T if work["trans_a"] else rng.rand(m, k).astype(np.float32)
    b = rng.rand(n, k).astype(np.float32).T if work["trans_b"] else rng.rand(k, n).astype(np.float32)
    return a, b


def trial_of(work):
    """The same network without dropout, on a small batch: it has one outcome, whoever computes it."""
    if work["kind"] == "product":
        return work
    layers = [layer for layer in work["layers"] if layer["kind"] != "dropout"]
    return dict(work, layers=layers, batch=TRIAL, images=TRIAL)

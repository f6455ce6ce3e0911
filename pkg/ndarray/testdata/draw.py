"""Prints COUNT random arrays and the texts that NumPy prints for them, as JSON.

    python3 draw.py MAJOR SEED COUNT

MAJOR is 1 or 2 and must be that of the NumPy.

Each case is {dtype, shape, values, str, repr}. The values are repeated until the
shape is filled (np.resize), which keeps large arrays short here.
"""

import json
import sys

import numpy as np


def case(dtype, shape, values):
    values = np.asarray(values, dtype)
    a = np.resize(values, shape) if 0 not in shape else np.zeros(shape, dtype)
    words = " ".join(str(v) for v in values.ravel())
    return {"dtype": dtype, "shape": list(shape), "values": words, "str": str(a), "repr": repr(a)}


def drawn(seed, count):
    rng = np.random.RandomState(seed)
    for _ in range(count):
        dtype = ["float32", "float64"][rng.randint(2)]
        ndim = rng.randint(0, 5)
        top = int(rng.choice([2, 4, 9, 30] if ndim < 4 else [2, 4, 9]))
        shape = tuple(int(n) for n in rng.randint(0 if rng.rand() < 0.05 else 1, top + 1, ndim))
        n = int(rng.randint(1, 12))
        kind = rng.randint(7)
        if kind == 0:
            values = rng.randn(n)
        elif kind == 1:
            values = rng.randn(n) * 10.0 ** rng.randint(-12, 12)
        elif kind == 2:
            values = rng.randn(n) * 10.0 ** rng.uniform(-6, 6, n)
        elif kind == 3:
            values = rng.randint(-1000, 1000, n) / 10.0 ** rng.randint(0, 4)
        elif kind == 4:
            values = rng.randint(0, 256, n) / 255
        elif kind == 5:
            bits = rng.randint(0, 2 ** 32, n, dtype=np.uint32) if dtype == "float32" else \
                rng.randint(0, 2 ** 63, n, dtype=np.int64).astype(np.uint64) * 2 + 1
            values = bits.view(dtype)
        else:
            values = rng.choice([0.0, -0.0, 1.0, 2.5, -3.0, np.nan, np.inf, -np.inf, 1e-6, 1e7, 2.0 ** rng.randint(-120, 120)], n)
        if rng.rand() < 0.05:
            values = np.append(values, [np.nan, np.inf, -np.inf][rng.randint(3)])
        with np.errstate(all="ignore"):
            yield case(dtype, shape, values)


def main():
    if not np.__version__.startswith(sys.argv[1] + "."):
        sys.exit("needs NumPy " + sys.argv[1] + ", this is NumPy " + np.__version__)
    cases = drawn(int(sys.argv[2]), int(sys.argv[3]))
    print("[" + ",\n".join(json.dumps(c) for c in cases) + "]")


if __name__ == "__main__":
    main()

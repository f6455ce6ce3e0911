# Writes text.json: arrays and the texts that NumPy prints for them.
#     python3 text.py            (NumPy 1 writes text.json, NumPy 2 text2.json;
#                                 made with NumPy 1.24 and NumPy 2.4.6)
import json, struct
import numpy as np

r = np.random.RandomState(0)
cases = []

def add(a):
    a = np.asarray(a)
    flat = a.ravel()
    word = {"float32": "<u4", "float64": "<u8"}[a.dtype.name]
    if a.size > 1000:  # kept by formula: see largeArrays in text_test.go
        return
    cases.append({"dtype": a.dtype.name, "shape": list(a.shape), "hex": flat.view(word).astype(word).tobytes().hex(),
                  "str": str(a), "repr": repr(a), "number": repr(a[()]) if a.ndim == 0 else ""})

special = [0.0, -0.0, 1.0, -1.0, 0.1, 1e-4, 9.9e-5, 1e8, 99999999.0, 123456.789, 1e-300, 1e300, 5e-324, np.nan, np.inf, -np.inf,
           1/3, 2/3, 1e16, 1e15, 123456789.123456789, 0.100000001, 999.9999999999, 0.5, 1000.0, 1001.0, 0.001, 2.5e-8,
           999999.0, 999999.9, 1e6, -1e6, 1000001.0, 1234567.0, 9999999.0, 1e7, 16777216.0]
for dtype in [np.float32, np.float64]:
    with np.errstate(over="ignore", under="ignore"):
        for v in special:
            add(np.array(v, dtype=dtype)); add(np.array([v], dtype=dtype)); add(np.array([v, 1.5], dtype=dtype)); add(np.array([v, np.nan, -np.inf], dtype=dtype))
    for shape in [(0,), (0, 3), (2, 0), (1,), (3,), (2, 3), (30,), (5, 13), (2, 3, 4), (1, 1, 1), (2, 2, 2, 3), (1, 3, 1, 2), (7, 1)]:
        for kind in range(6):
            n = int(np.prod(shape))
            a = [r.rand(n), r.randn(n) * 100, r.randint(-50, 50, n).astype(float), np.exp(r.randn(n) * 8), r.randn(n) * 1e-5, np.round(r.randn(n), 2)][kind]
            add(a.astype(dtype).reshape(shape))
    for _ in range(60):
        n = r.randint(1, 9)
        a = r.randn(n) * 10.0 ** r.randint(-9, 10)
        if r.rand() < 0.3: a = np.round(a, r.randint(0, 5))
        if r.rand() < 0.2: a[r.randint(n)] = [np.nan, np.inf, -np.inf][r.randint(3)]
        add(a.astype(dtype))

for dtype in [np.float32, np.float64]:  # powers of two: ties and uneven neighbours
    for k in [-96, -44, -24, -12, 23, 26, 52, 87, 89, 90]:
        add(np.array(2.0 ** k, dtype=dtype)); add(np.array([2.0 ** k, 1.2345678], dtype=dtype))
    add(np.array(98816176.0, dtype=dtype)); add(np.array([98816176.0, 12345678.0], dtype=dtype))

large = []
for dtype in ["float32", "float64"]:
    for shape in [(1001,), (40, 30), (3, 400), (400, 3), (10, 1, 28, 28), (8, 8, 20), (2, 7, 7, 11), (1000,), (10, 100)]:
        n = int(np.prod(shape))
        a = (((np.arange(n) * 7919) % 10007) / 10007 - 0.25).astype(dtype).reshape(shape)
        large.append({"dtype": dtype, "shape": list(shape), "str": str(a), "repr": repr(a)})
json.dump({"cases": cases, "large": large}, open("text2.json" if np.__version__.startswith("2.") else "text.json", "w"), separators=(",", ":"))
print(len(cases), len(large))

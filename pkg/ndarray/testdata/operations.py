# Writes operations.json: results of NumPy's operations.
#     python3 operations.py      (made with NumPy 1.24)
import json
import numpy as np

def pack(a):
    a = np.asarray(a, dtype=float)
    return {"shape": list(a.shape), "data": [repr(float(v)) for v in a.ravel()]}

r = np.random.RandomState(1)
out = []

def case(op, args, result, *settings):
    out.append({"op": op, "args": [pack(a) for a in args], "result": pack(result), "settings": [int(s) for s in settings]})

for sa, sb in [((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 3), (1, 3)), ((2, 1), (1, 4)), ((3,), (2, 3)), ((4, 1, 2), (3, 1)), ((2, 3, 4), (1,)), ((2, 2, 3, 4), (2, 1, 1)), ((0, 3), (3,)), ((1,), ())]:
    a, b = r.randn(*sa), np.asarray(r.randn(*sb))
    case("add", [a, b], a + b); case("sub", [a, b], a - b); case("mul", [a, b], a * b); case("div", [a, b], a / b)
for shape in [(4,), (2, 3), (2, 3, 4), (2, 3, 4, 5)]:
    a = r.randint(-4, 5, shape).astype(float)
    for axis in range(-1, len(shape)):
        case("sum", [a], a.sum(axis), axis); case("max", [a], a.max(axis), axis); case("mean", [a], a.mean(axis), axis); case("argmax", [a], a.argmax(axis), axis)
    case("sum", [a], a.sum()); case("mean", [a], a.mean())
    for _ in range(4):
        axes = r.permutation(len(shape))
        case("transpose", [a], a.transpose(*axes), *axes)
    case("transpose", [a], a.T)
a = r.randn(2, 3, 4, 5)
for axes in [(0, 2), (1, 3), (0, 2, 3), (-1, 0), (0, 1, 2, 3)]:
    case("sum", [a], a.sum(axes), *axes); case("mean", [a], a.mean(axes), *axes)
n = np.array([[1, np.nan, 3, np.nan], [np.inf, 5, 5, -np.inf], [2, 2, 1, 2]])
for axis in [0, 1]:
    case("max", [n], n.max(axis), axis); case("argmax", [n], n.argmax(axis), axis)
for sa, sb in [((2, 3), (3, 4)), ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((1, 1), (1, 5)), ((20, 33), (33, 17)), ((0, 3), (3, 2)), ((2, 0), (0, 3))]:
    a, b = r.randn(*sa), r.randn(*sb)
    case("dot", [a, b], a.dot(b))
json.dump(out, open("operations.json", "w"), separators=(",", ":"))
print(len(out))

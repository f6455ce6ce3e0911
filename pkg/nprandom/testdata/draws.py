# Writes draws.json: what NumPy's legacy generator draws.
#     python3 draws.py           (made with NumPy 1.24)
import json
import numpy as np

cases = []
for seed in [0, 1, 7, 42, 12345, 2**31, 2**32 - 1]:
    R = lambda: np.random.RandomState(seed)
    c = {"seed": seed, "rand": R().rand(5).tolist(), "randn": R().randn(2000).tolist() if seed == 0 else R().randn(50).tolist()}
    c["uniform"] = R().uniform(-6, -2, 5).tolist()
    c["randint"] = []
    for low, high in [(0, 10), (-5, 17), (0, 1), (0, 2), (-100, 2**31), (0, 2**32), (0, 2**32 + 1), (-2**62, 2**62)]:
        c["randint"].append([low, high, [str(v) for v in R().randint(low, high, 8)]])
    c["choice"] = [[n, size, R().choice(n, size).tolist()] for n, size in [(6000, 100), (7, 5), (1, 3), (60000, 10), (10, 0)]]
    c["choice_no_replace"] = [[n, size, R().choice(n, size, replace=False).tolist()] for n, size in [(20, 5), (7, 7), (1, 1), (100, 0)]]
    c["permutation"] = [R().permutation(n).tolist() for n in [0, 1, 2, 20, 257]]
    r = R()
    a = list(range(13)); r.shuffle(a); c["shuffle"] = a
    r = R()
    c["mixed"] = [r.randn(3).tolist(), r.rand(2).tolist(), r.randn(2).tolist(), r.randint(0, 9, 3).tolist(), r.choice(5, 2).tolist(), r.permutation(4).tolist(), r.randn(1).tolist()]
    cases.append(c)
json.dump(cases, open("draws.json", "w"), separators=(",", ":"))

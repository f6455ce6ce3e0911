# Writes steps.json: 50 steps of each optimizer of the class in NumPy.
#     python3 steps.py           (made with NumPy 1.24)
import json
import numpy as np

r = np.random.RandomState(3)
start = {"W1": r.randn(3, 4), "b1": r.randn(4)}
grads = [{k: r.randn(*v.shape) * 10.0 ** r.randint(-3, 2) for k, v in start.items()} for _ in range(50)]
state = {}

def sgd(k, p, g, t):
    p -= 0.01 * g

def momentum(k, p, g, t):
    v = state.setdefault(k, np.zeros_like(p))
    v[...] = 0.9 * v - 0.01 * g
    p += v

def nesterov(k, p, g, t):
    v = state.setdefault(k, np.zeros_like(p))
    p += 0.9 * 0.9 * v
    p -= (1 + 0.9) * 0.01 * g
    v *= 0.9
    v -= 0.01 * g

def adagrad(k, p, g, t):
    h = state.setdefault(k, np.zeros_like(p))
    h += g * g
    p -= 0.01 * g / (np.sqrt(h) + 1e-7)

def rmsprop(k, p, g, t):
    h = state.setdefault(k, np.zeros_like(p))
    h *= 0.99
    h += (1 - 0.99) * g * g
    p -= 0.01 * g / (np.sqrt(h) + 1e-7)

def adam(k, p, g, t):
    m = state.setdefault("m" + k, np.zeros_like(p)); v = state.setdefault("v" + k, np.zeros_like(p))
    lr_t = 0.001 * np.sqrt(1.0 - 0.999 ** t) / (1.0 - 0.9 ** t)
    m += (1 - 0.9) * (g - m)
    v += (1 - 0.999) * (g ** 2 - v)
    p -= lr_t * m / (np.sqrt(v) + 1e-7)

flat = lambda d: {k: v.ravel().tolist() for k, v in d.items()}
out = {"start": flat(start), "grads": [flat(g) for g in grads], "end": {}}
for f in [sgd, momentum, nesterov, adagrad, rmsprop, adam]:
    state.clear()
    params = {k: v.copy() for k, v in start.items()}
    for t, g in enumerate(grads, 1):
        for k in params:
            f(k, params[k], g[k], t)
    out["end"][f.__name__] = flat(params)
json.dump(out, open("steps.json", "w"), separators=(",", ":"))

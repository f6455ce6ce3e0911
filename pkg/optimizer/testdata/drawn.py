# Writes an .npz with 50 steps of each optimizer, its settings and shapes drawn.
#     python3 drawn.py SEED CASES FILE
import sys
import numpy as np

r = np.random.RandomState(int(sys.argv[1]))
out = {}


def step(name, c, s, p, g, t):
    lr, mu, decay, b1, b2 = c
    zero = np.zeros_like(p)
    if name == "sgd":
        return p - lr * g
    if name == "momentum":
        s["v"] = mu * s.get("v", zero) - lr * g
        return p + s["v"]
    if name == "nesterov":
        v = s.get("v", zero)
        s["v"] = mu * v - lr * g
        return p + mu * mu * v - (1 + mu) * lr * g
    if name == "adagrad":
        s["h"] = s.get("h", zero) + g * g
        return p - lr * g / (np.sqrt(s["h"]) + 1e-7)
    if name == "rmsprop":
        s["h"] = decay * s.get("h", zero) + (1 - decay) * g * g
        return p - lr * g / (np.sqrt(s["h"]) + 1e-7)
    m, v = s.get("m", zero), s.get("v", zero)
    s["m"], s["v"] = m + (1 - b1) * (g - m), v + (1 - b2) * (g * g - v)
    return p - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * s["m"] / (np.sqrt(s["v"]) + 1e-7)


for i in range(int(sys.argv[2])):
    for name in "sgd momentum nesterov adagrad rmsprop adam".split():
        settings = 10 ** r.uniform(-4, -1), r.uniform(0.5, 0.99), r.uniform(0.8, 0.999), r.uniform(0.5, 0.95), r.uniform(0.9, 0.9999)
        p = r.randn(r.randint(1, 6), r.randint(1, 30))
        grads = r.randn(50, *p.shape) * 10.0 ** r.randint(-3, 2, (50, 1, 1))
        key, state = f"{name}{i}.", {}
        out[key + "settings"], out[key + "start"], out[key + "grads"] = settings, p, grads
        for t, g in enumerate(grads, 1):
            p = step(name, settings, state, p, g, t)
        out[key + "end"] = p
np.savez(sys.argv[3], **out)

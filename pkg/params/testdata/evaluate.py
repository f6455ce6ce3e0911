"""The class's SimpleConvNet in NumPy, both ways between Python and Go.

    evaluate.py FOLDER

Takes the network from FOLDER/go.npz and go.safetensors (the latter where safetensors is installed) and the
images from images.npz, and writes its answers; trains a network of its own for a few steps, writes it as
params.pkl in each protocol and params.npz (and params.safetensors), with its answers.
"""
import pickle
import sys

import numpy as np

folder = sys.argv[1]


def windows(x, size):
    n, c, h, w = x.shape
    out = np.empty((n, h - size + 1, w - size + 1, c, size, size))
    for i in range(size):
        for j in range(size):
            out[..., i, j] = x[:, :, i:h - size + 1 + i, j:w - size + 1 + j].transpose(0, 2, 3, 1)
    return out.reshape(n, h - size + 1, w - size + 1, -1)


def scores(p, x):
    f = p["W1"].shape[0]
    y = windows(x, p["W1"].shape[2]) @ p["W1"].reshape(f, -1).T + p["b1"]
    y = np.maximum(y, 0)
    n, h, w, _ = y.shape
    y = y.reshape(n, h // 2, 2, w // 2, 2, f).max(axis=(2, 4)).transpose(0, 3, 1, 2).reshape(n, -1)
    hidden = np.maximum(y @ p["W2"] + p["b2"], 0)
    return hidden @ p["W3"] + p["b3"], hidden


images = np.load(f"{folder}/images.npz")
x, t = images["x"].astype(np.float64), images["t"].astype(int)
files = {"go.npz": np.load(f"{folder}/go.npz")}
try:
    from safetensors.numpy import load_file, save_file
    files["go.safetensors"] = load_file(f"{folder}/go.safetensors")
except ImportError:
    save_file = None
for name, p in files.items():
    np.savez(f"{folder}/{name}.answers.npz", scores=scores(p, x)[0])

rng = np.random.RandomState(5)
p = {k: files["go.npz"][k].astype(np.float64) for k in files["go.npz"].files}
p = {k: v + 0.05 * rng.randn(*v.shape) for k, v in p.items()}
for step in range(20):  # the last layer is trained, which is enough to make it another network
    y, hidden = scores(p, x)
    e = np.exp(y - y.max(axis=1, keepdims=True))
    d = e / e.sum(axis=1, keepdims=True)
    d[np.arange(len(t)), t] -= 1
    p["W3"] -= 0.1 * hidden.T @ d / len(t)
    p["b3"] -= 0.1 * d.mean(axis=0)
y = scores(p, x)[0]
np.savez(f"{folder}/python.answers.npz", scores=y, accuracy=np.array([np.mean(y.argmax(axis=1) == t)]))
for protocol in range(2, 6):
    with open(f"{folder}/params{protocol}.pkl", "wb") as f:
        pickle.dump(p, f, protocol=protocol)
np.savez(f"{folder}/params.npz", **p)
if save_file is not None:
    save_file({k: np.ascontiguousarray(v) for k, v in p.items()}, f"{folder}/params.safetensors")

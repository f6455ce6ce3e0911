# Computes scores, loss and gradient of a network from its parameters, a batch x and
# its labels t, all in the .npz IN; with "numerical" the gradient by differences, too.
#     python3 network.py IN OUT SEED LAYER…     (layers as book.Network takes them)
import os
import sys
import numpy as np

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "layers", "testdata"))
import book

given, layers = dict(np.load(sys.argv[1])), sys.argv[4:]
x, t = given.pop("x"), given.pop("t").astype(int)
numerical = "numerical" in layers
layers = [l for l in layers if l != "numerical"]
net = book.Network(given, layers, np.random.RandomState(int(sys.argv[3])))
loss, grads = net.loss_gradient(x, t)
out = {"loss": np.asarray(loss), "scores": net.scores(x)}
out.update({"d" + name: g for name, g in grads.items()})
if numerical:
    h = 1e-4
    for name, p in given.items():
        g = out["n" + name] = np.zeros_like(p)
        for i in np.ndindex(p.shape):
            old = p[i]
            p[i] = old + h
            up = book.softmax_loss(net.scores(x), t)[0]
            p[i] = old - h
            g[i] = (up - book.softmax_loss(net.scores(x), t)[0]) / (2 * h)
            p[i] = old
np.savez(sys.argv[2], **out)

# Writes an .npz with layers of random shapes, their inputs, outputs and gradients.
#     python3 drawn.py SEED CASES FILE
import sys
import numpy as np
import book

seed, cases = int(sys.argv[1]), int(sys.argv[2])
r = np.random.RandomState(seed)
pick = lambda low, high: int(r.randint(low, high + 1))
out = {}


def save(name, **arrays):
    for key, value in arrays.items():
        out[name + "." + key] = np.asarray(value, dtype=float)


def images(pad, *size):
    n, c = pick(1, 4), pick(1, 4)
    return r.randn(n, c, *(pick(max(1, f - 2 * pad), f + 7) for f in size))


for i in range(cases):
    size, stride, pad = (pick(1, 5), pick(1, 5)), pick(1, 3), pick(0, 2)
    x = images(pad, *size)
    w = r.randn(pick(1, 6), x.shape[1], *size)
    b = r.randn(len(w))
    y = book.convolution(x, w, b, stride, pad)
    dout = r.randn(*y.shape)
    dx, dw, db = book.convolution_back(dout, x, w, stride, pad)
    save(f"conv{i}", x=x, w=w, b=b, stride=stride, pad=pad, y=y, dout=dout, dx=dx, dw=dw, db=db)

    x = images(pad, *size)
    if pick(0, 1):
        x = np.round(x)  # equal values: the first one counts
    y, first = book.pooling(x, size, stride, pad)
    dout = r.randn(*y.shape)
    save(f"pool{i}", x=x, size=size, stride=stride, pad=pad, y=y, dout=dout, dx=book.pooling_back(dout, x, first, size, stride, pad))

    x = images(0, 3, 3)
    w = r.randn(x[0].size, pick(1, 9))
    b = r.randn(w.shape[1])
    y = book.affine(x, w, b)
    dout = r.randn(*y.shape)
    dx, dw, db = book.affine_back(dout, x, w)
    save(f"affine{i}", x=x, w=w, b=b, y=y, dout=dout, dx=dx, dw=dw, db=db)

    x = r.randn(pick(1, 5), pick(1, 9)) * 10
    dout = r.randn(*x.shape)
    s = 1 / (1 + np.exp(-x))
    save(f"relu{i}", x=x, dout=dout, y=np.maximum(x, 0), dx=dout * (x > 0))
    save(f"sigmoid{i}", x=x, dout=dout, y=s, dx=dout * s * (1 - s))
    ratio, draws = r.rand(), pick(0, 10**6)
    mask = np.random.RandomState(draws).rand(*x.shape) > ratio
    save(f"dropout{i}", x=x, dout=dout, ratio=ratio, seed=draws, y=x * mask, dx=dout * mask, eval=x * (1 - ratio))

    x = r.randn(pick(1, 8), pick(2, 12)) * 10.0 ** pick(-2, 2)
    t = r.randint(0, x.shape[1], len(x))
    loss, dx = book.softmax_loss(x, t)
    save(f"softmax{i}", x=x, t=t, loss=loss, dx=dx)

    # With two or three samples the gradient is nothing but rounding.
    n, c, h, w = pick(8, 12), pick(1, 4), pick(1, 4), pick(1, 4)
    for kind, d in ("norm", c * h * w), ("channels", c):
        layer = book.BatchNormalization(r.randn(d), r.randn(d))
        if d == c:
            flat = lambda x: x.transpose(0, 2, 3, 1).reshape(-1, c)
            back = lambda x: x.reshape(n, h, w, c).transpose(0, 3, 1, 2)
        else:
            flat, back = lambda x: x.reshape(n, -1), lambda x: x.reshape(n, c, h, w)
        batches = r.randn(3, n, c, h, w) * 3 + 1
        ys = np.array([back(layer.forward(flat(x), True)) for x in batches])
        dout = r.randn(n, c, h, w)
        dx, dgamma, dbeta = layer.backward(flat(dout))
        save(f"{kind}{i}", x=batches, y=ys, gamma=layer.gamma, beta=layer.beta, dout=dout, dx=back(dx), dgamma=dgamma, dbeta=dbeta,
             mean=layer.mean, var=layer.var, eval=back(layer.forward(flat(batches[0]), False)))
np.savez(sys.argv[3], **out)

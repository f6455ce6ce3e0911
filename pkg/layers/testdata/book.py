"""The layers of the book in NumPy, position by position and in float64: what the Go
layers are compared with. Each forward returns the output and what its backward needs."""
import numpy as np


def windows(x, size, stride, pad):
    """Yields (oy, ox, patch of the padded images) for each output position."""
    h, w = size
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    for oy in range((xp.shape[2] - h) // stride + 1):
        for ox in range((xp.shape[3] - w) // stride + 1):
            yield oy, ox, xp[:, :, oy * stride:oy * stride + h, ox * stride:ox * stride + w]


def out_shape(x, size, stride, pad):
    return tuple((n + 2 * pad - f) // stride + 1 for n, f in zip(x.shape[2:], size))


def convolution(x, w, b, stride, pad):
    y = np.zeros((x.shape[0], w.shape[0]) + out_shape(x, w.shape[2:], stride, pad))
    for oy, ox, patch in windows(x, w.shape[2:], stride, pad):
        y[:, :, oy, ox] = np.tensordot(patch, w, ([1, 2, 3], [1, 2, 3])) + b
    return y


def convolution_back(dout, x, w, stride, pad):
    dw = np.zeros_like(w)
    dxp = np.zeros((x.shape[0], x.shape[1], x.shape[2] + 2 * pad, x.shape[3] + 2 * pad))
    for oy, ox, patch in windows(x, w.shape[2:], stride, pad):
        d = dout[:, :, oy, ox]
        dw += np.tensordot(d, patch, (0, 0))
        dxp[:, :, oy * stride:oy * stride + w.shape[2], ox * stride:ox * stride + w.shape[3]] += np.tensordot(d, w, (1, 0))
    return crop(dxp, pad), dw, dout.sum((0, 2, 3))


def crop(x, pad):
    return x[:, :, pad:x.shape[2] - pad, pad:x.shape[3] - pad]


def pooling(x, size, stride, pad=0):
    shape = x.shape[:2] + out_shape(x, size, stride, pad)
    y, first = np.zeros(shape), np.zeros(shape, int)
    for oy, ox, patch in windows(x, size, stride, pad):
        flat = patch.reshape(patch.shape[:2] + (-1,))
        y[:, :, oy, ox], first[:, :, oy, ox] = flat.max(2), flat.argmax(2)
    return y, first


def pooling_back(dout, x, first, size, stride, pad=0):
    dxp = np.zeros((x.shape[0], x.shape[1], x.shape[2] + 2 * pad, x.shape[3] + 2 * pad))
    for n, c, oy, ox in np.ndindex(dout.shape):
        row, col = divmod(first[n, c, oy, ox], size[1])
        dxp[n, c, oy * stride + row, ox * stride + col] += dout[n, c, oy, ox]
    return crop(dxp, pad)


def affine(x, w, b):
    return x.reshape(len(x), -1) @ w + b


def affine_back(dout, x, w):
    flat = x.reshape(len(x), -1)
    return (dout @ w.T).reshape(x.shape), flat.T @ dout, dout.sum(0)


def softmax_loss(x, t):
    """Mean cross entropy with the class's 1e-7, and its gradient."""
    e = np.exp(x - x.max(1, keepdims=True))
    y = e / e.sum(1, keepdims=True)
    d = y.copy()
    d[np.arange(len(t)), t] -= 1
    return -np.log(y[np.arange(len(t)), t] + 1e-7).sum() / len(t), d / len(t)


class BatchNormalization:
    """(N, D), as in section 6.3."""

    def __init__(self, gamma, beta):
        self.gamma, self.beta = gamma, beta
        self.mean, self.var = np.zeros_like(gamma), np.zeros_like(gamma)

    def forward(self, x, train):
        mean, var = (x.mean(0), x.var(0)) if train else (self.mean, self.var)
        if train:
            self.mean = 0.9 * self.mean + 0.1 * mean
            self.var = 0.9 * self.var + 0.1 * var
        self.std = np.sqrt(var + 10e-7)
        self.xc = x - mean
        self.xn = self.xc / self.std
        return self.gamma * self.xn + self.beta

    def backward(self, dout):
        n = len(dout)
        dxn = dout * self.gamma
        dstd = -(dxn * self.xc / self.std**2).sum(0)
        dxc = dxn / self.std + self.xc * dstd / (n * self.std)
        return dxc - dxc.mean(0), (dout * self.xn).sum(0), dout.sum(0)


class Network:
    """A chain of layers by name: "conv W b stride pad", "pool", "affine W b", "relu",
    "dropout ratio". Dropout draws from rng in the order of the layers."""

    def __init__(self, params, layers, rng):
        self.params, self.layers, self.rng = params, [l.split() for l in layers], rng

    def loss_gradient(self, x, t):
        kept, grads = [], {}
        for kind, *args in self.layers:
            if kind == "conv":
                kept.append(x)
                x = convolution(x, self.params[args[0]], self.params[args[1]], int(args[2]), int(args[3]))
            elif kind == "pool":
                y, first = pooling(x, (2, 2), 2)
                kept.append((x, first))
                x = y
            elif kind == "affine":
                kept.append(x)
                x = affine(x, self.params[args[0]], self.params[args[1]])
            else:
                mask = x > 0 if kind == "relu" else self.rng.rand(*x.shape) > float(args[0])
                kept.append(mask)
                x = x * mask
        loss, d = softmax_loss(x, t)
        for (kind, *args), k in zip(self.layers[::-1], kept[::-1]):
            if kind == "conv":
                d, grads[args[0]], grads[args[1]] = convolution_back(d, k, self.params[args[0]], int(args[2]), int(args[3]))
            elif kind == "pool":
                d = pooling_back(d, k[0], k[1], (2, 2), 2)
            elif kind == "affine":
                d, grads[args[0]], grads[args[1]] = affine_back(d, k, self.params[args[0]])
            else:
                d = d * k
        return loss, grads

    def scores(self, x):
        for kind, *args in self.layers:
            if kind == "conv":
                x = convolution(x, self.params[args[0]], self.params[args[1]], int(args[2]), int(args[3]))
            elif kind == "pool":
                x, _ = pooling(x, (2, 2), 2)
            elif kind == "affine":
                x = affine(x, self.params[args[0]], self.params[args[1]])
            elif kind == "relu":
                x = x * (x > 0)
            else:
                x = x * (1 - float(args[0]))
        return x

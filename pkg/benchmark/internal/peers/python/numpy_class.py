"""The class's layers and network in NumPy. (Deep Learning from Scratch, chapters 5 to 8)"""

import numpy as np


def im2col(x, fh, fw, stride, pad):
    n, c, h, w = x.shape
    oh, ow = (h + 2 * pad - fh) // stride + 1, (w + 2 * pad - fw) // stride + 1
    img = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], "constant")
    col = np.zeros((n, c, fh, fw, oh, ow), x.dtype)
    for y in range(fh):
        for x_ in range(fw):
            col[:, :, y, x_] = img[:, :, y:y + stride * oh:stride, x_:x_ + stride * ow:stride]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(n * oh * ow, -1)


def col2im(col, shape, fh, fw, stride, pad):
    n, c, h, w = shape
    oh, ow = (h + 2 * pad - fh) // stride + 1, (w + 2 * pad - fw) // stride + 1
    col = col.reshape(n, oh, ow, c, fh, fw).transpose(0, 3, 4, 5, 1, 2)
    img = np.zeros((n, c, h + 2 * pad + stride - 1, w + 2 * pad + stride - 1), col.dtype)
    for y in range(fh):
        for x in range(fw):
            img[:, :, y:y + stride * oh:stride, x:x + stride * ow:stride] += col[:, :, y, x]
    return img[:, :, pad:h + pad, pad:w + pad]


class Convolution:
    def __init__(self, params, stride, pad, first):
        self.params, self.stride, self.pad = params, stride, pad
        self.needs_dx = not first

    def forward(self, x, train):
        w, b = self.params
        fn, _, fh, fw = w.shape
        n, _, h, width = x.shape
        oh, ow = (h + 2 * self.pad - fh) // self.stride + 1, (width + 2 * self.pad - fw) // self.stride + 1
        self.shape, self.col, self.col_w = x.shape, im2col(x, fh, fw, self.stride, self.pad), w.reshape(fn, -1).T
        out = np.dot(self.col, self.col_w) + b
        return out.reshape(n, oh, ow, -1).transpose(0, 3, 1, 2)

    def backward(self, dout):
        w, _ = self.params
        fn, _, fh, fw = w.shape
        dout = dout.transpose(0, 2, 3, 1).reshape(-1, fn)
        self.grads = [np.dot(self.col.T, dout).T.reshape(w.shape), np.sum(dout, axis=0)]
        if not self.needs_dx:
            return None
        return col2im(np.dot(dout, self.col_w.T), self.shape, fh, fw, self.stride, self.pad)


class Pooling:
    def __init__(self, size, stride):
        self.size, self.stride = size, stride

    def forward(self, x, train):
        n, c, h, w = x.shape
        oh, ow = 1 + (h - self.size) // self.stride, 1 + (w - self.size) // self.stride
        col = im2col(x, self.size, self.size, self.stride, 0).reshape(-1, self.size ** 2)
        self.shape, self.arg_max = x.shape, np.argmax(col, axis=1)
        return np.max(col, axis=1).reshape(n, oh, ow, c).transpose(0, 3, 1, 2)

    def backward(self, dout):
        dout = dout.transpose(0, 2, 3, 1)
        dmax = np.zeros((dout.size, self.size ** 2), dout.dtype)
        dmax[np.arange(self.arg_max.size), self.arg_max] = dout.flatten()
        dcol = dmax.reshape(dout.shape[0] * dout.shape[1] * dout.shape[2], -1)
        return col2im(dcol, self.shape, self.size, self.size, self.stride, 0)


class Affine:
    def __init__(self, params):
        self.params = params

    def forward(self, x, train):
        self.shape, self.x = x.shape, x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.params[0]) + self.params[1]

    def backward(self, dout):
        dx = np.dot(dout, self.params[0].T)
        self.grads = [np.dot(self.x.T, dout), np.sum(dout, axis=0)]
        return dx.reshape(self.shape)


class Relu:
    def forward(self, x, train):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dout[self.mask] = 0
        return dout


class Sigmoid:
    def forward(self, x, train):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, dout):
        return dout * (1 - self.out) * self.out


class BatchNormalization:
    """One mean for each channel."""

    def __init__(self, params):
        self.params = params
        self.running_mean, self.running_var = (np.zeros((1, params[0].size, 1, 1), params[0].dtype) for _ in range(2))

    def forward(self, x, train):
        gamma, beta = (p.reshape(1, -1, 1, 1) for p in self.params)
        if not train:
            return gamma * (x - self.running_mean) / np.sqrt(self.running_var + x.dtype.type(NORM_EPSILON)) + beta
        mean = x.mean(axis=(0, 2, 3), keepdims=True)
        self.xc = x - mean
        variance = np.mean(self.xc ** 2, axis=(0, 2, 3), keepdims=True)
        self.std = np.sqrt(variance + x.dtype.type(NORM_EPSILON))
        self.xn = self.xc / self.std
        for running, batch in ((self.running_mean, mean), (self.running_var, variance)):
            running *= x.dtype.type(0.9)
            running += x.dtype.type(0.1) * batch
        return gamma * self.xn + beta

    def backward(self, dout):
        axes = (0, 2, 3)
        self.grads = [np.sum(self.xn * dout, axis=axes), np.sum(dout, axis=axes)]
        dxn = self.params[0].reshape(1, -1, 1, 1) * dout
        dstd = -np.sum(dxn * self.xc / self.std ** 2, axis=axes, keepdims=True)
        count = dout.size // dout.shape[1]
        dxc = dxn / self.std + self.xc * (dstd / self.std / count)
        return dxc - np.mean(dxc, axis=axes, keepdims=True)


class Dropout:
    def __init__(self, ratio, dtype):
        self.ratio, self.dtype = ratio, dtype
        self.rng = np.random.RandomState(3) if dtype == np.float64 else np.random.default_rng(3)

    def forward(self, x, train):
        if not train:
            return x * self.dtype(1 - self.ratio)
        drawn = self.rng.rand(*x.shape) if self.dtype == np.float64 else self.rng.random(x.shape, np.float32)
        self.mask = drawn > self.ratio
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


class SoftmaxWithLoss:
    def forward(self, x, t):
        x = x - x.max(axis=-1, keepdims=True)
        self.y, self.t = np.exp(x), t
        self.y /= self.y.sum(axis=-1, keepdims=True)
        return -np.sum(np.log(self.y[np.arange(len(t)), t] + 1e-7)) / len(t)

    def backward(self):
        dx = self.y.copy()
        dx[np.arange(len(self.t)), self.t] -= 1
        return dx / len(self.t)


class NumpyNetwork:
    """The class's network, Adam and batches; numpy-class or numpy-float32."""

    def __init__(self, work, as_class):
        self.work, self.as_class = work, as_class
        self.dtype = np.float64 if as_class else np.float32
        drawn = iter([[w.astype(self.dtype), b.astype(self.dtype)] for w, b in weights(work)])
        self.layers, channels = [], 0
        for layer in work["layers"]:
            kind = layer["kind"]
            if kind == "conv":
                # The class computes the gradient of the images too, and drops it.
                first = not self.layers and not as_class
                channels = layer["units"]
                self.layers.append(Convolution(next(drawn), layer["stride"], layer["pad"], first))
            elif kind == "pool":
                self.layers.append(Pooling(layer["size"], layer["stride"]))
            elif kind == "affine":
                self.layers.append(Affine(next(drawn)))
            elif kind == "relu":
                self.layers.append(Relu())
            elif kind == "sigmoid":
                self.layers.append(Sigmoid())
            elif kind == "norm":
                self.layers.append(BatchNormalization([np.ones(channels, self.dtype), np.zeros(channels, self.dtype)]))
            elif kind == "dropout":
                self.layers.append(Dropout(layer["ratio"], self.dtype))
        self.last = SoftmaxWithLoss()
        self.learners = [layer for layer in self.layers if isinstance(layer, (Convolution, BatchNormalization, Affine))]
        self.params = [layer.params for layer in self.learners]
        self.m = [[np.zeros_like(p) for p in pair] for pair in self.params]
        self.v = [[np.zeros_like(p) for p in pair] for pair in self.params]
        self.steps = 0
        self.x, self.t = images(work)

    def batch(self):
        n, size = len(self.x), self.work["batch"]
        at = self.steps * size % (n - size + 1)
        return self.x[at:at + size], self.t[at:at + size]

    def predict(self, x, train=False):
        for layer in self.layers:
            x = layer.forward(x, train)
        return x

    def loss(self, x, t):
        return float(self.last.forward(self.predict(x, train=True), t))

    def update(self):
        self.steps += 1
        rate = LEARNING_RATE * np.sqrt(1 - BETA2 ** self.steps) / (1 - BETA1 ** self.steps)
        rate = self.dtype(rate)
        for layer, params, ms, vs in zip(self.learners, self.params, self.m, self.v):
            for p, g, m, v in zip(params, layer.grads, ms, vs):
                m += self.dtype(1 - BETA1) * (g - m)
                v += self.dtype(1 - BETA2) * (g ** 2 - v)
                p -= rate * m / (np.sqrt(v) + self.dtype(EPSILON))

    def step(self):
        x, t = self.batch()
        loss = self.loss(x, t)
        dout = self.last.backward()
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        self.update()
        if self.as_class:
            loss = self.loss(x, t)
        return loss

    def evaluate(self):
        right = 0
        for at in range(0, len(self.x), self.work["batch"]):
            y = self.predict(self.x[at:at + self.work["batch"]])
            right += np.sum(np.argmax(y, axis=1) == self.t[at:at + self.work["batch"]])
        return right

    def trial(self):
        x, t = self.batch()
        before = self.loss(x, t)
        self.step()
        return [before, self.loss(x, t)]


class NumpyProduct:
    def __init__(self, work):
        self.a, self.b = matrices(work)
        self.out = np.empty((work["m"], work["n"]), np.float32)

    def product(self):
        np.dot(self.a, self.b, out=self.out)

    def trial(self):
        self.product()
        return [float(self.out.sum(dtype=np.float64))]

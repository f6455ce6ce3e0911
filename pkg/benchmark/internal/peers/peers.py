"""The peers of convbook's benchmark: the class's algorithm in NumPy, and PyTorch.

A request is a line of JSON on stdin, its answer a line of JSON on stdout:

    {"do": "hello", "torch": B}            versions
    {"do": "prepare", "key": K, "peer": P, "work": W, "threads": N}
                                           makes a piece of work ready
    {"do": "run", "key": K, "seconds": S}  does it for S seconds, at least once
    {"do": "trial", "key": K}              the losses before and after one update,
                                           of a small batch, or the sum of a product
    {"do": "forget"}                       frees all work
    {"do": "memory"}                       the peak memory of this process

Peers are numpy-class (as the class runs it: float64, and a second forward pass for
the logged loss), numpy-float32 (the same algorithm at its best), torch and
torch-channels-last. An answer with "error" says what went wrong. The end of stdin
ends the program.
"""

import json
import platform
import statistics
import sys
import time

import numpy as np

INPUT = (1, 28, 28)
CLASSES = 10
TRIAL = 20  # images
LEARNING_RATE, BETA1, BETA2, EPSILON = 0.001, 0.9, 0.999, 1e-7


# Drawn alike by every peer.

def weights(work):
    """W and b of each convolution and affine layer, in float64, drawn as the class does."""
    rng = np.random.RandomState(0)
    drawn = []
    c, h, w = INPUT
    flat = None
    for layer in work["layers"]:
        kind = layer["kind"]
        if kind == "conv":
            shape = (layer["units"], c, layer["size"], layer["size"])
            drawn.append((rng.randn(*shape) * scale(work, c * layer["size"] ** 2), np.zeros(layer["units"])))
            c = layer["units"]
            h, w = (1 + (side + 2 * layer["pad"] - layer["size"]) // layer["stride"] for side in (h, w))
        elif kind == "pool":
            h, w = (1 + (side - layer["size"]) // layer["stride"] for side in (h, w))
        elif kind == "affine":
            flat = flat or c * h * w
            drawn.append((rng.randn(flat, layer["units"]) * scale(work, flat), np.zeros(layer["units"])))
            flat = layer["units"]
    return drawn


def scale(work, fan_in):
    return work["std"] or np.sqrt(2 / fan_in)


def images(work):
    """Images (N, 1, 28, 28) in float32 and labels: the first ones of more are those of fewer."""
    n = work["images"]
    return np.random.RandomState(1).rand(n, *INPUT).astype(np.float32), np.random.RandomState(4).randint(0, CLASSES, n)


def matrices(work):
    rng = np.random.RandomState(2)
    m, n, k = work["m"], work["n"], work["k"]
    a = rng.rand(k, m).astype(np.float32).T if work["trans_a"] else rng.rand(m, k).astype(np.float32)
    b = rng.rand(n, k).astype(np.float32).T if work["trans_b"] else rng.rand(k, n).astype(np.float32)
    return a, b


def trial_of(work):
    """The same network without dropout, on a small batch: it has one outcome, whoever computes it."""
    if work["kind"] == "product":
        return work
    layers = [layer for layer in work["layers"] if layer["kind"] != "dropout"]
    return dict(work, layers=layers, batch=TRIAL, images=TRIAL)


# The class's layers. (Deep Learning from Scratch, chapters 5 to 7)

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
        self.params = [[w.astype(self.dtype), b.astype(self.dtype)] for w, b in weights(work)]
        self.layers, learning = [], iter(self.params)
        for layer in work["layers"]:
            kind = layer["kind"]
            if kind == "conv":
                # The class computes the gradient of the images too, and drops it.
                first = not self.layers and not as_class
                self.layers.append(Convolution(next(learning), layer["stride"], layer["pad"], first))
            elif kind == "pool":
                self.layers.append(Pooling(layer["size"], layer["stride"]))
            elif kind == "affine":
                self.layers.append(Affine(next(learning)))
            elif kind == "relu":
                self.layers.append(Relu())
            elif kind == "dropout":
                self.layers.append(Dropout(layer["ratio"], self.dtype))
        self.last = SoftmaxWithLoss()
        self.learners = [layer for layer in self.layers if isinstance(layer, (Convolution, Affine))]
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


def torch_network(work, channels_last):
    import torch
    from torch import nn

    modules, drawn = [], iter(weights(work))
    c, flat = INPUT[0], False
    for layer in work["layers"]:
        kind = layer["kind"]
        if kind == "conv":
            module = nn.Conv2d(c, layer["units"], layer["size"], layer["stride"], layer["pad"])
            c = layer["units"]
            w, b = next(drawn)
        elif kind == "affine":
            if not flat:
                modules.append(nn.Flatten())
                flat = True
            w, b = next(drawn)
            w = w.T
            module = nn.Linear(w.shape[1], w.shape[0])
        elif kind == "pool":
            module = nn.MaxPool2d(layer["size"], layer["stride"])
        elif kind == "relu":
            module = nn.ReLU()
        elif kind == "dropout":
            module = nn.Dropout(layer["ratio"])
        if kind in ("conv", "affine"):
            with torch.no_grad():
                module.weight.copy_(torch.from_numpy(np.ascontiguousarray(w)))
                module.bias.copy_(torch.from_numpy(b))
        modules.append(module)
    net = nn.Sequential(*modules)
    return net.to(memory_format=torch.channels_last) if channels_last else net


def torch_adam(params, epsilon):
    """Adam in one pass where this PyTorch has it for the CPU."""
    import torch

    params = list(params)
    options = {"lr": LEARNING_RATE, "betas": (BETA1, BETA2), "eps": epsilon}
    try:
        optimizer = torch.optim.Adam(params, fused=True, **options)
        probe = torch.zeros(1, requires_grad=True)
        probe.grad = torch.zeros(1)
        torch.optim.Adam([probe], fused=True, **options).step()
        return optimizer
    except (RuntimeError, TypeError):
        return torch.optim.Adam(params, **options)


class TorchNetwork:
    def __init__(self, work, channels_last, epsilon=EPSILON):
        import torch

        self.torch, self.work = torch, work
        self.net = torch_network(work, channels_last)
        self.optimizer = torch_adam(self.net.parameters(), epsilon)
        self.loss_of = torch.nn.CrossEntropyLoss()
        x, t = images(work)
        self.x, self.t = torch.from_numpy(x), torch.from_numpy(t.astype(np.int64))
        if channels_last:
            self.x = self.x.to(memory_format=torch.channels_last)
        self.steps = 0

    def batch(self):
        n, size = len(self.x), self.work["batch"]
        at = self.steps * size % (n - size + 1)
        return self.x[at:at + size], self.t[at:at + size]

    def step(self):
        x, t = self.batch()
        self.steps += 1
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss_of(self.net(x), t)
        loss.backward()
        self.optimizer.step()
        return float(loss.detach())

    def evaluate(self):
        right = 0
        self.net.eval()
        with self.torch.inference_mode():
            for at in range(0, len(self.x), self.work["batch"]):
                y = self.net(self.x[at:at + self.work["batch"]])
                right += int((y.argmax(1) == self.t[at:at + self.work["batch"]]).sum())
        return right

    def trial(self):
        x, t = self.batch()
        before = self.step()
        with self.torch.no_grad():
            return [before, float(self.loss_of(self.net(x), t))]


class TorchProduct:
    def __init__(self, work):
        import torch

        self.torch = torch
        a, b = matrices(work)
        self.a, self.b = torch.from_numpy(a), torch.from_numpy(b)
        self.out = torch.empty(work["m"], work["n"])

    def product(self):
        self.torch.mm(self.a, self.b, out=self.out)

    def trial(self):
        self.product()
        return [float(self.out.double().sum())]


class Work:
    """A peer with a piece of work: a step, an evaluation or a product."""

    def __init__(self, peer, work, threads):
        self.threads = threads if peer.startswith("torch") else 0
        self.peer, self.work = peer, work
        self.set_threads()
        made = self.make(work, EPSILON)
        self.do = {"step": getattr(made, "step", None), "evaluation": getattr(made, "evaluate", None),
                   "product": getattr(made, "product", None)}[work["kind"]]
        self.warm = False

    def make(self, work, epsilon):
        channels_last = self.peer == "torch-channels-last"
        if work["kind"] == "product":
            return TorchProduct(work) if self.peer.startswith("torch") else NumpyProduct(work)
        if self.peer.startswith("torch"):
            return TorchNetwork(work, channels_last, epsilon)
        return NumpyNetwork(work, self.peer == "numpy-class")

    def set_threads(self):
        if self.threads:
            import torch

            torch.set_num_threads(self.threads)

    def run(self, seconds):
        self.set_threads()
        if not self.warm or seconds < 0.5:
            began = time.perf_counter()
            self.do()
            self.warm = True
            # A piece of work that fills the time by itself is its own warm-up.
            if (took := time.perf_counter() - began) > seconds:
                return [took]
        times, end = [], time.perf_counter() + seconds
        while len(times) < 2000 and (not times or time.perf_counter() + statistics.median(times[-5:]) / 2 < end):
            began = time.perf_counter()
            self.do()
            times.append(time.perf_counter() - began)
        return times

    def trial(self):
        # PyTorch scales epsilon with sqrt(1 - beta2^t) and the class does not: on the
        # first step, the only one of a trial, they agree with this one.
        epsilon = EPSILON / np.sqrt(1 - BETA2)
        self.set_threads()
        return self.make(trial_of(self.work), epsilon).trial()


def versions(with_torch):
    answer = {"python": platform.python_version(), "numpy": np.__version__, "blas": "", "torch": ""}
    try:
        blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
        answer["blas"] = f'{blas["name"]} {blas["version"]}'.replace("scipy-openblas", "OpenBLAS")
    except (TypeError, KeyError, ImportError):
        answer["blas"] = "an unknown BLAS"
    if with_torch:
        import torch

        answer["torch"] = torch.__version__
    return answer


def peak_memory():
    """In bytes; 0 where the system does not tell."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def main():
    works = {}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            do = request["do"]
            if do == "hello":
                answer = versions(request["torch"])
            elif do == "prepare":
                works[request["key"]] = Work(request["peer"], request["work"], request["threads"])
                answer = {}
            elif do == "run":
                answer = {"seconds": works[request["key"]].run(request["seconds"])}
            elif do == "trial":
                answer = {"values": works[request["key"]].trial()}
            elif do == "forget":
                works.clear()
                answer = {}
            elif do == "memory":
                answer = {"bytes": peak_memory()}
            else:
                answer = {"error": f"unknown request {do!r}"}
        except Exception as error:  # told to the other side, which decides
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

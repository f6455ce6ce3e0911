"""The same networks in PyTorch, which is imported only where it is asked for."""

import numpy as np


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
        elif kind == "sigmoid":
            module = nn.Sigmoid()
        elif kind == "norm":
            module = nn.BatchNorm2d(c, eps=NORM_EPSILON)
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

# Writes batchnorm.npz: batch normalisation as in the class, in NumPy.
#     python3 batchnorm.py           (made with NumPy 1.24)
# For each case: gamma, beta, three training batches x0 x1 x2 with their outputs
# y0 y1 y2, the running values after them, the gradients of the last one for dout,
# and the output in evaluation, e, for x0.
import numpy as np

r = np.random.RandomState(6)
arrays = {}


def case(name, shape, per_channel):
    axes = (0, 2, 3) if per_channel else (0,)
    wide = (1, shape[1], 1, 1) if per_channel else (1,) + shape[1:]
    d = int(np.prod(wide))
    gamma, beta = r.randn(d), r.randn(d)
    g, b = gamma.reshape(wide), beta.reshape(wide)
    running_mean, running_var = np.zeros(wide), np.zeros(wide)
    xs = [r.randn(*shape) * (1 + k) + k for k in range(3)]
    for k, x in enumerate(xs):
        mu = x.mean(axis=axes, keepdims=True)
        xc = x - mu
        var = np.mean(xc ** 2, axis=axes, keepdims=True)
        std = np.sqrt(var + 10e-7)
        xn = xc / std
        running_mean = 0.9 * running_mean + (1 - 0.9) * mu
        running_var = 0.9 * running_var + (1 - 0.9) * var
        arrays[f"{name}.x{k}"], arrays[f"{name}.y{k}"] = x, g * xn + b
    dout = r.randn(*shape)
    count = dout.size // d
    dxn = g * dout
    dxc = dxn / std
    dstd = -np.sum(dxn * xc / (std * std), axis=axes, keepdims=True)
    dvar = 0.5 * dstd / std
    dxc += (2.0 / count) * xc * dvar
    dmu = np.sum(dxc, axis=axes, keepdims=True)
    arrays.update({
        f"{name}.gamma": gamma, f"{name}.beta": beta, f"{name}.dout": dout,
        f"{name}.dx": dxc - dmu / count,
        f"{name}.dgamma": np.sum(xn * dout, axis=axes).ravel(),
        f"{name}.dbeta": dout.sum(axis=axes).ravel(),
        f"{name}.running_mean": running_mean.ravel(), f"{name}.running_var": running_var.ravel(),
        f"{name}.e": g * (xs[0] - running_mean) / np.sqrt(running_var + 10e-7) + b,
    })


case("rows", (7, 5), False)
case("positions", (4, 2, 3, 3), False)
case("channels", (4, 2, 3, 3), True)
np.savez_compressed("batchnorm.npz", **arrays)

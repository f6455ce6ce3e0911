# Trains SimpleConvNet as the class does and prints the class's log: with the loss
# after each step, the accuracies on the first step of each epoch, and the final one.
#     python3 training.py DATA.npz SEED FILTERS HIDDEN DROPOUT EPOCHS BATCH EVALUATE
import os
import sys
import numpy as np

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "layers", "testdata"))
import book

data = np.load(sys.argv[1])
x_train, x_test = data["x_train"], data["x_test"]
t_train, t_test = data["t_train"].astype(int), data["t_test"].astype(int)
seed, filters, hidden, epochs, batch, evaluate = (int(sys.argv[i]) for i in (2, 3, 4, 6, 7, 8))
dropout = float(sys.argv[5])

r = np.random.RandomState(seed)
params = {
    "W1": 0.01 * r.randn(filters, 1, 5, 5), "b1": np.zeros(filters),
    "W2": 0.01 * r.randn(filters * 144, hidden), "b2": np.zeros(hidden),
    "W3": 0.01 * r.randn(hidden, 10), "b3": np.zeros(10),
}
drop = [f"dropout {dropout}"] if dropout > 0 else []
net = book.Network(params, ["conv W1 b1 1 0", "relu", "pool", "affine W2 b2", "relu"] + drop + ["affine W3 b3"] + drop, r)
m = {k: np.zeros_like(p) for k, p in params.items()}
v = {k: np.zeros_like(p) for k, p in params.items()}


def accuracy(x, t):
    right = 0.0
    for i in range(len(x) // 100):
        right += np.sum(net.scores(x[i * 100:(i + 1) * 100]).argmax(1) == t[i * 100:(i + 1) * 100])
    return right / len(x)


per_epoch, epoch = max(len(x_train) / batch, 1), 0
for step in range(int(epochs * per_epoch)):
    at = r.choice(len(x_train), batch)
    _, grads = net.loss_gradient(x_train[at], t_train[at])
    lr = 0.001 * np.sqrt(1.0 - 0.999 ** (step + 1)) / (1.0 - 0.9 ** (step + 1))
    for k, p in params.items():
        m[k] += (1 - 0.9) * (grads[k] - m[k])
        v[k] += (1 - 0.999) * (grads[k] ** 2 - v[k])
        p -= lr * m[k] / (np.sqrt(v[k]) + 1e-7)
    print("train loss:" + str(float(net.loss_gradient(x_train[at], t_train[at])[0])))
    if step % per_epoch == 0:
        epoch += 1
        print("=== epoch:" + str(epoch) + ", train acc:" + str(float(accuracy(x_train[:evaluate], t_train[:evaluate]))) +
              ", test acc:" + str(float(accuracy(x_test[:evaluate], t_test[:evaluate]))) + " ===")
print("=============== Final Test Accuracy ===============")
print("test acc:" + str(float(accuracy(x_test, t_test))))

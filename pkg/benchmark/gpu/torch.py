"""Reads works as JSON and writes a line of JSON for each: its times in milliseconds on the first
CUDA device, run as people do, and as a CUDA graph, each in the better of two layouts of memory.
A graph that cannot be captured has the time 0, and the reason is on the standard error."""
import json
import sys
import time

import torch
from torch import nn

if not torch.cuda.is_available():
    sys.exit("this PyTorch finds no CUDA device")
device = torch.device("cuda")


def network(layers):
    modules, flat = [], False
    for layer in layers:
        kind = layer["kind"]
        if kind == "conv":
            modules.append(nn.LazyConv2d(layer["units"], layer["size"], layer["stride"], layer["pad"]))
        elif kind == "affine":
            if not flat:
                modules.append(nn.Flatten())
                flat = True
            modules.append(nn.LazyLinear(layer["units"]))
        elif kind == "pool":
            modules.append(nn.MaxPool2d(layer["size"], layer["stride"]))
        elif kind == "relu":
            modules.append(nn.ReLU())
        elif kind == "sigmoid":
            modules.append(nn.Sigmoid())
        elif kind == "dropout":
            modules.append(nn.Dropout(layer["ratio"]))
        else:
            sys.exit("no layer is called " + kind)
    return nn.Sequential(*modules)


def milliseconds(do):
    for _ in range(20):
        do()
    torch.cuda.synchronize()
    times = []
    for _ in range(7):
        n, began = 0, time.perf_counter()
        while n < 20 or time.perf_counter() - began < 0.2:
            do()
            n += 1
        torch.cuda.synchronize()
        times.append((time.perf_counter() - began) / n * 1e3)
    return sorted(times)[3]


def captured(do):
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(5):
            do()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        do()
    return graph.replay


def graph_of(do):
    try:
        return milliseconds(captured(do))
    except RuntimeError as why:
        print("no graph:", str(why).splitlines()[0], file=sys.stderr)
        return 0


def measure(work, channels_last):
    images = max(work["images"], work["batch"])
    data = torch.randint(0, 256, (images, 1, 28, 28), dtype=torch.uint8, device=device)
    labels = torch.randint(0, 10, (images,), device=device)
    net = network(work["layers"]).to(device)
    net(torch.zeros(2, 1, 28, 28, device=device))
    if channels_last:
        net = net.to(memory_format=torch.channels_last)
    layout = torch.channels_last if channels_last else torch.contiguous_format
    if work["kind"] == "evaluation":
        net.eval()

        def evaluate():
            with torch.no_grad():
                for at in range(0, images, 5000):
                    x = (data[at:at + 5000].float() / 255).contiguous(memory_format=layout)
                    (net(x).argmax(1) == labels[at:at + 5000]).sum()

        return milliseconds(evaluate), graph_of(evaluate)
    loss_of = nn.CrossEntropyLoss()
    n = work["batch"]
    index = torch.randint(0, images, (n,), device=device)

    def step(optimizer, index):
        x = (data[index].float() / 255).contiguous(memory_format=layout)
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(net(x), labels[index])
        loss.backward()
        optimizer.step()

    adam = torch.optim.Adam(net.parameters(), lr=1e-3, fused=True)
    eager = milliseconds(lambda: step(adam, torch.randint(0, images, (n,), device=device)))
    adam = torch.optim.Adam(net.parameters(), lr=1e-3, fused=True, capturable=True)
    return eager, graph_of(lambda: step(adam, index))


torch.backends.cudnn.benchmark = True
print(json.dumps({"torch": f"PyTorch {torch.__version__}, CUDA {torch.version.cuda}, {torch.cuda.get_device_name()}"}), flush=True)
for one in json.load(sys.stdin):
    eager, graph = zip(measure(one["work"], False), measure(one["work"], True))
    print(json.dumps({"name": one["name"], "eager": min(eager), "graph": min((ms for ms in graph if ms), default=0)}), flush=True)

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

        answer["torch"], answer["torch_threads"] = torch.__version__, torch.get_num_threads()
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

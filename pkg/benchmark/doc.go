// Command benchmark measures convbook beside its peers, all in one run with rounds
// taken in turn, so that what slows the machine down slows all of them:
//
//	go run ./pkg/benchmark                          # everything, some minutes
//	go run ./pkg/benchmark -quick                   # half a minute
//	go run ./pkg/benchmark -rows assignment,product # some of it
//	taskset -c 0,1 go run ./pkg/benchmark           # on two cores (Linux)
//
// It prints tables for the terminal, with -md for the README and with -json for
// programs. -rows chooses from
//
//	assignment  a training step of the assignment's network
//	book        a training step of the book's network
//	deep        a training step of DeepConvNet
//	sigmoid     a training step of notebook 08's network with four convolutions and Sigmoid
//	norm        a training step of notebook 08's network with six, BatchNormalization and Relu
//	evaluation  10,000 images through the assignment's network
//	product     matrix products, large squares and the networks' skinny shapes
//	kernels     the loops of pkg/internal/kernels against their floors
//	memory      peak memory, and what a step takes from Go's heap
//	sweeps      time per step against batch size, filters and cores
//	scaling     time on up to 32 cores, simulated from the time of each piece on one core,
//	            beside the time that was measured on the cores that are there
//	gpu         steps and an evaluation on the device of OpenCL that -device names, beside
//	            PyTorch's CUDA where -python names a Python that has it; only where asked for
//
// The peers are NumPy, which runs the class's algorithm, PyTorch, and gonum for
// matrix products. NumPy and PyTorch run in Python processes that answer step by
// step, in a private environment that the first run makes, pinned and with hashes,
// in the user's cache (-peers=false does without; -python names an interpreter of
// your own that has both). Before a peer is measured its losses, or the sum of its
// product, are held against convbook's: one that computes something else is left
// out, and the table says so.
//
// The rooms measure, machine, scaling and card can be used elsewhere: rounds taken in turn,
// what a machine can do at most, what it would do with more cores, and what its GPU does.
//
// Elsewhere the program needs neither Go nor this repository:
//
//	CGO_ENABLED=0 go build ./pkg/benchmark          # here; GOOS and GOARCH for another system
//	./benchmark -rows scaling                       # there
//	./benchmark -python /opt/torch/bin/python3      # beside the NumPy and PyTorch of that Python
package main

// Command gpu measures what pkg/gpu trains on: steps of the class's networks and the
// evaluation of 10,000 images on the best device of OpenCL, or the one that -device names,
// beside PyTorch with CUDA on the same card where -python names a Python that has it, with the
// share of the card's measured peak and bandwidth; and then each kernel of a step by itself.
//
//	go run ./pkg/benchmark -rows gpu -device H200 -python python3
//
// With -count it measures nothing and needs no device: it counts the kernels, operations and
// bytes of each work, and what they should take on the card of the record.
//
// It is a program of its own because it loads a library of the system, which the benchmark
// of the processor does without. A binary needs neither Go nor the repository:
// CGO_ENABLED=0 go build ./pkg/benchmark/gpu.
package main

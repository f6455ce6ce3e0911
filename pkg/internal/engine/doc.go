// Package engine runs the layers of a network on all processors, with the same
// bits for any number of them.
//
// There are two engines. Fused is for float32 and for the layers that the
// kernels know: it joins Convolution, Relu and Pooling, and Affine and Relu, into
// single passes that write neither the im2col matrix nor the map before pooling
// to memory, and owns all its buffers. Sharded is for everything else: it runs
// copies of the readable layers on a few samples at a time.
//
// Both cut a batch into parts that depend on its size alone, let each part add up
// its own gradients, and add the parts in order.
package engine

// Package gpu trains networks on a graphics processor by OpenCL, without cgo:
//
//	device, err := gpu.Open()
//	…
//	defer device.Close()
//	history, err := trainer.Train(ctx, net, data, trainer.Config{Device: device, …})
//
// All else of a training stays as it is: log, live view, callbacks, checkpoints. A whole
// step stays on the device. The data set is there as bytes, a step sends the indices of
// its batch and the masks of Dropout, and losses come back some steps later. A
// convolution, Relu and pooling of 2x2 are one kernel; Relu, Sigmoid and Dropout belong to
// the kernel before them, and their gradients to the one behind. All parameters lie one
// after the other and one kernel updates them.
//
// The numbers are float32 and follow those of the processor within rounding. Sums are
// formed in an order that depends on shapes alone, so that two runs on one device have the
// same bits; those of two kinds of device differ, and a kept run belongs to its device.
//
// How the products are cut into tiles does not change a bit, only the time. The first
// training on a GPU looks for the quickest tiles, for ten seconds at most, and keeps them in
// the user's cache for that device and driver.
//
// Layers of one's own, blocks and average pooling have no kernels: the training ends before
// its first step and says which layer that is.
package gpu

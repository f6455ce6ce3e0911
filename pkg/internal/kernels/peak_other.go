//go:build (!amd64 && !arm64) || purego

package kernels

// The limits of the machine are those of plain Go here.
var peaks [variants]peakKernels

// Package kernels holds the loops that training spends its time in: matrix
// product, convolution with pooling, their gradients, batch normalisation, Sigmoid, the
// optimizers. Each exists as Go assembly for AVX-512 and for AVX2 with FMA, chosen when
// the program starts, for NEON on arm64, and as plain Go for every other machine and for
// the build tag purego: for float32 and float64. What a variant lacks plain Go does:
// GemmT for float64, of which Gemm does the work, and Sigmoid for float64, which is exact
// there; InputGradDeep for AVX2 and NEON, of which a convolution does the work; Sigmoid
// and Grey for NEON. The environment variable CONVBOOK_KERNELS (avx512, avx2, neon or
// purego) forces one.
//
// Maps are kept filter-last here: a map of OH x OW positions and FN filters is
//
//	position (0,0)          position (0,1)
//	f0 f1 … f(FP-1)         f0 f1 … f(FP-1)      …
//
// with FP, the number of filters rounded up to a multiple of Group, so that a
// vector holds neighbouring filters of one position. The filters' weights are a
// matrix of one row for each tap (an offset in the image and a channel) and FP
// columns, and a convolution at one position is
//
//	out[f] = bias[f] + sum over tap of x[position + offset[tap]] * w[tap][f]
//
// Strides and offsets are in elements in this package's functions and in bytes
// in the assembly.
//
// No kernel can be quicker than its arithmetic in registers alone (Peak), nor than
// moving the bytes that it must touch (Triad). With AVX-512, on one core of 117
// GFLOP/s, the batch of 100 of the assignment's network and of DeepConvNet takes
//
//	convolution 5x5 to 64 filters, Relu, pooling    1.81 ms   87 % of arithmetic
//	the gradient of its filters (ConvGrad)          0.80 ms   49 %
//	affine 9216 to 50 (GemmT)                       0.87 ms   91 %
//	the gradient of its input (Gemm)                0.88 ms   90 %
//	the gradient of its weights (Gemm)              0.90 ms   88 %
//	Adam, 463,024 parameters                        0.13 ms   73 % of the bandwidth
//	convolution 3x3 of 16x28x28 to 16 (ConvRow)     3.6 ms    85 %
//	convolution 3x3 of 32x16x16 to 32 (ConvRow)     4.5 ms    90 %
//	convolution 3x3 of 64x8x8 to 64 (ConvRow)       4.2 ms    95 %
//	the gradient of its filters (Gemm)              5.5 ms    74 %
//	the same, pooled (ConvGradDeep)                 1.7 ms    48 % of a fifth
//	the gradient of its input, pooled
//	(InputGradDeep)                                 1.3 ms    63 % of a fifth
//
// and all but Adam is bound by arithmetic. A pooled map has a gradient at one position
// of four, and at none where Relu cut off: only those are multiplied. ConvGrad fetches
// each lane's own input with an instruction beside each multiplication, so it can reach
// half at most; ConvGradDeep and InputGradDeep read and write what they add to, for each
// position anew. To measure:
//
//	go run ./pkg/benchmark -rows kernels
package kernels

// Files whose names begin with zz_ are generated.

//go:generate go run -C gen ./gemm -out ../zz_gemm_amd64.s -stubs ../zz_gemm_amd64.go -pkg kernels
//go:generate go run -C gen ./neon -kind conv -out ../zz_conv_arm64.s -stubs ../zz_conv_arm64.go
//go:generate go run -C gen ./neon -kind convgrad -out ../zz_convgrad_arm64.s -stubs ../zz_convgrad_arm64.go
//go:generate go run -C gen ./neon -kind gemm -out ../zz_gemm_arm64.s -stubs ../zz_gemm_arm64.go
//go:generate go run -C gen ./neon -kind gemmt -out ../zz_gemmt_arm64.s -stubs ../zz_gemmt_arm64.go
//go:generate go run -C gen ./neon -kind norm -out ../zz_norm_arm64.s -stubs ../zz_norm_arm64.go
//go:generate go run -C gen ./neon -kind optimizer -out ../zz_optimizer_arm64.s -stubs ../zz_optimizer_arm64.go
//go:generate go run -C gen ./neon -kind transpose -out ../zz_transpose_arm64.s -stubs ../zz_transpose_arm64.go
//go:generate go run -C gen ./conv -out ../zz_conv_amd64.s -stubs ../zz_conv_amd64.go -pkg kernels
//go:generate go run -C gen ./gemmt -out ../zz_gemmt_amd64.s -stubs ../zz_gemmt_amd64.go -pkg kernels
//go:generate go run -C gen ./grey -out ../zz_grey_amd64.s -stubs ../zz_grey_amd64.go -pkg kernels
//go:generate go run -C gen ./norm -out ../zz_norm_amd64.s -stubs ../zz_norm_amd64.go -pkg kernels
//go:generate go run -C gen ./optimizer -out ../zz_optimizer_amd64.s -stubs ../zz_optimizer_amd64.go -pkg kernels
//go:generate go run -C gen ./peak -out ../zz_peak_amd64.s -stubs ../zz_peak_amd64.go -pkg kernels
//go:generate go run -C gen ./sigmoid -out ../zz_sigmoid_amd64.s -stubs ../zz_sigmoid_amd64.go -pkg kernels
//go:generate go run -C gen ./transpose -out ../zz_transpose_amd64.s -stubs ../zz_transpose_amd64.go -pkg kernels
//go:generate go run -C gen ./header ../zz_*.s ../zz_*.go

// Group is what numbers of filters are rounded up to.
const Group = 16

// RoundUp returns the smallest multiple of Group that is at least n.
func RoundUp(n int) int { return (n + Group - 1) / Group * Group }

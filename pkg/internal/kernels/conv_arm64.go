//go:build !purego

package kernels

// convTapsNEON computes the taps at four positions for Group filters:
// y[p][f] = bias[f] + sum over tap of x_p[offset[tap]] * w[tap][f]
// with offsets and stepW, the distance of two rows of w, in bytes. There must be
// at least one tap.
//
//go:noescape
func convTapsNEON(taps int, offsets *int32, x0, x1, x2, x3, w *float32, stepW int, bias *float32, y *[4][Group]float32)

// poolNEON takes the maximum of the four positions and cuts it at 0: the first maximum
// counts, and the first nan wins.
//
//go:noescape
func poolNEON(y *[4][Group]float32, out *float32, arg *uint8)

func convPool(windows int, t Taps, x Windows[float32], w Filters[float32], out Pooled[float32]) {
	var y [4][Group]float32
	for f := 0; f < w.Count; f += Group {
		for i := range windows {
			at, to := i*x.Step, i*out.Step+f
			convTapsNEON(t.Len(), &t.offsets[0], &x.X[at], &x.X[at+x.Right], &x.X[at+x.Down], &x.X[at+x.Right+x.Down],
				&w.W[f], 4*w.Count, &w.Bias[f], &y)
			_, _ = out.Value[to+Group-1], out.Arg[to+Group-1]
			poolNEON(&y, &out.Value[to], &out.Arg[to])
		}
	}
}

// convRow takes four positions at a time; where fewer are left, the last one
// stands for those that are missing.
func convRow(n int, t Taps, x Matrix[float32], w Filters[float32], out Matrix[float32], relu bool) {
	var y [4][Group]float32
	for f := 0; f < w.Count; f += Group {
		for i := 0; i < n; i += 4 {
			at := func(p int) *float32 { return &x.Data[min(i+p, n-1)*x.Row] }
			convTapsNEON(t.Len(), &t.offsets[0], at(0), at(1), at(2), at(3), &w.W[f], 4*w.Count, &w.Bias[f], &y)
			for p := range min(4, n-i) {
				if relu {
					reluGo(y[p][:])
				}
				copy(out.Data[(i+p)*out.Row+f:], y[p][:])
			}
		}
	}
}

//go:noescape
func unpoolNEON(vectors int, grad *float32, arg *uint8, out *float32, right, down int)

//go:noescape
func maskGradNEON(vectors int, y, grad, out *float32)

var convs = [variants]convKernels[float32]{NEON: {pool: convPool, row: convRow, lanes: 4, unpool: unpoolNEON, maskGrad: maskGradNEON}}

// The convolution and its gradients have no assembly for float64.
var (
	dconvs [variants]convKernels[float64]
	dgrads [variants]gradKernels[float64]
)

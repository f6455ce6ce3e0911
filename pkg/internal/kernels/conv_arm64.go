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

func convPool(windows int, t Taps, x []float32, right, down, stepX int, w, bias []float32, out []float32, arg []uint8, stepOut, fp int) {
	var y [4][Group]float32
	for f := 0; f < fp; f += Group {
		for i := range windows {
			at := i * stepX
			convTapsNEON(t.Len(), &t.offsets[0], &x[at], &x[at+right], &x[at+down], &x[at+right+down], &w[f], 4*fp, &bias[f], &y)
			_, _ = out[i*stepOut+f+Group-1], arg[i*stepOut+f+Group-1]
			poolNEON(&y, &out[i*stepOut+f], &arg[i*stepOut+f])
		}
	}
}

// convRow takes four positions at a time; where fewer are left, the last one
// stands for those that are missing.
func convRow(n int, t Taps, x []float32, stepX int, w, bias []float32, out []float32, stepOut int, relu bool, fp int) {
	var y [4][Group]float32
	for f := 0; f < fp; f += Group {
		for i := 0; i < n; i += 4 {
			at := func(p int) *float32 { return &x[min(i+p, n-1)*stepX] }
			convTapsNEON(t.Len(), &t.offsets[0], at(0), at(1), at(2), at(3), &w[f], 4*fp, &bias[f], &y)
			for p := range min(4, n-i) {
				if relu {
					reluGo(&y[p])
				}
				copy(out[(i+p)*stepOut+f:], y[p][:])
			}
		}
	}
}

//go:noescape
func unpoolNEON(vectors int, grad *float32, arg *uint8, out *float32, right, down int)

func unpool(grad []float32, arg []uint8, out []float32, right, down, fp int) {
	unpoolNEON(fp/4, &grad[0], &arg[0], &out[0], 4*right, 4*down)
}

//go:noescape
func maskGradNEON(vectors int, y, grad, out *float32)

func maskGrad(y, grad, out []float32) { maskGradNEON(len(out)/4, &y[0], &grad[0], &out[0]) }

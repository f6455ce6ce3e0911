package kernels

import "math"

// MaxPool computes 2x2 max-pooling alone for a row of windows of out.Step filters each: at
// the four positions p of a window,
//
//	out[f] = max over p of x[p][f]
//	arg[f] = the first p of the maximum
//
// The first nan wins. Unpool gives the gradient. The number of filters must be a multiple
// of Group.
func MaxPool[T float32 | float64](windows int, x Windows[T], out Pooled[T]) {
	if windows == 0 {
		return
	}
	n := windows * out.Step
	_, _, _ = x.X[(windows-1)*x.Step+x.Right+x.Down+out.Step-1], out.Value[n-1], out.Arg[n-1]
	if k := convsOf[T](); k.maxPool != nil {
		size := sizeOf[T]()
		k.maxPool(windows, out.Step/k.lanes, &x.X[0], size*x.Right, size*x.Down, size*x.Step, &out.Value[0], &out.Arg[0])
		return
	}
	for i := range windows {
		at, to := i*x.Step, i*out.Step
		maxPoolGo(x.X[at:], x.Right, x.Down, out.Value[to:to+out.Step], out.Arg[to:to+out.Step])
	}
}

// maxPoolGo takes the maxima of one window. Whole numbers in the order of the values are
// chosen without a branch, which would be guessed wrongly every other time.
func maxPoolGo[T float32 | float64](x []T, right, down int, out []T, arg []uint8) {
	upper, next, lower, last := x[:len(out)], x[right:][:len(out)], x[down:][:len(out)], x[right+down:][:len(out)]
	arg = arg[:len(out)]
	for k := range out {
		y := [4]T{upper[k], next[k], lower[k], last[k]}
		at := 0
		if sum := y[0] + y[1] + y[2] + y[3]; sum == sum {
			best := rank(y[0])
			if v := rank(y[1]); v > best {
				at = 1
			}
			best = max(best, rank(y[1]))
			if v := rank(y[2]); v > best {
				at = 2
			}
			best = max(best, rank(y[2]))
			if v := rank(y[3]); v > best {
				at = 3
			}
		} else {
			at = firstMaximum(y)
		}
		out[k], arg[k] = y[at&3], uint8(at)
	}
}

// rank is a whole number that is larger for a larger value, and the same for both zeros.
func rank[T float32 | float64](v T) int64 {
	b := bits(v + 0)
	return b ^ b>>63&math.MaxInt64
}

// firstMaximum finds it where there may be a nan: the first of them wins.
func firstMaximum[T float32 | float64](y [4]T) (at int) {
	for p, v := range y {
		if best := y[at]; best == best && !(v <= best) {
			at = p
		}
	}
	return at
}

//go:build !purego

package kernels

// The fewest windows, and positions, that the kernels of 3x3 filters take.
const (
	leastSquareWindows = 3
	leastSquareColumns = 8
)

// square says whether the kernels of 3x3 filters can take these: of one vector, over
// neighbouring positions.
func (t Taps) square() bool { return active == AVX512 && t.fh == 3 && t.fw == 3 }

// squarePool takes four windows at a time, and three so that they come out even; of
// five it computes one twice.
func squarePool(windows int, t Taps, x, w []float32, bias []float32, out []float32, arg []uint8, stepOut, fp int) {
	fours := (windows - 3*((4-windows%4)%4)) / 4
	stepX, stepY, stepTap := 4*t.stepX, 4*t.stepY, 4*t.channels*fp
	if fours > 0 {
		squarePool4AVX512(fours, t.channels, &x[0], stepX, stepY, &w[0], 4*fp, stepTap, &bias[0], &out[0], &arg[0], 4*stepOut)
	}
	for at := 4 * max(fours, 0); at < windows; at += 3 {
		at := min(at, windows-3)
		squarePool3AVX512(1, t.channels, &x[2*at*t.stepX], stepX, stepY, &w[0], 4*fp, stepTap, &bias[0], &out[at*stepOut], &arg[at*stepOut], 4*stepOut)
	}
}

// squareRow takes 14 positions at a time where the rest is 8, 16, …, else 8; some at
// the end it may compute twice.
func squareRow(n int, t Taps, x, w []float32, bias []float32, out []float32, stepOut int, relu bool, fp int) {
	fourteens := n / 14
	for fourteens > 0 && (n-14*fourteens)%8 != 0 {
		fourteens--
	}
	stepX, stepY, stepTap := 4*t.stepX, 4*t.stepY, 4*t.channels*fp
	if fourteens > 0 {
		squareRow14AVX512(fourteens, t.channels, &x[0], stepX, stepY, &w[0], 4*fp, stepTap, &bias[0], &out[0], 4*stepOut, relu)
	}
	for at := 14 * fourteens; at < n; at += 8 {
		at := min(at, n-8)
		squareRow8AVX512(1, t.channels, &x[at*t.stepX], stepX, stepY, &w[0], 4*fp, stepTap, &bias[0], &out[at*stepOut], 4*stepOut, relu)
	}
}

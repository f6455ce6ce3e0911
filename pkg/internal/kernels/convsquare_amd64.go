//go:build !purego

package kernels

// squarePoolAVX512 takes four windows at a time, and three so that they come out even; of
// five it computes one twice.
func squarePoolAVX512(windows int, t Taps, x Windows[float32], w Filters[float32], out Pooled[float32]) {
	fours := (windows - 3*((4-windows%4)%4)) / 4
	stepX, stepY, stepTap := 4*t.stepX, 4*t.stepY, 4*t.channels*w.Count
	if fours > 0 {
		squarePool4AVX512(fours, t.channels, &x.X[0], stepX, stepY, &w.W[0], 4*w.Count, stepTap, &w.Bias[0], &out.Value[0], &out.Arg[0], 4*out.Step)
	}
	for at := 4 * max(fours, 0); at < windows; at += 3 {
		at := min(at, windows-3)
		squarePool3AVX512(1, t.channels, &x.X[2*at*t.stepX], stepX, stepY, &w.W[0], 4*w.Count, stepTap, &w.Bias[0], &out.Value[at*out.Step], &out.Arg[at*out.Step], 4*out.Step)
	}
}

// squareRowAVX512 takes 14, 12 and 8 positions at a time; some at the end it may compute
// twice.
func squareRowAVX512(n int, t Taps, x Matrix[float32], w Filters[float32], out Matrix[float32], relu bool) {
	fourteens, twelves := squareGroups(n)
	stepX, stepY, stepTap := 4*t.stepX, 4*t.stepY, 4*t.channels*w.Count
	if fourteens > 0 {
		squareRow14AVX512(fourteens, t.channels, &x.Data[0], stepX, stepY, &w.W[0], 4*w.Count, stepTap, &w.Bias[0], &out.Data[0], 4*out.Row, relu)
	}
	at := 14 * fourteens
	if twelves > 0 {
		squareRow12AVX512(twelves, t.channels, &x.Data[at*t.stepX], stepX, stepY, &w.W[0], 4*w.Count, stepTap, &w.Bias[0], &out.Data[at*out.Row], 4*out.Row, relu)
	}
	for at += 12 * twelves; at < n; at += 8 {
		at := min(at, n-8)
		squareRow8AVX512(1, t.channels, &x.Data[at*t.stepX], stepX, stepY, &w.W[0], 4*w.Count, stepTap, &w.Bias[0], &out.Data[at*out.Row], 4*out.Row, relu)
	}
}

// squareGroups says how many groups of 14 and of 12 positions, with groups of 8 behind them,
// compute the fewest positions twice; of equal ones, those with most groups of 14.
func squareGroups(n int) (fourteens, twelves int) {
	least := n + 8
	for a := n / 14; a >= 0; a-- {
		for b := (n - 14*a) / 12; b >= 0; b-- {
			rest := n - 14*a - 12*b
			if total := n - rest + (rest+7)/8*8; total < least {
				least, fourteens, twelves = total, a, b
			}
			if least == n {
				return fourteens, twelves // none twice: this runs for each row
			}
		}
	}
	return fourteens, twelves
}

package scaling

// Faster returns how many times as fast as on one core the work is on 1, 2, … cores.
func (t Trace) Faster(cores int) []float64 {
	curve := make([]float64, cores)
	for i := range curve {
		curve[i] = t.Seconds(1) / t.Seconds(i+1)
	}
	return curve
}

// Amdahl returns how many times as fast as on one core work is on 1, 2, … cores if this
// share of it, from 0 to 1, goes no faster with more of them (Gene Amdahl, 1967).
func Amdahl(serial float64, cores int) []float64 {
	curve := make([]float64, cores)
	for i := range curve {
		curve[i] = 1 / (serial + (1-serial)/float64(i+1))
	}
	return curve
}

// SerialShare returns the share with which Amdahl's law fits a curve best: by least
// squares of the times. It is 0 where the curve knows one core only.
func SerialShare(faster []float64) float64 {
	// time = serial + (1 - serial) / cores, so time - 1/cores = serial * (1 - 1/cores).
	var products, squares float64
	for i, f := range faster {
		equal := 1 / float64(i+1)
		products += (1/f - equal) * (1 - equal)
		squares += (1 - equal) * (1 - equal)
	}
	if squares == 0 {
		return 0
	}
	return min(max(products/squares, 0), 1)
}

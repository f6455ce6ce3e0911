package scaling

// Amdahl returns how many times as fast work is on so many cores if this share of it,
// from 0 to 1, goes no faster with more of them (Gene Amdahl, 1967).
func Amdahl(serial float64, cores int) float64 {
	return 1 / (serial + (1-serial)/float64(cores))
}

// SerialShare returns the share of Amdahl's law that fits times as fast as one core best,
// one for each number of cores: by least squares of the times. It is 0 where there is no
// more than one core.
func SerialShare(cores []int, faster []float64) float64 {
	// time = serial + (1 - serial) / cores, so time - 1/cores = serial * (1 - 1/cores).
	var products, squares float64
	for i, n := range cores {
		alone := 1 / float64(n)
		products += (1/faster[i] - alone) * (1 - alone)
		squares += (1 - alone) * (1 - alone)
	}
	if squares == 0 {
		return 0
	}
	return min(max(products/squares, 0), 1)
}

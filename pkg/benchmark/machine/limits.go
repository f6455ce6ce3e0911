package machine

import (
	"sync"

	"convbook/pkg/internal/kernels"
)

// peakRounds makes a piece of work of about a millisecond.
const peakRounds = 400_000

// Peak returns work that multiplies and adds in registers alone, on procs
// goroutines at a time, and how many floating-point operations (float32) it does
// each time. Nothing can calculate faster with the kernels' variant in use.
func Peak(procs int) (work func(), operations float64) {
	one, _ := kernels.Peak(1, 1, 1)
	return func() {
		together(procs, func(int) { kernels.Peak(peakRounds, 1, 1) })
	}, float64(procs) * float64(one) * peakRounds
}

// Axpy returns work that does y += a*x (float32) in arrays of so many bytes
// together, on procs goroutines with a share of their own each, and how many bytes
// it moves each time: x and y read, y written. It does next to no arithmetic, so it
// shows the bandwidth: with few bytes that of a cache, with many that of the memory.
func Axpy(procs, bytes int) (work func(), moved float64) {
	n := bytes / 4 / 2 / procs
	x, y := make([][]float32, procs), make([][]float32, procs)
	for i := range procs {
		x[i], y[i] = make([]float32, n), make([]float32, n)
		for k := range n {
			x[i][k], y[i][k] = 1, 1 // a page that was never written may be shared
		}
	}
	// Small ones are repeated, so that starting goroutines does not count.
	repeats := max(1, (32<<20)/max(bytes, 1))
	return func() {
		together(procs, func(i int) {
			for range repeats {
				kernels.Triad(y[i], y[i], x[i], 0.5)
			}
		})
	}, float64(3*4*n*procs) * float64(repeats)
}

// together runs do for 0 to n-1 at the same time.
func together(n int, do func(i int)) {
	if n == 1 {
		do(0)
		return
	}
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { do(i) })
	}
	group.Wait()
}

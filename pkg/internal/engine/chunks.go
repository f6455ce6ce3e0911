package engine

// chunkMost is how many samples at most are taken from one kernel to the next.
const chunkMost = 64

// countChunks returns into how many chunks n samples are cut, and chunk which ones are in
// one of them: about equally many.
func countChunks(n int) int {
	each := chunkSize(n)
	return (n + each - 1) / each
}

func chunk(n, i int) (lo, hi int) {
	each := chunkSize(n)
	return i * each, min((i+1)*each, n)
}

func chunkSize(n int) int {
	count := (n + chunkMost - 1) / chunkMost
	return ((n+count-1)/count + 3) / 4 * 4 // tiles of the products are four high
}

// chunks calls f for one chunk after the other.
func chunks(n int, f func(lo, hi int)) {
	for i := range countChunks(n) {
		f(chunk(n, i))
	}
}

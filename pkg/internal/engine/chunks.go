package engine

// countChunks returns into how many chunks of at most so many samples n are cut, and chunk
// which ones are in one of them: about equally many.
func countChunks(n, most int) int {
	each := chunkSize(n, most)
	return (n + each - 1) / each
}

func chunk(n, most, i int) (lo, hi int) {
	each := chunkSize(n, most)
	return i * each, min((i+1)*each, n)
}

func chunkSize(n, most int) int {
	count := (n + most - 1) / most
	return ((n+count-1)/count + 3) / 4 * 4 // tiles of the products are four high
}

// chunks calls f for one chunk after the other.
func chunks(n, most int, f func(lo, hi int)) {
	for i := range countChunks(n, most) {
		f(chunk(n, most, i))
	}
}

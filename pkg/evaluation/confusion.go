package evaluation

// Confusion counts, for each class (row), which classes (columns) it was taken for.
func Confusion(answers []Answer, classes int) [][]int {
	counts := make([][]int, classes)
	for label := range counts {
		counts[label] = make([]int, classes)
	}
	for _, a := range answers {
		counts[a.Label][a.Guess]++
	}
	return counts
}

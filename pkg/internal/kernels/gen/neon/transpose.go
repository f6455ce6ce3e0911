package main

import "fmt"

// transposes generates the transpose of a square of as many rows as a vector has lanes.
func transposes(f *file) {
	for _, n := range numbers {
		name := n.title("transpose")
		k := f.kernel(n, name, "*a rowA *b rowB",
			fmt.Sprintf(`// %s sets B[j][i] = A[i][j] for %d rows and columns; rows are rowA and rowB bytes apart.`, name, n.count))
		f.loads(n, k, "a rowA b rowB", 0)
		for i := range n.count {
			f.line("VLD1.P (R0)(R1), [V%d.%s]", i, n.lanes)
		}
		interleave := func(lanes string, a, b, even, odd int) {
			f.line("VTRN1 V%[3]d.%[1]s, V%[2]d.%[1]s, V%[4]d.%[1]s", lanes, a, b, even)
			f.line("VTRN2 V%[3]d.%[1]s, V%[2]d.%[1]s, V%[4]d.%[1]s", lanes, a, b, odd)
		}
		first := 4
		interleave(n.lanes, 0, 1, 4, 5)
		if n.count == 4 {
			interleave(n.lanes, 2, 3, 6, 7)
			interleave("D2", 4, 6, 0, 2)
			interleave("D2", 5, 7, 1, 3)
			first = 0
		}
		for i := range n.count {
			f.line("VST1.P [V%d.%s], (R2)(R3)", first+i, n.lanes)
		}
		f.line("RET")
	}
}

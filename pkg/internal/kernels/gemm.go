package kernels

import "fmt"

// blockK is how many rows of B a product takes at a time: few enough to stay in
// the cache while all rows of A pass over them.
const blockK = 512

// Gemm sets C[i][j] = sum over p of A[i][p] * B[p][j] for i < m, j < n, p < k, or
// adds to C where add is set. Each sum runs in the order of p, cut into blocks of 512,
// whatever m and n are. It panics when an index lies outside its slice.
func Gemm[T float32 | float64](m, n, k int, a Strided[T], b, c Matrix[T], add bool) {
	if m <= 0 || n <= 0 {
		return
	}
	checkMatrix("C", len(c.Data), (m-1)*c.Row+n-1)
	if k > 0 {
		checkMatrix("A", len(a.Data), (m-1)*a.Row+(k-1)*a.Column)
		checkMatrix("B", len(b.Data), (k-1)*b.Row+n-1)
	}
	for p := 0; p == 0 || p < k; p += blockK {
		from := Strided[T]{tailOf(a.Data, p*a.Column), a.Row, a.Column}
		gemmBlock(m, n, min(blockK, k-p), from, Matrix[T]{tailOf(b.Data, p*b.Row), b.Row}, c, add || p > 0)
	}
}

// Gemms is Gemm with one A of count matrices B, of which each sum goes to a C of its own:
// element [i][j] of matrix q stands at Data[q*Panel + i*Row + j]. Plain Go looks for the
// zeros of A once.
func Gemms[T float32 | float64](count, m, n, k int, a Strided[T], b, c Panels[T], add bool) {
	if m <= 0 || n <= 0 || count <= 0 {
		return
	}
	if hasGemm[T]() {
		for q := range count {
			Gemm(m, n, k, a, b.matrix(q), c.matrix(q), add)
		}
		return
	}
	checkMatrix("C", len(c.Data), (count-1)*c.Panel+(m-1)*c.Row+n-1)
	if k > 0 {
		checkMatrix("A", len(a.Data), (m-1)*a.Row+(k-1)*a.Column)
		checkMatrix("B", len(b.Data), (count-1)*b.Panel+(k-1)*b.Row+n-1)
	}
	gemmsGo(count, m, n, k, a, b, c, add)
}

func tailOf[T any](s []T, from int) []T { return s[min(from, len(s)):] }

func checkMatrix(name string, length, last int) {
	if last >= length {
		panic(fmt.Sprintf("kernels.Gemm: %s has %d elements, but element %d is asked for", name, length, last))
	}
}

// plainRows is how many rows of A pass over a panel of B that is packed, and packedRows how
// many where those rows do not lie from end to end, and are packed, too.
const (
	plainRows  = 64
	packedRows = 32
)

// gemmGo is the plain form.
func gemmGo[T float32 | float64](m, n, k int, a Strided[T], b, c Matrix[T], add bool) {
	gemmsGo(1, m, n, k, a, Panels[T]{Data: b.Data, Row: b.Row}, Panels[T]{Data: c.Data, Row: c.Row}, add)
}

// gemmsGo takes a tile of a row of C at a time, with all of A or without its zeros.
func gemmsGo[T float32 | float64](count, m, n, k int, a Strided[T], b, c Panels[T], add bool) {
	if !add {
		for q := range count {
			c := c.matrix(q)
			for i := range m {
				clear(c.Data[i*c.Row : i*c.Row+n])
			}
		}
	}
	for p := 0; p < k; p += plainDepth {
		depth := min(plainDepth, k-p)
		from, rows := Strided[T]{a.Data[p*a.Column:], a.Row, a.Column}, Panels[T]{b.Data[p*b.Row:], b.Row, b.Panel}
		sparse := isSparse(m, n, depth, from)
		for q, end := 0, 0; q < count; q = end {
			if end = q; sparse {
				end += finite(count-q, n, depth, rows.from(q))
			}
			if end > q {
				sparseTiles(end-q, m, n, depth, from, rows.from(q), c.from(q))
				continue
			}
			denseTiles(m, n, depth, from, rows.matrix(q), c.matrix(q))
			end++
		}
	}
}

// denseTiles adds the products of A and B to C.
func denseTiles[T float32 | float64](m, n, depth int, a Strided[T], b, c Matrix[T]) {
	var packed [packedRows * plainDepth]T
	var panel [octet * plainDepth]T
	most := plainRows
	if a.Column != 1 {
		most = packedRows
	}
	for i := 0; i < m; i += most {
		rows := Matrix[T]{a.Data[i*a.Row:], a.Row}
		height := min(most, m-i)
		if a.Column != 1 {
			for r := range height {
				for q := range depth {
					packed[r*depth+q] = rows.Data[r*a.Row+q*a.Column]
				}
			}
			rows = Matrix[T]{packed[:], depth}
		}
		for j, columns := 0, 0; j < n; j += columns {
			columns = min(octet, n-j)
			to := Matrix[T]{c.Data[i*c.Row+j:], c.Row}
			plainTiles(height, columns, depth, rows, Matrix[T]{b.Data[j:], b.Row}, to, panel[:])
		}
	}
}

// plainTiles adds to some rows of at most octet columns.
func plainTiles[T float32 | float64](rows, columns, depth int, a, b, c Matrix[T], panel []T) {
	if columns == octet {
		panel = panel[:octet*depth]
		fill8(panel, b.Data, b.Row)
		for i := range rows {
			dot8((*[octet]T)(c.Data[i*c.Row:]), a.Data[i*a.Row:i*a.Row+depth], panel)
		}
		return
	}
	width := octet
	if columns <= quad {
		width = quad
	}
	panel = panel[:width*depth]
	fillRest(panel, b.Data, b.Row, columns, width)
	for i := range rows {
		var sum [octet]T
		x, to := a.Data[i*a.Row:i*a.Row+depth], c.Data[i*c.Row:i*c.Row+columns]
		copy(sum[:], to)
		if width == octet {
			dot8(&sum, x, panel)
		} else {
			dot4((*[quad]T)(sum[:]), x, panel)
		}
		copy(to, sum[:])
	}
}

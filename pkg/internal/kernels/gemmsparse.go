package kernels

// Where Relu, pooling or Dropout left zeros, plain Go multiplies what is left. The sums
// have the bits of those with all products: one that begins at 0 is never -0, and adding
// a zero to any other number changes nothing. So B must be finite: zero times infinity is
// no number.
const (
	sparseEntries = 4096      // of A that are listed at a time
	sparseRows    = 128       // at most
	sparseLeast   = 16        // rows; fewer do not pay for the look at B
	sparseColumns = 4 * octet // fewer do not pay for the list
	sparseSample  = 8         // one row of so many says how many zeros there are
)

// sparseRowsOf are rows of A without zeros: g is a number, at where its row stands in a
// panel of B.
type sparseRowsOf[T float32 | float64] struct {
	at   [sparseEntries]int32
	g    [sparseEntries]T
	ends [sparseRows]int

	panel scattered[T]
}

// isSparse says whether a product leaves out enough: two of five numbers of A are zeros.
func isSparse[T float32 | float64](m, n, depth int, a Strided[T]) bool {
	if m < sparseLeast || n < sparseColumns {
		return false
	}
	zeros, all := 0, 0
	for i := 0; i < m; i += sparseSample {
		for p := range depth {
			zeros += 1 - nonZero(a.Data[i*a.Row+p*a.Column])
		}
		all += depth
	}
	return 5*zeros >= 2*all
}

// finite returns how many of the first panels are finite.
func finite[T float32 | float64](count, n, rows int, b Panels[T]) (q int) {
	for q < count && isFinite(n, rows, b.matrix(q)) {
		q++
	}
	return q
}

// nonZero is 1 unless a number is 0. A branch would be guessed wrongly.
func nonZero[T float32 | float64](v T) int {
	keep := 0
	if v != 0 {
		keep = 1
	}
	return keep
}

// isFinite says whether there is neither infinity nor nan in some rows. Either stays in
// every sum that it comes into; a sum of large numbers may become infinite as well.
func isFinite[T float32 | float64](n, rows int, b Matrix[T]) bool {
	sum := T(0)
	for p := range rows {
		var s0, s1, s2, s3, s4, s5, s6, s7 T
		row := b.Data[p*b.Row : p*b.Row+n]
		for ; len(row) >= octet; row = row[octet:] {
			s0 += row[0]
			s1 += row[1]
			s2 += row[2]
			s3 += row[3]
			s4 += row[4]
			s5 += row[5]
			s6 += row[6]
			s7 += row[7]
		}
		for _, v := range row {
			s0 += v
		}
		sum += s0*0 + s1*0 + s2*0 + s3*0 + s4*0 + s5*0 + s6*0 + s7*0
	}
	return sum == 0 || eachIsFinite(n, rows, b)
}

// eachIsFinite says so number by number.
func eachIsFinite[T float32 | float64](n, rows int, b Matrix[T]) bool {
	for p := range rows {
		for _, v := range b.Data[p*b.Row : p*b.Row+n] {
			if v*0 != 0 {
				return false
			}
		}
	}
	return true
}

// list leaves out the zeros of some rows of A.
func (s *sparseRowsOf[T]) list(rows, depth int, a Strided[T]) {
	n := 0
	for i := range rows {
		at := i * a.Row
		for p := range depth {
			v := a.Data[at]
			s.at[n&(sparseEntries-1)], s.g[n&(sparseEntries-1)] = int32(octet*p), v
			n += nonZero(v)
			at += a.Column
		}
		s.ends[i] = n
	}
}

// sparseTiles adds the products of A and each B to each C.
func sparseTiles[T float32 | float64](count, m, n, depth int, a Strided[T], b, c Panels[T]) {
	var entries sparseRowsOf[T]
	blocks := max((m+sparseRows-1)/sparseRows, (m*depth+sparseEntries-1)/sparseEntries)
	most := (m + blocks - 1) / blocks
	if most*depth > sparseEntries {
		most = sparseEntries / depth
	}
	for i := 0; i < m; i += most {
		rows := min(most, m-i)
		entries.list(rows, depth, Strided[T]{a.Data[i*a.Row:], a.Row, a.Column})
		for q := range count {
			to := c.matrix(q)
			entries.products(rows, n, depth, b.matrix(q), Matrix[T]{to.Data[i*to.Row:], to.Row})
		}
	}
}

// products adds those of the rows and B to C.
func (s *sparseRowsOf[T]) products(rows, n, depth int, b, c Matrix[T]) {
	panel := s.panel[:octet*depth]
	for j := 0; j < n; j += octet {
		columns, from := min(octet, n-j), 0
		if columns == octet {
			fill8(panel, b.Data[j:], b.Row)
		} else {
			fillRest(panel, b.Data[j:], b.Row, columns, octet)
		}
		for r, end := range s.ends[:rows] {
			at, g := s.at[from:end], s.g[from:end]
			to := c.Data[r*c.Row+j:]
			if from = end; columns == octet {
				scatter8((*[octet]T)(to), &s.panel, at, g)
				continue
			}
			var sum [octet]T
			copy(sum[:], to[:columns])
			scatter8(&sum, &s.panel, at, g)
			copy(to, sum[:columns])
		}
	}
}

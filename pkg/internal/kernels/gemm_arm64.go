//go:build !purego

package kernels

// gemmTile is a micro-kernel: it computes a tile of C, with steps in bytes.
type gemmTile[T float32 | float64] func(k int, a *T, rowA, stepA int, b *T, stepB int, c *T, rowC int, add bool)

// gemmTiles are those of so many columns: of 4 rows and of one.
type gemmTiles[T float32 | float64] struct {
	columns   int
	four, one gemmTile[T]
}

// Those of each variant, the widest first: 4 vectors, one, and a single column.
var (
	sgemms = [variants][]gemmTiles[float32]{NEON: {
		{16, sgemm4x16NEON, sgemm1x16NEON},
		{4, sgemm4x4NEON, sgemm1x4NEON},
		{1, sgemm4x1NEON, sgemm1x1NEON},
	}}
	dgemms = [variants][]gemmTiles[float64]{NEON: {
		{8, dgemm4x8NEON, dgemm1x8NEON},
		{2, dgemm4x2NEON, dgemm1x2NEON},
		{1, dgemm4x1NEON, dgemm1x1NEON},
	}}
)

// gemms returns the micro-kernels of the active variant.
func gemms[T float32 | float64]() []gemmTiles[T] {
	return *of[[]gemmTiles[T]](&sgemms[active], &dgemms[active])
}

// hasGemm says whether there are kernels for products.
func hasGemm[T float32 | float64]() bool { return len(gemms[T]()) > 0 }

// gemmBlock cuts C into tiles of 4 rows, then of single ones, by 4 vectors, then
// by 1 vector, then by single columns.
func gemmBlock[T float32 | float64](m, n, k int, a Strided[T], b, c Matrix[T], add bool) {
	widths := gemms[T]()
	if len(widths) == 0 || k == 0 {
		gemmGo(m, n, k, a, b, c, add)
		return
	}
	size := sizeOf[T]()
	for j := 0; j < n; {
		for n-j < widths[0].columns {
			widths = widths[1:]
		}
		for i, rows := 0, 0; i < m; i += rows {
			tile := widths[0].one
			if rows = 1; m-i >= 4 {
				rows, tile = 4, widths[0].four
			}
			tile(k, &a.Data[i*a.Row], a.Row*size, a.Column*size, &b.Data[j], b.Row*size, &c.Data[i*c.Row+j], c.Row*size, add)
		}
		j += widths[0].columns
	}
}

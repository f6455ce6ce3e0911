//go:build !purego

package kernels

// gemmTTile is a micro-kernel: it computes a tile of some rows and columns, with steps in
// bytes.
type gemmTTile func(vectors int, a *float32, rowA int, b *float32, rowB int, c *float32, rowC int, add bool)

// gemmTKernels are the micro-kernels of a variant: of 4 rows or one by 4 columns or one.
// PureGo has none.
type gemmTKernels struct{ of4x4, of4x1, of1x4, of1x1 gemmTTile }

var gemmTs = [variants]gemmTKernels{NEON: {gemmT4x4NEON, gemmT4x1NEON, gemmT1x4NEON, gemmT1x1NEON}}

// HasGemmT says whether GemmT runs in vectors, or one number at a time.
func HasGemmT[T float32 | float64]() bool { return gemmTs[active].of1x1 != nil && sizeOf[T]() == 4 }

func gemmTBlock(m, n, panels, k int, a, b Panels[float32], c Matrix[float32], add bool) {
	for q := range panels {
		a, b := a.from(q), b.from(q)
		gemmTPanel(m, n, k, Matrix[float32]{a.Data, a.Row}, Matrix[float32]{b.Data, b.Row}, c, add || q > 0)
	}
}

// gemmTPanel takes the tiles column by column, so that the rows of B stay near
// while those of A pass. What is left of the rows' ends is added number by number.
func gemmTPanel(m, n, k int, a, b, c Matrix[float32], add bool) {
	vectors := k / 4
	if vectors == 0 {
		gemmTGo(m, n, k, a, b, c, add)
		return
	}
	kernels := &gemmTs[active]
	for j, columns := 0, 0; j < n; j += columns {
		high, low := kernels.of4x1, kernels.of1x1
		if columns = 1; n-j >= 4 {
			columns, high, low = 4, kernels.of4x4, kernels.of1x4
		}
		for i, rows := 0, 0; i < m; i += rows {
			tile := low
			if rows = 1; m-i >= 4 {
				rows, tile = 4, high
			}
			tile(vectors, &a.Data[i*a.Row], 4*a.Row, &b.Data[j*b.Row], 4*b.Row, &c.Data[i*c.Row+j], 4*c.Row, add)
		}
	}
	if rest := 4 * vectors; rest < k {
		gemmTGo(m, n, k-rest, Matrix[float32]{a.Data[rest:], a.Row}, Matrix[float32]{b.Data[rest:], b.Row}, c, true)
	}
}

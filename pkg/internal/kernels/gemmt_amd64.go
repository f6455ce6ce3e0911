//go:build !purego

package kernels

// widestTTile is how many columns the widest tile has.
const widestTTile = 5

// gemmTTile is a micro-kernel: it computes a tile of some rows and columns, with steps in
// bytes; a row of a panel has so many vectors, and a tail that the mask takes.
type gemmTTile func(panels, vectors, tail int, a *float32, rowA, jumpA int, b *float32, rowB, jumpB int, c *float32, rowC int, mask *byte, add bool)

// gemmTKernels are the micro-kernels of a variant, for vectors of so many lanes. PureGo
// has none, and no lanes.
type gemmTKernels struct {
	lanes, widest, rows int // rows is how many the highest tile has
	mask                func(lanes int) *byte
	high, low           [widestTTile + 1]gemmTTile // by columns: of so many rows, and of one
}

var gemmTs = [variants]gemmTKernels{
	AVX2: {
		lanes: 8, widest: 4, rows: 3, mask: wordMask,
		high: [widestTTile + 1]gemmTTile{4: gemmT3x4AVX2, 1: gemmT3x1AVX2},
		low:  [widestTTile + 1]gemmTTile{4: gemmT1x4AVX2, 1: gemmT1x1AVX2},
	},
	AVX512: {
		lanes: 16, widest: 5, rows: 4, mask: bitMask,
		high: [widestTTile + 1]gemmTTile{5: gemmT4x5AVX512, 4: gemmT4x4AVX512, 1: gemmT4x1AVX512},
		low:  [widestTTile + 1]gemmTTile{5: gemmT1x5AVX512, 4: gemmT1x4AVX512, 1: gemmT1x1AVX512},
	},
}

// HasGemmT says whether GemmT runs in vectors, or one number at a time.
func HasGemmT[T float32 | float64]() bool { return gemmTs[active].lanes > 0 && sizeOf[T]() == 4 }

// gemmTBlock takes the tiles column by column, so that the rows of B stay near
// while those of A pass.
func gemmTBlock(m, n, panels, k int, a, b Panels[float32], c Matrix[float32], add bool) {
	kernels := &gemmTs[active]
	lanes := kernels.lanes
	vectors, tail := k/lanes, k%lanes
	mask := kernels.mask(tail)
	for j, columns := 0, 0; j < n; j += columns {
		columns = tileColumns(kernels.widest, n-j)
		for i, rows := 0, 0; i < m; i += rows {
			tile := kernels.low[columns]
			if rows = 1; m-i >= kernels.rows {
				rows, tile = kernels.rows, kernels.high[columns]
			}
			tile(panels, vectors, tail, &a.Data[i*a.Row], 4*a.Row, 4*(a.Panel-vectors*lanes),
				&b.Data[j*b.Row], 4*b.Row, 4*(b.Panel-vectors*lanes), &c.Data[i*c.Row+j], 4*c.Row, mask, add)
		}
	}
}

// tileColumns returns the width of the next tile: the widest, 5 or 4, or 4 where what
// is left is then nothing but whole tiles, or else 1.
func tileColumns(widest, left int) int {
	fours := 4 * ((widest - left%widest) % widest) // in tiles of 4, the others being of 5
	switch {
	case widest == 5 && left >= 5 && left != fours && (left > fours || left < 16):
		return 5
	case left >= 4:
		return 4
	}
	return 1
}

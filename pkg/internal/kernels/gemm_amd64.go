//go:build !purego

package kernels

// A tile of C has as many columns as some vectors hold, at most widestTile, and some
// rows, at most highestTile.
const widestTile, highestTile = 4, 12

// gemmTile is a micro-kernel: it computes a tile, with steps in bytes, whose last vectors
// have the lanes of the mask.
type gemmTile[T float32 | float64] func(k int, a *T, rowA, stepA int, b *T, stepB int, c *T, rowC int, mask *byte, add bool)

// gemmKernels are the micro-kernels of a variant, for vectors of so many lanes. PureGo
// has none, and no lanes.
type gemmKernels[T float32 | float64] struct {
	lanes, most int // most is how many vectors the widest tile has
	mask        func(lanes int) *byte
	highest     [widestTile + 1]int                          // rows of the highest tile of so many vectors
	tiles       [widestTile + 1][highestTile + 1]gemmTile[T] // by vectors and rows
	whole       [widestTile + 1]gemmTile[T]                  // the highest, whose last vectors are whole
}

var sgemms = [variants]gemmKernels[float32]{
	AVX2: {
		lanes: 8, most: 2, mask: wordMask,
		highest: [widestTile + 1]int{1: 6, 2: 6},
		tiles: [widestTile + 1][highestTile + 1]gemmTile[float32]{
			1: {6: sgemm6x1AVX2, 4: sgemm4x1AVX2, 2: sgemm2x1AVX2, 1: sgemm1x1AVX2},
			2: {6: sgemm6x2AVX2, 4: sgemm4x2AVX2, 2: sgemm2x2AVX2, 1: sgemm1x2AVX2},
		},
		whole: [widestTile + 1]gemmTile[float32]{1: sgemmWhole6x1AVX2, 2: sgemmWhole6x2AVX2},
	},
	AVX512: {
		lanes: 16, most: 4, mask: bitMask,
		highest: [widestTile + 1]int{1: 12, 2: 12, 3: 8, 4: 6},
		tiles: [widestTile + 1][highestTile + 1]gemmTile[float32]{
			1: {12: sgemm12x1AVX512, 8: sgemm8x1AVX512, 5: sgemm5x1AVX512, 4: sgemm4x1AVX512, 2: sgemm2x1AVX512, 1: sgemm1x1AVX512},
			2: {12: sgemm12x2AVX512, 8: sgemm8x2AVX512, 4: sgemm4x2AVX512, 2: sgemm2x2AVX512, 1: sgemm1x2AVX512},
			3: {8: sgemm8x3AVX512, 4: sgemm4x3AVX512, 2: sgemm2x3AVX512, 1: sgemm1x3AVX512},
			4: {6: sgemm6x4AVX512, 4: sgemm4x4AVX512, 2: sgemm2x4AVX512, 1: sgemm1x4AVX512},
		},
		whole: [widestTile + 1]gemmTile[float32]{1: sgemmWhole12x1AVX512, 2: sgemmWhole12x2AVX512, 3: sgemmWhole8x3AVX512, 4: sgemmWhole6x4AVX512},
	},
}

var dgemms = [variants]gemmKernels[float64]{
	AVX2: {
		lanes: 4, most: 2, mask: doubleMask,
		highest: [widestTile + 1]int{1: 6, 2: 6},
		tiles: [widestTile + 1][highestTile + 1]gemmTile[float64]{
			1: {6: dgemm6x1AVX2, 4: dgemm4x1AVX2, 2: dgemm2x1AVX2, 1: dgemm1x1AVX2},
			2: {6: dgemm6x2AVX2, 4: dgemm4x2AVX2, 2: dgemm2x2AVX2, 1: dgemm1x2AVX2},
		},
		whole: [widestTile + 1]gemmTile[float64]{1: dgemmWhole6x1AVX2, 2: dgemmWhole6x2AVX2},
	},
	AVX512: {
		lanes: 8, most: 4, mask: bitMask,
		highest: [widestTile + 1]int{1: 12, 2: 12, 3: 8, 4: 6},
		tiles: [widestTile + 1][highestTile + 1]gemmTile[float64]{
			1: {12: dgemm12x1AVX512, 8: dgemm8x1AVX512, 5: dgemm5x1AVX512, 4: dgemm4x1AVX512, 2: dgemm2x1AVX512, 1: dgemm1x1AVX512},
			2: {12: dgemm12x2AVX512, 8: dgemm8x2AVX512, 4: dgemm4x2AVX512, 2: dgemm2x2AVX512, 1: dgemm1x2AVX512},
			3: {8: dgemm8x3AVX512, 4: dgemm4x3AVX512, 2: dgemm2x3AVX512, 1: dgemm1x3AVX512},
			4: {6: dgemm6x4AVX512, 4: dgemm4x4AVX512, 2: dgemm2x4AVX512, 1: dgemm1x4AVX512},
		},
		whole: [widestTile + 1]gemmTile[float64]{1: dgemmWhole12x1AVX512, 2: dgemmWhole12x2AVX512, 3: dgemmWhole8x3AVX512, 4: dgemmWhole6x4AVX512},
	},
}

// gemms returns the micro-kernels of the active variant.
func gemms[T float32 | float64]() *gemmKernels[T] {
	return of[gemmKernels[T]](&sgemms[active], &dgemms[active])
}

// hasGemm says whether there are kernels for products.
func hasGemm[T float32 | float64]() bool { return gemms[T]().lanes > 0 }

func gemmBlock[T float32 | float64](m, n, k int, a Strided[T], b, c Matrix[T], add bool) {
	kernels := gemms[T]()
	if kernels.lanes == 0 || k == 0 {
		gemmGo(m, n, k, a, b, c, add)
		return
	}
	size, lanes := sizeOf[T](), kernels.lanes
	for j := 0; j < n; j += lanes * kernels.most {
		columns := min(lanes*kernels.most, n-j)
		vectors := (columns + lanes - 1) / lanes
		mask := kernels.mask(columns - (vectors-1)*lanes)
		highest := kernels.highest[vectors]
		high := kernels.tiles[vectors][highest]
		if columns == vectors*lanes {
			high = kernels.whole[vectors]
		}
		for i, rows := 0, 0; i < m; i += rows {
			tile := high
			if rows = highest; m-i < highest || m-i == 8 && highest < 8 { // else nothing is called to know it
				rows = kernels.rows(vectors, m-i)
				tile = kernels.tiles[vectors][rows]
			}
			tile(k, &a.Data[i*a.Row], a.Row*size, a.Column*size, &b.Data[j], b.Row*size, &c.Data[i*c.Row+j], c.Row*size, mask, add)
		}
	}
}

// rows returns the height of the next tile of C, at most the rows left.
func (k *gemmKernels[T]) rows(vectors, left int) int {
	highest := k.highest[vectors]
	switch {
	case left == 8 && highest < 8:
		return 4 // and again: a tile of few rows waits for its own sums
	case left >= highest:
		return highest
	case left >= 8:
		return 8
	case left == 5 && k.tiles[vectors][left] != nil:
		return left // the columns of a 5x5 filter
	case left >= 4:
		return 4
	case left >= 2:
		return 2
	}
	return 1
}

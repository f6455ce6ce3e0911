//go:build !purego

package kernels

// HasGemmT says whether GemmT runs in vectors, or one number at a time.
func HasGemmT() bool { return active != PureGo }

// gemmTBlock takes the tiles column by column, so that the rows of B stay near
// while those of A pass.
func gemmTBlock(m, n, panels, k int, a []float32, rowA, panelA int, b []float32, rowB, panelB int, c []float32, rowC int, add bool) {
	lanes, highest, widest := 16, 4, 5
	if active == AVX2 {
		lanes, highest, widest = 8, 3, 4
	}
	vectors, tail := k/lanes, k%lanes
	mask := laneMask(4, tail)
	for j, columns := 0, 0; j < n; j += columns {
		columns = tileColumns(widest, n-j)
		for i, rows := 0, 0; i < m; i += rows {
			if rows = 1; m-i >= highest {
				rows = highest
			}
			gemmTTile(rows<<4|columns, panels, vectors, tail, &a[i*rowA], 4*rowA, 4*(panelA-vectors*lanes),
				&b[j*rowB], 4*rowB, 4*(panelB-vectors*lanes), &c[i*rowC+j], 4*rowC, mask, add)
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

// gemmTTile calls the micro-kernel of a tile, which is its rows times 16 plus its
// columns.
func gemmTTile(tile, panels, vectors, tail int, a *float32, rowA, jumpA int, b *float32, rowB, jumpB int, c *float32, rowC int, mask *byte, add bool) {
	if active == AVX512 {
		switch tile {
		case 4<<4 | 5:
			gemmT4x5AVX512(panels, vectors, tail, a, rowA, jumpA, b, rowB, jumpB, c, rowC, mask, add)
		case 4<<4 | 4:
			gemmT4x4AVX512(panels, vectors, tail, a, rowA, jumpA, b, rowB, jumpB, c, rowC, mask, add)
		case 4<<4 | 1:
			gemmT4x1AVX512(panels, vectors, tail, a, rowA, jumpA, b, rowB, jumpB, c, rowC, mask, add)
		case 1<<4 | 5:
			gemmT1x5AVX512(panels, vectors, tail, a, rowA, jumpA, b, rowB, jumpB, c, rowC, mask, add)
		case 1<<4 | 4:
			gemmT1x4AVX512(panels, vectors, tail, a, rowA, jumpA, b, rowB, jumpB, c, rowC, mask, add)
		default:
			gemmT1x1AVX512(panels, vectors, tail, a, rowA, jumpA, b, rowB, jumpB, c, rowC, mask, add)
		}
		return
	}
	switch tile {
	case 3<<4 | 4:
		gemmT3x4AVX2(panels, vectors, tail, a, rowA, jumpA, b, rowB, jumpB, c, rowC, mask, add)
	case 3<<4 | 1:
		gemmT3x1AVX2(panels, vectors, tail, a, rowA, jumpA, b, rowB, jumpB, c, rowC, mask, add)
	case 1<<4 | 4:
		gemmT1x4AVX2(panels, vectors, tail, a, rowA, jumpA, b, rowB, jumpB, c, rowC, mask, add)
	default:
		gemmT1x1AVX2(panels, vectors, tail, a, rowA, jumpA, b, rowB, jumpB, c, rowC, mask, add)
	}
}

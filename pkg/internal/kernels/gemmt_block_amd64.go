//go:build !purego

package kernels

// HasGemmT says whether GemmT runs in vectors, or one number at a time.
func HasGemmT() bool { return active != PureGo }

// gemmTBlock takes the tiles column by column, so that the rows of B stay near
// while those of A pass.
func gemmTBlock(m, n, k int, a []float32, rowA int, b []float32, rowB int, c []float32, rowC int, add bool) {
	lanes, most := 16, 4
	if active == AVX2 {
		lanes, most = 8, 2
	}
	vectors, tail := k/lanes, k%lanes
	mask := laneMask(4, tail)
	for j, columns := 0, 0; j < n; j += columns {
		if columns = 1; n-j >= 4 {
			columns = 4
		}
		for i, rows := 0, 0; i < m; i += rows {
			if rows = 1; m-i >= most {
				rows = most
			}
			gemmTTile(rows<<4|columns, vectors, tail, &a[i*rowA], 4*rowA, &b[j*rowB], 4*rowB, &c[i*rowC+j], 4*rowC, mask, add)
		}
	}
}

// gemmTTile calls the micro-kernel of a tile, which is its rows times 16 plus its
// columns.
func gemmTTile(tile, vectors, tail int, a *float32, rowA int, b *float32, rowB int, c *float32, rowC int, mask *byte, add bool) {
	if active == AVX512 {
		switch tile {
		case 4<<4 | 4:
			gemmT4x4AVX512(vectors, tail, a, rowA, b, rowB, c, rowC, mask, add)
		case 4<<4 | 1:
			gemmT4x1AVX512(vectors, tail, a, rowA, b, rowB, c, rowC, mask, add)
		case 1<<4 | 4:
			gemmT1x4AVX512(vectors, tail, a, rowA, b, rowB, c, rowC, mask, add)
		default:
			gemmT1x1AVX512(vectors, tail, a, rowA, b, rowB, c, rowC, mask, add)
		}
		return
	}
	switch tile {
	case 2<<4 | 4:
		gemmT2x4AVX2(vectors, tail, a, rowA, b, rowB, c, rowC, mask, add)
	case 2<<4 | 1:
		gemmT2x1AVX2(vectors, tail, a, rowA, b, rowB, c, rowC, mask, add)
	case 1<<4 | 4:
		gemmT1x4AVX2(vectors, tail, a, rowA, b, rowB, c, rowC, mask, add)
	default:
		gemmT1x1AVX2(vectors, tail, a, rowA, b, rowB, c, rowC, mask, add)
	}
}

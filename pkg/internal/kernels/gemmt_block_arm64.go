//go:build !purego

package kernels

// HasGemmT says whether GemmT runs in vectors, or one number at a time.
func HasGemmT() bool { return active != PureGo }

func gemmTBlock(m, n, panels, k int, a []float32, rowA, panelA int, b []float32, rowB, panelB int, c []float32, rowC int, add bool) {
	for q := range panels {
		gemmTPanel(m, n, k, a[q*panelA:], rowA, b[q*panelB:], rowB, c, rowC, add || q > 0)
	}
}

// gemmTPanel takes the tiles column by column, so that the rows of B stay near
// while those of A pass. What is left of the rows' ends is added number by number.
func gemmTPanel(m, n, k int, a []float32, rowA int, b []float32, rowB int, c []float32, rowC int, add bool) {
	vectors := k / 4
	if vectors == 0 {
		gemmTGo(m, n, k, a, rowA, b, rowB, c, rowC, add)
		return
	}
	for j, columns := 0, 0; j < n; j += columns {
		if columns = 1; n-j >= 4 {
			columns = 4
		}
		for i, rows := 0, 0; i < m; i += rows {
			if rows = 1; m-i >= 4 {
				rows = 4
			}
			gemmTTile(rows<<4|columns, vectors, &a[i*rowA], 4*rowA, &b[j*rowB], 4*rowB, &c[i*rowC+j], 4*rowC, add)
		}
	}
	if rest := 4 * vectors; rest < k {
		gemmTGo(m, n, k-rest, a[rest:], rowA, b[rest:], rowB, c, rowC, true)
	}
}

// gemmTTile calls the micro-kernel of a tile, which is its rows times 16 plus its
// columns.
func gemmTTile(tile, vectors int, a *float32, rowA int, b *float32, rowB int, c *float32, rowC int, add bool) {
	switch tile {
	case 4<<4 | 4:
		gemmT4x4NEON(vectors, a, rowA, b, rowB, c, rowC, add)
	case 4<<4 | 1:
		gemmT4x1NEON(vectors, a, rowA, b, rowB, c, rowC, add)
	case 1<<4 | 4:
		gemmT1x4NEON(vectors, a, rowA, b, rowB, c, rowC, add)
	default:
		gemmT1x1NEON(vectors, a, rowA, b, rowB, c, rowC, add)
	}
}

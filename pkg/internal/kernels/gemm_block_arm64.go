//go:build !purego

package kernels

import "unsafe"

// gemmBlock cuts C into tiles of 4 rows, then of single ones, by 4 vectors, then
// by 1 vector, then by single columns.
func gemmBlock[T float32 | float64](m, n, k int, a []T, rowA, stepA int, b []T, rowB int, c []T, rowC int, add bool) {
	if active == PureGo || k == 0 {
		gemmGo(m, n, k, a, rowA, stepA, b, rowB, c, rowC, add)
		return
	}
	size := int(unsafe.Sizeof(c[0]))
	lanes := 16 / size
	for j, columns := 0, 0; j < n; j += columns {
		columns = 1
		switch left := n - j; {
		case left >= 4*lanes:
			columns = 4 * lanes
		case left >= lanes:
			columns = lanes
		}
		for i, rows := 0, 0; i < m; i += rows {
			rows = 1
			if m-i >= 4 {
				rows = 4
			}
			tile := columns<<4 | rows
			switch c := any(c).(type) {
			case []float32:
				sgemmTile(tile, k, &any(a).([]float32)[i*rowA], rowA*size, stepA*size,
					&any(b).([]float32)[j], rowB*size, &c[i*rowC+j], rowC*size, add)
			case []float64:
				dgemmTile(tile, k, &any(a).([]float64)[i*rowA], rowA*size, stepA*size,
					&any(b).([]float64)[j], rowB*size, &c[i*rowC+j], rowC*size, add)
			}
		}
	}
}

// sgemmTile calls the micro-kernel of a tile, which is its columns times 16 plus
// its rows.
func sgemmTile(tile, k int, a *float32, rowA, stepA int, b *float32, stepB int, c *float32, rowC int, add bool) {
	switch tile {
	case 16<<4 | 4:
		sgemm4x16NEON(k, a, rowA, stepA, b, stepB, c, rowC, add)
	case 16<<4 | 1:
		sgemm1x16NEON(k, a, rowA, stepA, b, stepB, c, rowC, add)
	case 4<<4 | 4:
		sgemm4x4NEON(k, a, rowA, stepA, b, stepB, c, rowC, add)
	case 4<<4 | 1:
		sgemm1x4NEON(k, a, rowA, stepA, b, stepB, c, rowC, add)
	case 1<<4 | 4:
		sgemm4x1NEON(k, a, rowA, stepA, b, stepB, c, rowC, add)
	case 1<<4 | 1:
		sgemm1x1NEON(k, a, rowA, stepA, b, stepB, c, rowC, add)
	}
}

// dgemmTile calls the micro-kernel of a tile, which is its columns times 16 plus
// its rows.
func dgemmTile(tile, k int, a *float64, rowA, stepA int, b *float64, stepB int, c *float64, rowC int, add bool) {
	switch tile {
	case 8<<4 | 4:
		dgemm4x8NEON(k, a, rowA, stepA, b, stepB, c, rowC, add)
	case 8<<4 | 1:
		dgemm1x8NEON(k, a, rowA, stepA, b, stepB, c, rowC, add)
	case 2<<4 | 4:
		dgemm4x2NEON(k, a, rowA, stepA, b, stepB, c, rowC, add)
	case 2<<4 | 1:
		dgemm1x2NEON(k, a, rowA, stepA, b, stepB, c, rowC, add)
	case 1<<4 | 4:
		dgemm4x1NEON(k, a, rowA, stepA, b, stepB, c, rowC, add)
	case 1<<4 | 1:
		dgemm1x1NEON(k, a, rowA, stepA, b, stepB, c, rowC, add)
	}
}

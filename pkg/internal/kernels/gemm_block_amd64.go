//go:build !purego

package kernels

import "unsafe"

func gemmBlock[T float32 | float64](m, n, k int, a []T, rowA, stepA int, b []T, rowB int, c []T, rowC int, add bool) {
	if active == PureGo || k == 0 {
		gemmGo(m, n, k, a, rowA, stepA, b, rowB, c, rowC, add)
		return
	}
	size := int(unsafe.Sizeof(c[0]))
	lanes, most := 64/size, 4
	if active == AVX2 {
		lanes, most = 32/size, 2
	}
	for j := 0; j < n; j += lanes * most {
		columns := min(lanes*most, n-j)
		vectors := (columns + lanes - 1) / lanes
		mask := laneMask(size, columns-(vectors-1)*lanes)
		for i, rows := 0, 0; i < m; i += rows {
			rows = tileRows(vectors, m-i)
			tile := vectors<<4 | rows
			if columns == vectors*lanes && rows == highestRows(vectors) {
				tile |= whole
			}
			switch c := any(c).(type) {
			case []float32:
				sgemmTile(tile, k, &any(a).([]float32)[i*rowA], rowA*size, stepA*size,
					&any(b).([]float32)[j], rowB*size, &c[i*rowC+j], rowC*size, mask, add)
			case []float64:
				dgemmTile(tile, k, &any(a).([]float64)[i*rowA], rowA*size, stepA*size,
					&any(b).([]float64)[j], rowB*size, &c[i*rowC+j], rowC*size, mask, add)
			}
		}
	}
}

// whole marks a tile of the highest kind whose last vectors are whole.
const whole = 1 << 8

// highestRows returns the height of the highest tile of so many vectors.
func highestRows(vectors int) int {
	if active == AVX512 {
		return [...]int{0, 12, 12, 8, 6}[vectors]
	}
	return 6
}

// tileRows returns the height of the next tile of C, at most the rows left.
func tileRows(vectors, left int) int {
	highest := highestRows(vectors)
	switch {
	case left >= highest:
		return highest
	case left >= 4:
		return 4
	case left >= 2:
		return 2
	}
	return 1
}

// Masks of the first lanes of a vector: bits for AVX-512, words of ones for AVX2.
var (
	bitMasks    [17]uint16
	wordMasks   [16]int32
	doubleMasks [8]int64
)

func init() {
	for n := range bitMasks {
		bitMasks[n] = 1<<n - 1
	}
	for i := range 8 {
		wordMasks[i] = -1
	}
	for i := range 4 {
		doubleMasks[i] = -1
	}
}

// laneMask returns the mask of the first n lanes, of elements of the given size.
func laneMask(size, n int) *byte {
	switch {
	case active == AVX512:
		return (*byte)(unsafe.Pointer(&bitMasks[n]))
	case size == 4:
		return (*byte)(unsafe.Pointer(&wordMasks[8-n]))
	}
	return (*byte)(unsafe.Pointer(&doubleMasks[4-n]))
}

// sgemmTile calls the micro-kernel of a tile, which is its number of vectors times
// 16 plus its rows, and whole or not.
func sgemmTile(tile, k int, a *float32, rowA, stepA int, b *float32, stepB int, c *float32, rowC int, mask *byte, add bool) {
	if active == AVX512 {
		switch tile {
		case whole | 1<<4 | 12:
			sgemmWhole12x1AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 1<<4 | 12:
			sgemm12x1AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 1<<4 | 4:
			sgemm4x1AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 1<<4 | 2:
			sgemm2x1AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 1<<4 | 1:
			sgemm1x1AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case whole | 2<<4 | 12:
			sgemmWhole12x2AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 2<<4 | 12:
			sgemm12x2AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 2<<4 | 4:
			sgemm4x2AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 2<<4 | 2:
			sgemm2x2AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 2<<4 | 1:
			sgemm1x2AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case whole | 3<<4 | 8:
			sgemmWhole8x3AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 3<<4 | 8:
			sgemm8x3AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 3<<4 | 4:
			sgemm4x3AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 3<<4 | 2:
			sgemm2x3AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 3<<4 | 1:
			sgemm1x3AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case whole | 4<<4 | 6:
			sgemmWhole6x4AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 4<<4 | 6:
			sgemm6x4AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 4<<4 | 4:
			sgemm4x4AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 4<<4 | 2:
			sgemm2x4AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 4<<4 | 1:
			sgemm1x4AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		}
		return
	}
	switch tile {
	case whole | 1<<4 | 6:
		sgemmWhole6x1AVX2(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
	case 1<<4 | 6:
		sgemm6x1AVX2(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
	case 1<<4 | 4:
		sgemm4x1AVX2(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
	case 1<<4 | 2:
		sgemm2x1AVX2(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
	case 1<<4 | 1:
		sgemm1x1AVX2(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
	case whole | 2<<4 | 6:
		sgemmWhole6x2AVX2(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
	case 2<<4 | 6:
		sgemm6x2AVX2(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
	case 2<<4 | 4:
		sgemm4x2AVX2(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
	case 2<<4 | 2:
		sgemm2x2AVX2(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
	case 2<<4 | 1:
		sgemm1x2AVX2(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
	}
}

// dgemmTile calls the micro-kernel of a tile, which is its number of vectors times
// 16 plus its rows.
func dgemmTile(tile, k int, a *float64, rowA, stepA int, b *float64, stepB int, c *float64, rowC int, mask *byte, add bool) {
	if active == AVX512 {
		switch tile {
		case whole | 1<<4 | 12:
			dgemmWhole12x1AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 1<<4 | 12:
			dgemm12x1AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 1<<4 | 4:
			dgemm4x1AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 1<<4 | 2:
			dgemm2x1AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 1<<4 | 1:
			dgemm1x1AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case whole | 2<<4 | 12:
			dgemmWhole12x2AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 2<<4 | 12:
			dgemm12x2AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 2<<4 | 4:
			dgemm4x2AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 2<<4 | 2:
			dgemm2x2AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 2<<4 | 1:
			dgemm1x2AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case whole | 3<<4 | 8:
			dgemmWhole8x3AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 3<<4 | 8:
			dgemm8x3AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 3<<4 | 4:
			dgemm4x3AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 3<<4 | 2:
			dgemm2x3AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 3<<4 | 1:
			dgemm1x3AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case whole | 4<<4 | 6:
			dgemmWhole6x4AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 4<<4 | 6:
			dgemm6x4AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 4<<4 | 4:
			dgemm4x4AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 4<<4 | 2:
			dgemm2x4AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		case 4<<4 | 1:
			dgemm1x4AVX512(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
		}
		return
	}
	switch tile {
	case whole | 1<<4 | 6:
		dgemmWhole6x1AVX2(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
	case 1<<4 | 6:
		dgemm6x1AVX2(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
	case 1<<4 | 4:
		dgemm4x1AVX2(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
	case 1<<4 | 2:
		dgemm2x1AVX2(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
	case 1<<4 | 1:
		dgemm1x1AVX2(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
	case whole | 2<<4 | 6:
		dgemmWhole6x2AVX2(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
	case 2<<4 | 6:
		dgemm6x2AVX2(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
	case 2<<4 | 4:
		dgemm4x2AVX2(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
	case 2<<4 | 2:
		dgemm2x2AVX2(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
	case 2<<4 | 1:
		dgemm1x2AVX2(k, a, rowA, stepA, b, stepB, c, rowC, mask, add)
	}
}

package explore

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// weights are arrays of numbers that a figure carries as whole multiples of a step: 16 bits each, or fewer.
type weights struct{ arrays [][]float64 }

// add appends arrays and returns the number of the first.
func (w *weights) add(arrays ...[]float64) int {
	w.arrays = append(w.arrays, arrays...)
	return len(w.arrays) - len(arrays)
}

// steps are an array as multiples of a step.
type steps struct {
	step   float64
	counts []int32
}

// rounded returns finite values as multiples of their largest/32767, times 2^(coarser/4).
func rounded(values []float64, coarser int) steps {
	largest := 0.0
	for _, v := range values {
		largest = max(largest, math.Abs(v))
	}
	s := steps{step: float64(float32(largest / 32767 * math.Exp2(float64(coarser)/4))), counts: make([]int32, len(values))}
	if s.step > 0 {
		for i, v := range values {
			s.counts[i] = int32(min(max(math.RoundToEven(v/s.step), -32767), 32767))
		}
	}
	return s
}

// low is how many of the low bits of each count stand by themselves: what is above them fits into a byte, in
// which small values are frequent. The compressor codes bytes by how frequent they are; low bits have no
// frequencies to speak of.
func (s steps) low() int {
	largest := int32(0)
	for _, c := range s.counts {
		largest = max(largest, c, -c)
	}
	return max(0, bits.Len32(uint32(largest))-7)
}

// size estimates how many bytes the array takes when it is compressed.
func (s steps) size() int {
	low := s.low()
	var frequent [256]int
	for _, c := range s.counts {
		frequent[uint8(c>>low)]++
	}
	total := float64(low * len(s.counts))
	for _, n := range frequent {
		if n > 0 {
			total -= float64(n) * math.Log2(float64(n)/float64(len(s.counts)))
		}
	}
	return int(total/8*1.02) + 100
}

// bytes are the bytes above the low bits, and then the low bits.
func (s steps) bytes() []byte {
	low := s.low()
	all := make([]byte, len(s.counts), len(s.counts)*(8+low)/8+1)
	for i, c := range s.counts {
		all[i] = uint8(c >> low)
	}
	held, filled := uint32(0), 0
	for _, c := range s.counts {
		held |= uint32(c) & (1<<low - 1) << filled
		for filled += low; filled >= 8; filled -= 8 {
			all = append(all, byte(held))
			held >>= 8
		}
	}
	if filled > 0 {
		all = append(all, byte(held))
	}
	return all
}

// coarsest is how much coarser a step becomes at most: 16 steps to the largest value.
const coarsest = 4 * 11

// packed returns all arrays in at most about so many bytes when compressed, what the script must know of each, and about
// how many bytes that are. The largest arrays are rounded more where it must be.
func (w *weights) packed(room int) (all []byte, heads []string, total int) {
	rounds, sizes := make([]steps, len(w.arrays)), make([]int, len(w.arrays))
	coarser := make([]int, len(w.arrays))
	for i, values := range w.arrays {
		rounds[i] = rounded(values, 0)
		sizes[i] = rounds[i].size()
		total += sizes[i]
	}
	for total > room && len(w.arrays) > 0 {
		i := slices.Index(sizes, slices.Max(sizes))
		if coarser[i] == coarsest {
			break
		}
		coarser[i]++
		rounds[i] = rounded(w.arrays[i], coarser[i])
		total -= sizes[i]
		sizes[i] = rounds[i].size()
		total += sizes[i]
	}
	for i, s := range rounds {
		all = append(all, s.bytes()...)
		heads = append(heads, fmt.Sprintf(`{"count":%d,"step":%g,"low":%d,"coarser":%d}`, len(s.counts), s.step, s.low(), coarser[i]))
	}
	return all, heads, total
}

package nprandom

import (
	"fmt"
	"math"
	"math/bits"

	"gonum.org/v1/gonum/mathext/prng"
)

// RandomState is NumPy's np.random.RandomState. It serves one goroutine at a
// time.
type RandomState struct {
	twister  prng.MT19937
	gauss    float64 // the second normal number of a pair
	hasGauss bool
}

// New returns a generator in the state that np.random.seed(seed) sets.
func New(seed uint32) *RandomState {
	r := new(RandomState)
	r.Seed(seed)
	return r
}

// Seed puts the generator into the state that np.random.seed(seed) sets.
func (r *RandomState) Seed(seed uint32) {
	r.twister.Seed(uint64(seed))
	r.gauss, r.hasGauss = 0, false
}

// Rand returns a uniform number in [0, 1): np.random.rand().
func (r *RandomState) Rand() float64 {
	a, b := r.twister.Uint32()>>5, r.twister.Uint32()>>6
	return (float64(a)*(1<<26) + float64(b)) / (1 << 53)
}

// Randn returns a standard normal number: np.random.randn().
func (r *RandomState) Randn() float64 {
	if r.hasGauss {
		r.hasGauss = false
		return r.gauss
	}
	for {
		x, y := 2*r.Rand()-1, 2*r.Rand()-1
		s := float64(x*x) + float64(y*y)
		if s >= 1 || s == 0 {
			continue
		}
		f := math.Sqrt(-2 * log(s) / s)
		r.gauss, r.hasGauss = f*x, true
		return f * y
	}
}

// Uniform returns a uniform number in [low, high): np.random.uniform(low, high).
func (r *RandomState) Uniform(low, high float64) float64 {
	return low + float64((high-low)*r.Rand())
}

// RandInt returns a whole number with low <= n < high:
// np.random.randint(low, high). It panics when there is none.
func (r *RandomState) RandInt(low, high int) int {
	if low >= high {
		panic(fmt.Sprintf("RandInt: low %d, high %d: low must be below high", low, high))
	}
	return low + int(r.below(uint64(high)-uint64(low)-1))
}

// below returns a uniform number in 0..most: 32 random bits, or 64 where most
// needs them, are masked to the bits of most and drawn again until they fit.
// Nothing is drawn when most is 0.
func (r *RandomState) below(most uint64) uint64 {
	mask := uint64(1)<<bits.Len64(most) - 1
	for most > 0 {
		var v uint64
		if most <= math.MaxUint32 {
			v = uint64(r.twister.Uint32())
		} else {
			v = r.twister.Uint64()
		}
		if v &= mask; v <= most {
			return v
		}
	}
	return 0
}

// Choice draws size numbers from 0..n-1 with replacement:
// np.random.choice(n, size). It panics unless n is positive and size is not
// negative.
func (r *RandomState) Choice(n, size int) []int {
	if size < 0 {
		panic(fmt.Sprintf("Choice: size %d is negative", size))
	}
	if n <= 0 && size > 0 {
		panic(fmt.Sprintf("Choice: there is nothing to choose from 0 to below %d", n))
	}
	dst := make([]int, size)
	r.ChoiceInto(n, dst)
	return dst
}

// ChoiceInto fills dst with what Choice(n, len(dst)) returns.
func (r *RandomState) ChoiceInto(n int, dst []int) {
	for i := range dst {
		dst[i] = r.RandInt(0, n)
	}
}

// ChoiceNoReplace draws size different numbers from 0..n-1:
// np.random.choice(n, size, replace=False). It panics when size is above n.
func (r *RandomState) ChoiceNoReplace(n, size int) []int {
	if size < 0 || size > n {
		panic(fmt.Sprintf("ChoiceNoReplace: cannot take %d different numbers from %d", size, n))
	}
	return r.Permutation(n)[:size]
}

// Permutation returns 0..n-1 in random order: np.random.permutation(n).
func (r *RandomState) Permutation(n int) []int {
	order := make([]int, max(n, 0))
	for i := range order {
		order[i] = i
	}
	r.Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
	return order
}

// Shuffle puts n things into random order by calls of swap:
// np.random.shuffle.
func (r *RandomState) Shuffle(n int, swap func(i, j int)) {
	for i := n - 1; i > 0; i-- {
		swap(i, int(r.below(uint64(i))))
	}
}

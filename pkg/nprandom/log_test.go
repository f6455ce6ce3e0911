package nprandom

import (
	"encoding/binary"
	"math"
	"math/big"
	"math/bits"
	"testing"
)

const precision = 200 // bits

func number(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }

// series sums the terms until they vanish.
func series(term func(n int64) *big.Float) *big.Float {
	sum := number(0)
	for n := int64(0); ; n++ {
		t := term(n)
		sum.Add(sum, t)
		if t.Sign() == 0 || t.MantExp(nil) < -precision {
			return sum
		}
	}
}

func exactLog1p(x *big.Float) *big.Float {
	power := number(-1)
	return series(func(n int64) *big.Float {
		power.Mul(power, x).Neg(power)
		return number(0).Quo(power, number(float64(n+1)))
	})
}

func exactExp(x *big.Float) *big.Float {
	term := number(1)
	return series(func(n int64) *big.Float {
		if n > 0 {
			term.Mul(term, x).Quo(term, number(float64(n)))
		}
		return term
	})
}

func TestLogIsTheNearest(t *testing.T) {
	r, half := New(3), number(0.5)
	ln2 := number(0).Neg(exactLog1p(number(0).Neg(half)))
	for range 20_000 {
		x := math.Ldexp(0.5+r.Rand()/2, -r.RandInt(0, 100))
		if r.RandInt(0, 2) == 0 {
			x = 1 - r.Rand()/16
		}
		m, exponent := math.Frexp(x)
		if m < 0.75 {
			m, exponent = 2*m, exponent-1
		}
		exact := exactLog1p(number(0).Sub(number(m), number(1)))
		exact.Add(exact, number(0).Mul(ln2, number(float64(exponent))))
		got := log(x)
		off, _ := exact.Sub(exact, number(got)).Float64()
		if unit := got - math.Nextafter(got, -math.MaxFloat64); math.Abs(off) > 0.52*unit {
			t.Errorf("log(%x) is %x, off by %.3f units in the last place", x, got, off/unit)
		}
	}
}

// TestCentersAreTheBest looks through all whole 2^-43 for a log c near each middle: the
// best is the one whose 1/c is nearest to a float64. 1/c may be 2^29 units in the last
// place away from 1/middle; and z - c, computed with c as the sum of two numbers, has to
// be right to 2^-66 of z, for processors that do not fuse.
func TestCentersAreTheBest(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped with -short: looks through 270 million numbers")
	}
	const most = 1 << 29
	step := fixed(exactExp(number(-0x1p-43)), 128)
	for i, c := range centers {
		at := 1 / middle(i)
		unit := math.Nextafter(at, 2) - at
		first, last := math.Ceil(-math.Log(at+most*unit)*0x1p43), math.Floor(-math.Log(at-most*unit)*0x1p43)
		// exponential is e^-(k 2^-43) times 2^127, of which the lower bits are behind
		// the last place of a float64.
		exponential := fixed(exactExp(number(-first*0x1p-43)), 127)
		lower := uint(127 + math.Ilogb(unit) - 64)
		bestAway, least := 0.0, math.Inf(1)
		for k := first; k <= last; k++ {
			const near = 1 << 51 // 2^-13 of a unit
			rest := int64(exponential.hi<<(64-lower) | exponential.lo>>lower)
			if size := math.Abs(float64(rest)); -near < rest && rest < near && size < least {
				inverse := float64((exponential.hi+1<<(lower-1))>>lower) * unit
				if away := (inverse - at) / unit; math.Abs(away) <= most && splits(inverse) {
					bestAway, least = away, size
				}
			}
			exponential = exponential.times(step)
		}
		if want := (c.inverse - at) / unit; bestAway != want {
			t.Errorf("interval %d: the best 1/c is %v units away from the middle, not %v", i, bestAway, want)
		}
	}
}

// splits reports whether c is hi + lo so that z - hi - lo is right to 2^-66 of z.
func splits(inverse float64) bool {
	c := number(0).Quo(number(1), number(inverse))
	hi, _ := c.Float64()
	lo, _ := c.Sub(c, number(hi)).Float64()
	unit := 0x1p-61 // of the last place of the largest z - c
	if hi > 1 {
		unit = 0x1p-60
	}
	return math.Abs(lo-math.Round(lo/unit)*unit)*inverse < 0x1p-66
}

// wide is a fraction of 128 bits.
type wide struct{ hi, lo uint64 }

// fixed returns x 2^shift, without what follows the point.
func fixed(x *big.Float, shift int) wide {
	whole, _ := number(0).SetMantExp(x, shift).Int(nil)
	b := whole.FillBytes(make([]byte, 16))
	return wide{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
}

// times returns the upper 128 bits of the product, short of a few units.
func (a wide) times(b wide) wide {
	hi, lo := bits.Mul64(a.hi, b.hi)
	cross, _ := bits.Mul64(a.hi, b.lo)
	other, _ := bits.Mul64(a.lo, b.hi)
	lo, carry := bits.Add64(lo, cross, 0)
	hi += carry
	lo, carry = bits.Add64(lo, other, 0)
	return wide{hi + carry, lo}
}

// TestPolynomialsAreTheBest draws the error of each polynomial. With the coefficient of r^2
// as it is, of near that of r^3 too, all others change the error by an odd function, so the
// error times the sign of r has to reach its largest value with changing sign once more
// than there are others: then none gives a smaller one. (Chebyshev)
func TestPolynomialsAreTheBest(t *testing.T) {
	for name, p := range map[string]struct {
		coefficients []float64
		from, to     float64
		relative     bool
		largest      float64
		peaks        int
	}{
		"far":  {far[:], -0x1.fp-9, 0x1.fp-9, false, 0x1.882ff3p-65, 5},
		"near": {near[:], -0x1p-4, 0x1.09p-4, true, 0x1.c04d7p-63, 10},
	} {
		const points = 4000
		errorAt := make([]float64, points+1) // times the sign of r
		largest := 0.0
		for i := range errorAt {
			// The points are closer at the ends, where the error swings faster.
			x := number((p.from+p.to)/2 - (p.to-p.from)/2*math.Cos(math.Pi*float64(i)/points))
			sum := number(0)
			for n := len(p.coefficients) - 1; n >= 0; n-- {
				sum.Add(sum, number(p.coefficients[n])).Mul(sum, x)
			}
			sum.Add(sum, number(1)).Mul(sum, x)
			exact := exactLog1p(x)
			off := number(0).Sub(exact, sum)
			if p.relative && x.Sign() != 0 {
				off.Quo(off, exact)
			}
			errorAt[i], _ = off.Mul(off, number(float64(x.Sign()))).Float64()
			largest = max(largest, math.Abs(errorAt[i]))
		}
		if math.Abs(largest/p.largest-1) > 1e-4 {
			t.Errorf("%s: the largest error is %x, want %x", name, largest, p.largest)
		}
		peaks, sign := 0, 0.0
		for _, e := range errorAt {
			if math.Abs(e) > largest*(1-2e-4) && e*sign <= 0 {
				peaks, sign = peaks+1, math.Copysign(1, e)
			}
		}
		if peaks < p.peaks {
			t.Errorf("%s: the largest error is reached %d times with changing sign, want %d", name, peaks, p.peaks)
		}
	}
}

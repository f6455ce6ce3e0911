package nprandom

import "math"

// log returns the natural logarithm of x > 0, rounded correctly but for ties
// closer than 2^-40 of a unit. NumPy takes it from the C library, which rounds
// almost so; math.Log is off by a unit in the last place now and then, and that
// would show in the weights of a network.
//
// With y = math.Log(m), log m is y + (m/e^y - 1) to twice the precision, where
// e^y is summed and squared as an unevaluated pair of numbers hi + lo.
func log(x float64) float64 {
	m, exponent := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, exponent = m*2, exponent-1
	}
	y := math.Log(m)
	e := expPair(y)
	rest := ((m - e.hi) - e.lo) / e.hi

	const ln2Hi, ln2Lo = 0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56
	k := float64(exponent)
	scaled := product(k, ln2Hi)
	sum := twoSum(scaled.hi, y)
	return sum.hi + (sum.lo + scaled.lo + k*ln2Lo + rest)
}

// pair is the unevaluated sum hi + lo with |lo| at most half a unit of hi.
type pair struct{ hi, lo float64 }

func twoSum(a, b float64) pair {
	s := a + b
	t := s - a
	return pair{s, (a - (s - t)) + (b - t)}
}

func product(a, b float64) pair {
	p := a * b
	return pair{p, math.FMA(a, b, -p)}
}

func (a pair) times(b pair) pair {
	p := product(a.hi, b.hi)
	return twoSum(p.hi, p.lo+(a.hi*b.lo+a.lo*b.hi))
}

func (a pair) plus(b float64) pair {
	s := twoSum(a.hi, b)
	return twoSum(s.hi, s.lo+a.lo)
}

// over divides by a small whole number.
func (a pair) over(n float64) pair {
	q := a.hi / n
	p := product(q, n)
	return twoSum(q, ((a.hi-p.hi)-p.lo+a.lo)/n)
}

// expPair returns e^y for |y| < 0.35: the series of e^(y/64), squared six times.
func expPair(y float64) pair {
	z := pair{y / 64, 0}
	sum := pair{1, 0}
	for n := 9.0; n >= 1; n-- {
		sum = sum.times(z).over(n).plus(1)
	}
	for range 6 {
		sum = sum.times(sum)
	}
	return sum
}

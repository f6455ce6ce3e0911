// Package precision rounds float32 numbers to the 16-bit formats that GPUs
// compute with, to see what they can hold:
//
//	          sign  exponent  fraction   largest   smallest above 0
//	float32     1       8        23      3.4e38    1.4e-45
//	bfloat16    1       8         7      3.4e38    9.2e-41
//	float16     1       5        10      65504     6.0e-8
//
// float16 keeps three decimal digits but overflows early; bfloat16 keeps the
// range of float32 and two digits.
package precision

import "math"

// The limits of float16.
const (
	Float16Max      = 65504.0 // (2 - 2^-10)·2^15
	Float16Smallest = 0x1p-24 // the smallest above 0, a subnormal number
	float16Normal   = 0x1p-14 // the smallest with all ten bits of fraction
	float16Overflow = 65520.0 // from here on the nearest is infinity
	float16Fraction = 10      // bits
	bfloat16Dropped = 32 - 16 // bits of float32 that bfloat16 leaves out
)

// Float16 returns the float16 nearest to v, as a float32; of two that are
// equally near, the even one (IEEE 754). From 65520 on that is infinity, up
// to 2^-25 it is zero. NaN stays NaN.
func Float16(v float32) float32 {
	x := math.Abs(float64(v)) // exact, and with room for all that follows
	switch {
	case x >= float16Overflow:
		x = math.Inf(1)
	case x < float16Normal:
		x = math.RoundToEven(x/Float16Smallest) * Float16Smallest
	case x < math.Inf(1): // not NaN
		_, exponent := math.Frexp(x) // x = f·2^exponent with 1/2 <= f < 1
		step := math.Ldexp(1, exponent-1-float16Fraction)
		x = math.RoundToEven(x/step) * step
	}
	return float32(math.Copysign(x, float64(v)))
}

// BFloat16 returns the bfloat16 nearest to v, as a float32; of two that are
// equally near, the even one. NaN stays NaN.
func BFloat16(v float32) float32 {
	bits := math.Float32bits(v)
	if v != v {
		return v
	}
	even := bits >> bfloat16Dropped & 1
	bits += 1<<(bfloat16Dropped-1) - 1 + even
	return math.Float32frombits(bits >> bfloat16Dropped << bfloat16Dropped)
}

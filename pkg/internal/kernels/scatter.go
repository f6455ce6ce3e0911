package kernels

// Places in a list are those of numbers before scatterPlaces. What is multiplied lies in an
// array that goes on for the longest sum: so no place must be checked.
const scatterPlaces = 4096

type scattered[T float32 | float64] [scatterPlaces + octet + 1]T

// octet returns those from a place on.
func (x *scattered[T]) octet(at int32) *[octet]T {
	at &= scatterPlaces - 1
	return (*[octet]T)(x[at : at+octet])
}

// nine returns one more.
func (x *scattered[T]) nine(at int32) *[octet + 1]T {
	at &= scatterPlaces - 1
	return (*[octet + 1]T)(x[at : at+octet+1])
}

// scatter8 does, entry by entry, sum[j] += g[i] * x[at[i] + j]. Where a place were checked
// between products, the compiler would put all products before all sums, for which there are
// too few registers.
func scatter8[T float32 | float64](sum *[octet]T, x *scattered[T], at []int32, g []T) {
	s0, s1, s2, s3, s4, s5, s6, s7 := sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7]
	for ; len(g) >= 4 && len(at) >= 4; g, at = g[4:], at[4:] {
		x0, x1, x2, x3 := x.octet(at[0]), x.octet(at[1]), x.octet(at[2]), x.octet(at[3])
		v0, v1, v2, v3 := g[0], g[1], g[2], g[3]
		s0 += v0 * x0[0]
		s1 += v0 * x0[1]
		s2 += v0 * x0[2]
		s3 += v0 * x0[3]
		s4 += v0 * x0[4]
		s5 += v0 * x0[5]
		s6 += v0 * x0[6]
		s7 += v0 * x0[7]
		s0 += v1 * x1[0]
		s1 += v1 * x1[1]
		s2 += v1 * x1[2]
		s3 += v1 * x1[3]
		s4 += v1 * x1[4]
		s5 += v1 * x1[5]
		s6 += v1 * x1[6]
		s7 += v1 * x1[7]
		s0 += v2 * x2[0]
		s1 += v2 * x2[1]
		s2 += v2 * x2[2]
		s3 += v2 * x2[3]
		s4 += v2 * x2[4]
		s5 += v2 * x2[5]
		s6 += v2 * x2[6]
		s7 += v2 * x2[7]
		s0 += v3 * x3[0]
		s1 += v3 * x3[1]
		s2 += v3 * x3[2]
		s3 += v3 * x3[3]
		s4 += v3 * x3[4]
		s5 += v3 * x3[5]
		s6 += v3 * x3[6]
		s7 += v3 * x3[7]
	}
	at = at[:len(g)]
	for i, v := range g {
		x := x.octet(at[i])
		s0 += v * x[0]
		s1 += v * x[1]
		s2 += v * x[2]
		s3 += v * x[3]
		s4 += v * x[4]
		s5 += v * x[5]
		s6 += v * x[6]
		s7 += v * x[7]
	}
	sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7] = s0, s1, s2, s3, s4, s5, s6, s7
}

// scatter9 is scatter8 for one more: the squares of odd numbers are one more than some
// octets.
func scatter9[T float32 | float64](sum *[octet + 1]T, x *scattered[T], at []int32, g []T) {
	s0, s1, s2, s3, s4, s5, s6, s7, s8 := sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7], sum[8]
	for ; len(g) >= 4 && len(at) >= 4; g, at = g[4:], at[4:] {
		x0, x1, x2, x3 := x.nine(at[0]), x.nine(at[1]), x.nine(at[2]), x.nine(at[3])
		v0, v1, v2, v3 := g[0], g[1], g[2], g[3]
		s0 += v0 * x0[0]
		s1 += v0 * x0[1]
		s2 += v0 * x0[2]
		s3 += v0 * x0[3]
		s4 += v0 * x0[4]
		s5 += v0 * x0[5]
		s6 += v0 * x0[6]
		s7 += v0 * x0[7]
		s8 += v0 * x0[8]
		s0 += v1 * x1[0]
		s1 += v1 * x1[1]
		s2 += v1 * x1[2]
		s3 += v1 * x1[3]
		s4 += v1 * x1[4]
		s5 += v1 * x1[5]
		s6 += v1 * x1[6]
		s7 += v1 * x1[7]
		s8 += v1 * x1[8]
		s0 += v2 * x2[0]
		s1 += v2 * x2[1]
		s2 += v2 * x2[2]
		s3 += v2 * x2[3]
		s4 += v2 * x2[4]
		s5 += v2 * x2[5]
		s6 += v2 * x2[6]
		s7 += v2 * x2[7]
		s8 += v2 * x2[8]
		s0 += v3 * x3[0]
		s1 += v3 * x3[1]
		s2 += v3 * x3[2]
		s3 += v3 * x3[3]
		s4 += v3 * x3[4]
		s5 += v3 * x3[5]
		s6 += v3 * x3[6]
		s7 += v3 * x3[7]
		s8 += v3 * x3[8]
	}
	at = at[:len(g)]
	for i, v := range g {
		x := x.nine(at[i])
		s0 += v * x[0]
		s1 += v * x[1]
		s2 += v * x[2]
		s3 += v * x[3]
		s4 += v * x[4]
		s5 += v * x[5]
		s6 += v * x[6]
		s7 += v * x[7]
		s8 += v * x[8]
	}
	sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7], sum[8] = s0, s1, s2, s3, s4, s5, s6, s7, s8
}

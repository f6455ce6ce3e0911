package kernels

// scatter8 does, entry by entry, sum[j] += g[i] * x[at[i] + j]. The places of some entries
// are checked before the first is multiplied: between two checks the compiler puts all
// products before all sums, for which there are too few registers.
func scatter8[T float32 | float64](sum *[octet]T, x []T, at []int32, g []T) {
	s0, s1, s2, s3, s4, s5, s6, s7 := sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7]
	for ; len(g) >= 4 && len(at) >= 4; g, at = g[4:], at[4:] {
		x0, x1, x2, x3 := (*[octet]T)(x[at[0]:]), (*[octet]T)(x[at[1]:]), (*[octet]T)(x[at[2]:]), (*[octet]T)(x[at[3]:])
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
		x := (*[octet]T)(x[at[i]:])
		s0 += v * x[0]
		s1 += v * x[1]
		s2 += v * x[2]
		s3 += v * x[3]
		s4 += v * x[4]
		s5 += v * x[5]
		s6 += v * x[6]
		s7 += v * x[7]
	}
	*sum = [octet]T{s0, s1, s2, s3, s4, s5, s6, s7}
}

// scatter9 is scatter8 for one more: the squares of odd numbers are one more than some
// octets.
func scatter9[T float32 | float64](sum *[octet + 1]T, x []T, at []int32, g []T) {
	s0, s1, s2, s3, s4, s5, s6, s7, s8 := sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7], sum[8]
	for ; len(g) >= 4 && len(at) >= 4; g, at = g[4:], at[4:] {
		x0, x1, x2, x3 := (*[octet + 1]T)(x[at[0]:]), (*[octet + 1]T)(x[at[1]:]), (*[octet + 1]T)(x[at[2]:]), (*[octet + 1]T)(x[at[3]:])
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
		x := (*[octet + 1]T)(x[at[i]:])
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
	*sum = [octet + 1]T{s0, s1, s2, s3, s4, s5, s6, s7, s8}
}

package kernels

// Plain Go computes products and convolutions by sums that stay in registers: a tile is
// octet sums, of one row and neighbouring columns. What a tile multiplies by is packed
// into a panel, so that the loop reads from end to end and no index is checked in it:
//
//	panel   w[0][0] … w[0][7]   w[1][0] … w[1][7]   …   w[depth-1][7]
//
// A panel is no deeper than plainDepth: it stays in the first cache.
const (
	octet      = 8
	quad       = 4 // where no more columns are left
	plainDepth = 128
)

// dot8 does, in the order of p,
//
//	sum[j] += x[p] * panel[octet*p + j]
//
// Of the last octet of sums in a loop the compiler keeps some in memory: it is one of eight.
func dot8[T float32 | float64](sum *[octet]T, x, panel []T) {
	s0, s1, s2, s3, s4, s5, s6, s7 := sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7]
	for len(x) >= 8 && len(panel) >= 8*octet {
		v, w := x[0], x[1]
		s0 += v * panel[0]
		s1 += v * panel[1]
		s2 += v * panel[2]
		s3 += v * panel[3]
		s4 += v * panel[4]
		s5 += v * panel[5]
		s6 += v * panel[6]
		s7 += v * panel[7]
		s0 += w * panel[8]
		s1 += w * panel[9]
		s2 += w * panel[10]
		s3 += w * panel[11]
		s4 += w * panel[12]
		s5 += w * panel[13]
		s6 += w * panel[14]
		s7 += w * panel[15]
		v, w = x[2], x[3]
		s0 += v * panel[16]
		s1 += v * panel[17]
		s2 += v * panel[18]
		s3 += v * panel[19]
		s4 += v * panel[20]
		s5 += v * panel[21]
		s6 += v * panel[22]
		s7 += v * panel[23]
		s0 += w * panel[24]
		s1 += w * panel[25]
		s2 += w * panel[26]
		s3 += w * panel[27]
		s4 += w * panel[28]
		s5 += w * panel[29]
		s6 += w * panel[30]
		s7 += w * panel[31]
		v, w = x[4], x[5]
		s0 += v * panel[32]
		s1 += v * panel[33]
		s2 += v * panel[34]
		s3 += v * panel[35]
		s4 += v * panel[36]
		s5 += v * panel[37]
		s6 += v * panel[38]
		s7 += v * panel[39]
		s0 += w * panel[40]
		s1 += w * panel[41]
		s2 += w * panel[42]
		s3 += w * panel[43]
		s4 += w * panel[44]
		s5 += w * panel[45]
		s6 += w * panel[46]
		s7 += w * panel[47]
		v, w = x[6], x[7]
		s0 += v * panel[48]
		s1 += v * panel[49]
		s2 += v * panel[50]
		s3 += v * panel[51]
		s4 += v * panel[52]
		s5 += v * panel[53]
		s6 += v * panel[54]
		s7 += v * panel[55]
		s0 += w * panel[56]
		s1 += w * panel[57]
		s2 += w * panel[58]
		s3 += w * panel[59]
		s4 += w * panel[60]
		s5 += w * panel[61]
		s6 += w * panel[62]
		s7 += w * panel[63]
		x, panel = x[8:], panel[8*octet:]
	}
	for len(x) > 0 && len(panel) >= octet {
		v := x[0]
		s0 += v * panel[0]
		s1 += v * panel[1]
		s2 += v * panel[2]
		s3 += v * panel[3]
		s4 += v * panel[4]
		s5 += v * panel[5]
		s6 += v * panel[6]
		s7 += v * panel[7]
		x, panel = x[1:], panel[octet:]
	}
	sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7] = s0, s1, s2, s3, s4, s5, s6, s7
}

// dot4 is dot8 for panels of quad columns.
func dot4[T float32 | float64](sum *[quad]T, x, panel []T) {
	s0, s1, s2, s3 := sum[0], sum[1], sum[2], sum[3]
	for len(x) >= 4 && len(panel) >= 4*quad {
		v, w := x[0], x[1]
		s0 += v * panel[0]
		s1 += v * panel[1]
		s2 += v * panel[2]
		s3 += v * panel[3]
		s0 += w * panel[4]
		s1 += w * panel[5]
		s2 += w * panel[6]
		s3 += w * panel[7]
		v, w = x[2], x[3]
		s0 += v * panel[8]
		s1 += v * panel[9]
		s2 += v * panel[10]
		s3 += v * panel[11]
		s0 += w * panel[12]
		s1 += w * panel[13]
		s2 += w * panel[14]
		s3 += w * panel[15]
		x, panel = x[4:], panel[4*quad:]
	}
	for len(x) > 0 && len(panel) >= quad {
		v := x[0]
		s0 += v * panel[0]
		s1 += v * panel[1]
		s2 += v * panel[2]
		s3 += v * panel[3]
		x, panel = x[1:], panel[quad:]
	}
	sum[0], sum[1], sum[2], sum[3] = s0, s1, s2, s3
}

// fill8 packs octet columns of the rows of w, which are row apart, into a panel. Octets that
// are assigned as a whole would be moved by a call: they might overlap.
func fill8[T float32 | float64](panel, w []T, row int) {
	for ; len(panel) >= octet; panel = panel[octet:] {
		to, from := (*[octet]T)(panel), (*[octet]T)(w)
		v0, v1, v2, v3, v4, v5, v6, v7 := from[0], from[1], from[2], from[3], from[4], from[5], from[6], from[7]
		to[0], to[1], to[2], to[3], to[4], to[5], to[6], to[7] = v0, v1, v2, v3, v4, v5, v6, v7
		w = w[min(row, len(w)):]
	}
}

// fillRest packs fewer columns into a panel of width columns: the others are 0.
func fillRest[T float32 | float64](panel, w []T, row, columns, width int) {
	clear(panel)
	for ; len(panel) >= width; panel = panel[width:] {
		copy(panel, w[:columns])
		w = w[min(row, len(w)):]
	}
}

// axpys does, entry by entry, y[j] += g[i] * x[at[i] + j]. The length of y must be a
// multiple of Group.
func axpys[T float32 | float64](y, x []T, at []int32, g []T) {
	for ; len(g) >= 4 && len(at) >= 4; g, at = g[4:], at[4:] {
		g0, g1, g2, g3 := g[0], g[1], g[2], g[3]
		x0, x1, x2, x3 := x[at[0]:], x[at[1]:], x[at[2]:], x[at[3]:]
		for j := 0; j+Group <= len(y); j += Group {
			y := (*[Group]T)(y[j:])
			x0, x1, x2, x3 := (*[Group]T)(x0[j:]), (*[Group]T)(x1[j:]), (*[Group]T)(x2[j:]), (*[Group]T)(x3[j:])
			for k := 0; k < Group; k += 4 {
				y[k] = y[k] + g0*x0[k] + g1*x1[k] + g2*x2[k] + g3*x3[k]
				y[k+1] = y[k+1] + g0*x0[k+1] + g1*x1[k+1] + g2*x2[k+1] + g3*x3[k+1]
				y[k+2] = y[k+2] + g0*x0[k+2] + g1*x1[k+2] + g2*x2[k+2] + g3*x3[k+2]
				y[k+3] = y[k+3] + g0*x0[k+3] + g1*x1[k+3] + g2*x2[k+3] + g3*x3[k+3]
			}
		}
	}
	for i, v := range g {
		x := x[at[i]:]
		for j := 0; j+Group <= len(y); j += Group {
			y, x := (*[Group]T)(y[j:]), (*[Group]T)(x[j:])
			for k := range y {
				y[k] += v * x[k]
			}
		}
	}
}

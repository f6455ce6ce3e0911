package nprandom

import "math"

// log returns the natural logarithm of a normal x > 0, in all bits as NumPy gets it on Linux:
// from glibc, since version 2.28, on a processor with fused multiply-add. That is the
// nearest float64 but for 3 of 10,000 numbers, and those would show in the weights of a
// network. math.Log is off more often.
//
// It is the algorithm of Szabolcs Nagy in Arm's optimized routines:
//
//	x = 2^k z and c near z:  log x = k log 2 + log c + log(1+r),  r = z/c - 1
//
// The range of z, 0.6875 to 1.375, is cut into 128 intervals. In the middle of each, c is
// the number with the log c that float64 holds best among those that leave ten bits for
// k log 2; where that is, the table below says. log(1+r) is a polynomial. Every product
// that is added to something is a fused one, in the order in which GCC fuses them.
func log(x float64) float64 {
	if 1-0x1p-4 <= x && x < 1+0x1.09p-4 {
		return log1p(x - 1)
	}
	const lowest = 0x3fe6 << 48 // the bits of 0.6875
	bits := math.Float64bits(x)
	above := bits - lowest
	k := float64(int64(above) >> 52)
	z := math.Float64frombits(bits - above&(0xfff<<52))
	c := &centers[above>>45%128]

	const log2Hi, log2Lo = 0x1.62e42fefa38p-1, 0x1.ef35793c7673p-45
	r := math.FMA(z, c.inverse, -1)
	base := math.FMA(k, log2Hi, c.log)
	sum := base + r
	rest := math.FMA(k, log2Lo, base-sum+r)

	square := r * r
	even := math.FMA(r, far[2], far[1])
	odd := math.FMA(r, far[4], far[3])
	rest = math.FMA(square, far[0], rest)
	return math.FMA(r*square, math.FMA(odd, square, even), rest) + sum
}

// log1p returns log(1+r) for -0x1p-4 <= r < 0x1.09p-4. r - r^2/2 is computed to twice the
// precision, with the 26 upper bits of r and the rest.
func log1p(r float64) float64 {
	square := r * r
	cube := r * square
	a := math.FMA(square, near[3], math.FMA(r, near[2], near[1]))
	b := math.FMA(square, near[6], math.FMA(r, near[5], near[4]))
	c := math.FMA(cube, near[10], math.FMA(square, near[9], math.FMA(r, near[8], near[7])))
	series := math.FMA(math.FMA(c, cube, b), cube, a)

	upper := math.FMA(-0x1p27, r, math.FMA(r, 0x1p27, r))
	lower := r - upper
	sum := math.FMA(upper*upper, near[0], r)
	rest := math.FMA(upper*upper, near[0], r-sum)
	rest = math.FMA(near[0]*lower, r+upper, rest)
	return math.FMA(series, cube, rest) + sum
}

// The coefficients of r^2, r^3, … of log(1+r): one after the other, the nearest float64 to
// that of the polynomial whose largest error is smallest, given those before. far has
// the smallest absolute error for |r| <= 0x1.fp-9, near the smallest relative one where
// log1p is used.
var (
	far = [5]float64{
		-0x1.0000000000001p-1, 0x1.555555551305bp-2, -0x1.fffffffeb459p-3, 0x1.999b324f10111p-3, -0x1.55575e506c89fp-3,
	}
	near = [11]float64{
		-0.5, 0x1.5555555555577p-2, -0x1.ffffffffffdcbp-3, 0x1.999999995dd0cp-3, -0x1.55555556745a7p-3, 0x1.24924a344de3p-3,
		-0x1.fffffa4423d65p-4, 0x1.c7184282ad6cap-4, -0x1.999eb43b068ffp-4, 0x1.78182f7afd085p-4, -0x1.5521375d145cdp-4,
	}
)

// center is the c of an interval: 1/c, and log c in whole 2^-43.
type center struct{ inverse, log float64 }

var centers = func() (all [128]center) {
	for i := range all {
		at := math.Float64bits(1/middle(i)) + uint64(away[i])
		inverse := math.Float64frombits(at)
		all[i] = center{inverse, math.Round(-math.Log(inverse)*0x1p43) / 0x1p43}
	}
	return all
}()

// middle is that of interval i.
func middle(i int) float64 {
	return math.Float64frombits(0x3fe6<<48 + uint64(i)<<45 + 1<<44)
}

// away is how far 1/c lies from 1/middle, in units of the last place.
var away = [128]int64{
	-23142382, -57643754, -234334839, -124664804, 19045012, -123323398, -501163255, 342479926,
	-234593306, 57421184, 513617488, -240891478, 85169741, 28659150, 284053799, 342563057,
	-68420459, -346144712, -90113766, -464022980, 285342708, -489548825, 376054848, 47397812,
	-423637851, -260988534, 336107021, 448241578, 154177355, 447893384, 241227555, -420636714,
	-218426730, -96876684, -205835218, -368178198, -345128710, -510284502, 481763731, 209336112,
	429336310, 15489329, 442353177, -417834330, 73183371, 515232680, 507984536, 83787275,
	330409952, 151596684, 377744204, 198302857, 214798271, -345957716, 356163107, 215510022,
	-229897960, -131709726, 215213618, -464519207, -332821996, 385780520, -400344786, 256208139,
	478356527, 345720337, 128466877, 217515751, -162048343, 295127580, -235892775, -69369347,
	93666841, -272860130, 91915174, 29018059, 258893229, 386009280, -241633007, 68399381,
	386341370, 408940642, 65060217, -120872168, 189498853, -32395328, -49955913, 154042178,
	-346113480, 148348366, -396488327, -427431396, 107119491, -500798201, 212184347, 305888811,
	-330297730, -91422864, 6707636, 273897542, -512931067, -500150233, 485589437, -280752730,
	106848032, 30953893, -291342514, -408884927, 149302919, -107851081, 225432558, 460497078,
	-452391632, -490679353, 508304210, 493208081, 336502878, 526975298, -457361038, -312310462,
	-365194252, -421357131, 362015322, 310793228, -441535439, -69145545, -528727990, 433364383,
}

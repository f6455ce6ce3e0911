package gpu

import "fmt"

// tile is how a product is cut: a group computes tm x tn results by steps of tk, each of its
// items rm x rn of them, whose rows lie in runs of rv. It says nothing of the order in which
// sums are formed.
type tile struct{ tm, tn, tk, rm, rn, rv int }

// String names the tile, in what is kept.
func (t tile) String() string {
	return fmt.Sprintf("%dx%dx%d by %dx%d in %d", t.tm, t.tn, t.tk, t.rm, t.rn, t.rv)
}

// threads is how many items a group has.
func (t tile) threads() int { return t.tm / t.rm * (t.tn / t.rn) }

func (t tile) defines() defines {
	cv := 1
	for _, run := range []int{4, 2} {
		if cv == 1 && t.rn%run == 0 {
			cv = run
		}
	}
	return defines{"TM", t.tm, "TN", t.tn, "TK", t.tk, "RM", t.rm, "RN", t.rn, "RV", t.rv, "CV", cv}
}

// tileFor is the tile for a product of so many rows and columns, over k, as long as no better
// one was found. The parts that sums are cut into are told from it alone.
func tileFor(rows, columns, k int) tile {
	edge := func(n int) int {
		switch {
		case n > 32:
			return 64
		case n > 16:
			return 32
		}
		return 16
	}
	t := tile{tm: edge(rows), tn: edge(columns), tk: 16, rv: 1}
	if k <= 32 {
		t.tk = max(k, 1)
	}
	return t.withItems(16)
}

// withItems sets what an item computes where a group has 128, so many of them along the rows.
func (t tile) withItems(across int) tile {
	const threads = 128
	if t.tm < 64 {
		across = 8
	}
	t.rm, t.rn = t.tm/across, max(1, t.tn*across/threads)
	return t
}

// Groups that a device with about 132 units should have at least, and with large tiles.
const (
	enoughGroups = 200
	manyGroups   = 400
)

// spread makes the tile of a product that is not cut into parts larger where there are many of
// them, because an item that computes more reads less, and smaller where some units of a device
// would have none.
func (t tile) spread(rows, columns int) tile {
	tiles := func(t tile) int { return ceil(rows, t.tm) * ceil(columns, t.tn) }
	large := t
	large.tm = 128
	if t.tm == 64 && tiles(large) >= manyGroups {
		return large.withItems(16)
	}
	for tiles(t) < enoughGroups && t.tm*t.tn > 32*32 {
		if t.tn > 32 && t.tn >= t.tm {
			t.tn /= 2
		} else {
			t.tm /= 2
		}
		t = t.withItems(16)
	}
	return t
}

// splits is into how many spans k is cut where a product has so few tiles that most of a
// device would be idle. It depends on the sizes alone.
func (t tile) splits(rows, columns, k int) (splits, span int) {
	tiles := ceil(rows, t.tm) * ceil(columns, t.tn)
	const wanted, least = 512, 64
	splits = max(1, min(ceil(wanted, tiles), k/least))
	span = ceil(ceil(k, splits), t.tk) * t.tk
	return max(1, ceil(k, span)), span
}

// pooled is the tile for a convolution with pooling, of whose windows an item holds all places.
func (t tile) pooled() tile {
	if t.tm < 32 {
		t.tm, t.rm = 32, 4
	}
	t.rv = 4
	return t
}

// shapesOfTiles are the tiles that a search tries, beside the one that is expected.
var shapesOfTiles = []tile{
	{tm: 128, tn: 64, rm: 8, rn: 8, rv: 4}, {tm: 64, tn: 64, rm: 8, rn: 8, rv: 4}, {tm: 64, tn: 64, rm: 4, rn: 8, rv: 4}, {tm: 64, tn: 64, rm: 4, rn: 4, rv: 4},
	{tm: 64, tn: 128, rm: 8, rn: 8, rv: 4}, {tm: 128, tn: 32, rm: 8, rn: 4, rv: 4}, {tm: 64, tn: 32, rm: 4, rn: 4, rv: 4}, {tm: 32, tn: 64, rm: 4, rn: 4, rv: 4},
	{tm: 32, tn: 32, rm: 4, rn: 2, rv: 4}, {tm: 256, tn: 16, rm: 8, rn: 4, rv: 4}, {tm: 128, tn: 16, rm: 8, rn: 2, rv: 4}, {tm: 64, tn: 16, rm: 4, rn: 2, rv: 4},
	{tm: 32, tn: 16, rm: 4, rn: 1, rv: 4}, {tm: 16, tn: 64, rm: 2, rn: 4, rv: 1}, {tm: 16, tn: 32, rm: 2, rn: 2, rv: 1},
}

// candidates are the tiles for a product of so many rows and columns, t before all others:
// none that is mostly empty.
func (t tile) candidates(rows, columns int, pooled bool) []tile {
	all := []tile{t}
	if !pooled && t.rm%4 == 0 {
		other := t
		other.rv = 4
		all = append(all, other)
	}
	for _, other := range shapesOfTiles {
		other.tk = t.tk
		if other.tm >= 2*max(rows, 16) || other.tn >= 2*max(columns, 16) || 4*other.tm*other.tn < t.tm*t.tn || pooled && other.rm%4 != 0 {
			continue
		}
		known := false
		for _, one := range all {
			known = known || one == other
		}
		if !known {
			all = append(all, other)
		}
	}
	return all
}

package gpu

import (
	"fmt"
	"slices"

	"convbook/pkg/internal/opencl"
	"convbook/pkg/layers"
)

// product is a kernel that is a product; rows and columns are told from the number of samples.
type product struct {
	name, file    string
	arguments     []argument
	defines       defines
	rows, columns func(n int) int
	k, splits     int
	samples       int // that it is mostly for
	pooled        bool
	once          bool // not for training
	tile          tile // as long as no better one is known
}

// key names what the tile depends on.
func (x *product) key() string {
	return fmt.Sprintf("%s %dx%dx%d in %d, pooled %v", x.file, x.rows(x.samples), x.columns(x.samples), x.k, x.splits, x.pooled)
}

// candidates are the tiles for it.
func (x *product) candidates() []tile {
	return x.tile.candidates(x.rows(x.samples), x.columns(x.samples), x.pooled)
}

// known returns the tile of that name, or the expected one: what was kept may name any.
func (x *product) known(name string) tile {
	for _, t := range x.candidates() {
		if t.String() == name {
			return t
		}
	}
	return x.tile
}

// product adds the kernel with the tile that is known for it.
func (s *source) product(x *product) *kernel {
	x.arguments = slices.Clone(x.arguments) // its backing array is the caller's
	s.products = append(s.products, x)
	return s.instance(x, x.known(s.tiles[x.key()]))
}

// instance adds the kernel with a tile.
func (s *source) instance(x *product, t tile) *kernel {
	k := s.add(x.name, []string{x.file, "product"}, x.arguments, all(x.defines, defines{"POOLED", flag(x.pooled)}, t.defines()), t.threads(), func(n int) [3]int {
		return [3]int{ceil(x.rows(n), t.tm), ceil(x.columns(n), t.tn), x.splits}
	})
	k.product = x
	return k
}

// operations are the multiplications and additions of a kernel for n samples, as far as it is a
// product: what else it does is little.
func (k *kernel) operations(n int) float64 {
	if k.product == nil {
		return 0
	}
	return 2 * float64(k.product.rows(n)) * float64(k.product.columns(n)) * float64(k.product.k)
}

// all joins macros.
func all(parts ...defines) (joined defines) {
	for _, d := range parts {
		joined = append(joined, d...)
	}
	return joined
}

func constant(v int) func(int) int { return func(int) int { return v } }

func times(v int) func(int) int { return func(n int) int { return n * v } }

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// part sets into how many parts the gradient of a segment is cut, and takes the room.
func (p *plan) part(seg *segment, parts int) {
	seg.parts, seg.gradient = parts, p.gradientSize
	p.gradientSize += parts * seg.size
}

// convolutionGradient is how the product is cut that is the gradient of filters.
func (p *plan) convolutionGradient(u *unit, l *layers.Convolution[float32]) (t tile, splits, span int) {
	filters, taps := l.W.Dim(0), l.W.Dim(1)*l.W.Dim(2)*l.W.Dim(3)
	places := u.out[1] * u.out[2]
	if u.pooled {
		places *= 4
	}
	t = tileFor(filters, taps+1, p.batch*places)
	splits, span = t.splits(filters, taps+1, p.batch*places)
	return t, splits, span
}

func (p *plan) convolution(s *source, i int, l *layers.Convolution[float32]) {
	u := p.units[i]
	filters, channels, fh, fw := l.W.Dim(0), l.W.Dim(1), l.W.Dim(2), l.W.Dim(3)
	taps, h, w := channels*fh*fw, u.in[1], u.in[2]
	sizes := defines{"FN", filters, "C", channels, "FH", fh, "FW", fw, "TAPS", taps, "S", l.Stride, "P", l.Pad, "H", h, "W", w,
		"OFFSET", u.seg.offset, "GRADIENT", u.seg.gradient}
	if u.pooled {
		sizes = append(sizes, "PH", u.out[1], "PW", u.out[2])
	} else {
		sizes = append(sizes, "OH", u.out[1], "OW", u.out[2])
	}
	in, read := p.input(i)
	out, store := p.store(u)
	place := argument{"__global uchar *", "place", u.place}
	params := reads("params", p.params)
	places := u.out[1] * u.out[2] * (1 + 3*flag(u.pooled))
	if u.pooled {
		out = append(out, place)
	}
	t := tileFor(p.batch*places, filters, taps).spread(p.batch*places, filters)
	if u.pooled {
		t = t.pooled()
	}
	p.kernels.add(s.product(&product{name: u.name + "_convolution", file: "convolution", arguments: append(append(in, params), out...),
		defines: all(sizes, read, store), rows: times(places), columns: constant(filters), k: taps, splits: 1, samples: p.batch, pooled: u.pooled, tile: t}))

	t, splits, span := p.convolutionGradient(u, l)
	gradient := s.product(&product{name: u.name + "_gradient", file: "convolution_gradient",
		arguments: p.withPlace(u, append(in, reads("dy", u.dy), writes("gradients", p.gradients))),
		defines:   all(sizes, read, defines{"OF_POOLED", flag(u.pooled), "SPAN", span}),
		rows:      constant(filters), columns: constant(taps + 1), k: p.batch * places, splits: splits, samples: p.batch, tile: t})
	if i == 0 {
		p.kernels.backward = append(p.kernels.backward, gradient)
		return
	}
	back, stored := p.back(i - 1)
	t = tileFor(p.batch*h*w, channels, filters*fh*fw).spread(p.batch*h*w, channels)
	p.kernels.backward = append(p.kernels.backward,
		s.product(&product{name: u.name + "_back", file: "convolution_back", arguments: p.withPlace(u, append(back, samples, params, reads("dy", u.dy))),
			defines: all(sizes, stored, defines{"OF_POOLED", flag(u.pooled)}),
			rows:    times(h * w), columns: constant(channels), k: filters * fh * fw, splits: 1, samples: p.batch, tile: t}), gradient)
}

func (p *plan) withPlace(u *unit, args []argument) []argument {
	if u.pooled {
		return append(args, argument{"__global const uchar *", "place", u.place})
	}
	return args
}

// affineForward is how the product of an Affine in training is cut.
func (p *plan) affineForward(u *unit) (t tile, splits, span int) {
	in, out := size(u.in), size(u.out)
	t = tileFor(out, p.batch, in)
	splits, span = t.splits(out, p.batch, in)
	return t, splits, span
}

// affineOnce is how it is cut for batches of any size: a long sum into parts of longParts, for
// a few thousand samples are not enough tiles either.
func (p *plan) affineOnce(u *unit) (t tile, splits, span int) {
	const longParts, most = 1024, 8
	in, out := size(u.in), size(u.out)
	t = tileFor(out, p.capacity, in)
	splits = max(1, min(most, in/longParts))
	span = ceil(ceil(in, splits), t.tk) * t.tk
	return t, ceil(in, span), span
}

func (p *plan) affineGradient(u *unit) (t tile, splits, span int) {
	in, out := size(u.in), size(u.out)
	t = tileFor(out, in+1, p.batch)
	splits, span = t.splits(out, in+1, p.batch)
	return t, splits, span
}

func (p *plan) affine(s *source, i int) {
	u := p.units[i]
	inputs, outputs := size(u.in), size(u.out)
	sizes := defines{"SIZE", inputs, "OUT", outputs, "OFFSET", u.seg.offset, "GRADIENT", u.seg.gradient}
	in, read := p.input(i)
	out, store := p.store(u)
	params := reads("params", p.params)
	// forward is the product and, where its sums are cut into parts, what adds them up.
	forward := func(name string, t tile, splits, span, n int, once bool) []*kernel {
		x := &product{name: name, file: "affine", rows: constant(outputs), columns: times(1), k: inputs, splits: splits, samples: n, once: once}
		if splits == 1 {
			x.arguments, x.tile = append(append(in, params), out...), t.spread(outputs, n)
			x.defines = all(sizes, read, store, defines{"PARTS", 0, "SPAN", inputs})
			return []*kernel{s.product(x)}
		}
		x.name, x.arguments, x.tile = name+"_parts", append(append(in, params), writes("parts", p.parts)), t
		x.defines = all(sizes, read, defines{"PARTS", 1, "SPAN", span})
		return []*kernel{s.product(x), s.add(name+"_sum", []string{"affine_sum"}, append(append(out, params, samples), reads("parts", p.parts)),
			all(sizes, store, defines{"SPLITS", splits}), items, func(n int) [3]int { return [3]int{ceil(n*outputs, 32), 1, 1} })}
	}
	k := &p.kernels
	t, splits, span := p.affineForward(u)
	step := forward(u.name+"_affine", t, splits, span, p.batch, false)
	k.forward = append(k.forward, step...)
	if t, splits, span := p.affineOnce(u); splits == 1 && len(step) == 1 {
		k.once = append(k.once, step...)
	} else {
		k.once = append(k.once, forward(u.name+"_once", t, splits, span, p.capacity, true)...)
	}
	t, splits, span = p.affineGradient(u)
	gradient := s.product(&product{name: u.name + "_gradient", file: "affine_gradient", arguments: append(in, reads("dy", u.dy), writes("gradients", p.gradients)),
		defines: all(sizes, read, defines{"SPAN", span}), rows: constant(outputs), columns: constant(inputs + 1), k: p.batch, splits: splits, samples: p.batch, tile: t})
	if i == 0 {
		k.backward = append(k.backward, gradient)
		return
	}
	back, stored := p.back(i - 1)
	k.backward = append(k.backward, s.product(&product{name: u.name + "_back", file: "affine_back", arguments: append(back, samples, params, reads("dy", u.dy)),
		defines: all(sizes, stored), rows: constant(inputs), columns: times(1), k: outputs, splits: 1, samples: p.batch,
		tile: tileFor(inputs, p.batch, outputs).spread(inputs, p.batch)}), gradient)
}

func (p *plan) pooling(s *source, i int, l *layers.Pooling[float32]) {
	u := p.units[i]
	sizes := defines{"C", u.in[0], "H", u.in[1], "W", u.in[2], "OH", u.out[1], "OW", u.out[2], "PH", l.PoolH, "PW", l.PoolW, "S", l.Stride, "P", l.Pad}
	in, read := p.input(i)
	out, store := p.store(u)
	p.kernels.add(s.add(u.name+"_pooling", []string{"pooling"}, append(append(in, out...), argument{"__global ushort *", "place", u.place}),
		all(sizes, read, store), items, each(size(u.out))))
	if i == 0 {
		return
	}
	back, stored := p.back(i - 1)
	p.kernels.backward = append(p.kernels.backward, s.add(u.name+"_pooling_back", []string{"pooling_back"},
		append(back, samples, reads("dy", u.dy), argument{"__global const ushort *", "place", u.place}), all(sizes, stored), items, each(size(u.in))))
}

func (p *plan) normalization(s *source, i int, l *layers.BatchNormalization[float32]) {
	u := p.units[i]
	means := l.Gamma.Size()
	values := size(u.in) / means
	lanes := 1
	if values == 1 {
		lanes = 32
	}
	sizes := defines{"D", means, "S", values, "OFFSET", u.seg.offset, "GRADIENT", u.seg.gradient, "RUNNING", u.running, "LANES", lanes, "THREADS", items,
		"KEPT", number(l.Momentum), "FOLLOWS", number(1 - l.Momentum)}
	in, read := p.input(i)
	out, store := p.store(u)
	params, running := reads("params", p.params), writes("running", p.runnings)
	of := func(kind func(string, *opencl.Buffer) argument) []argument {
		return []argument{kind("means", u.means), kind("roots", u.roots)}
	}
	groups := func(int) [3]int { return [3]int{ceil(means, lanes), 1, 1} }
	apply := s.add(u.name+"_normalization", []string{"normalization"}, append(append(append(in, out...), of(reads)...), params, running, argument{kind: "const int", name: "train"}),
		all(sizes, read, store), items, each(means*values))
	k := &p.kernels
	k.forward = append(k.forward, s.add(u.name+"_normalization_sums", []string{"normalization_sums"},
		append(append(append([]argument{}, in...), of(writes)...), running, argument{"__global const int *", "flag", p.flag}), all(sizes, read, defines{"BACKWARD", 0}), items, groups), apply)
	k.once = append(k.once, apply)
	sums := s.add(u.name+"_normalization_gradient", []string{"normalization_sums"},
		append(append(append([]argument{}, in...), of(reads)...), reads("dy", u.dy), writes("gradients", p.gradients)), all(sizes, read, defines{"BACKWARD", 1}), items, groups)
	if i == 0 {
		k.backward = append(k.backward, sums)
		return
	}
	back, stored := p.back(i - 1)
	k.backward = append(k.backward, s.add(u.name+"_normalization_back", []string{"normalization_back"},
		append(append(back, samples, params, reads("dy", u.dy), reads("gradients", p.gradients)), of(reads)...),
		all(sizes, read, stored), items, each(means*values)), sums)
}

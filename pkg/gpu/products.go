package gpu

import (
	"convbook/pkg/internal/opencl"
	"convbook/pkg/layers"
)

// product adds a kernel that is a product of the given size; rows, columns and k tell it
// from the number of samples.
func (s *source) product(name, file string, arguments []argument, d defines, t tile, rows, columns func(n int) int, splits int) *kernel {
	return s.add(name, []string{file, "product"}, arguments, append(d, t.defines()...), threads, func(n int) [3]int {
		return [3]int{ceil(rows(n), t.tm), ceil(columns(n), t.tn), splits}
	})
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
	t := tileFor(p.batch*places, filters, taps)
	if u.pooled && t.tm < 32 {
		t.tm, t.rm = 32, 4
	}
	p.kernels.add(s.product(u.name+"_convolution", "convolution", append(append(in, params), out...),
		all(sizes, read, store, defines{"POOLED", flag(u.pooled)}), t, times(places), constant(filters), 1))

	t, splits, span := p.convolutionGradient(u, l)
	gradient := s.product(u.name+"_gradient", "convolution_gradient", p.withPlace(u, append(in, reads("dy", u.dy), writes("gradients", p.gradients))),
		all(sizes, read, defines{"POOLED", 0, "OF_POOLED", flag(u.pooled), "SPAN", span}), t, constant(filters), constant(taps+1), splits)
	if i == 0 {
		p.kernels.backward = append(p.kernels.backward, gradient)
		return
	}
	back, stored := p.back(i - 1)
	t = tileFor(p.batch*h*w, channels, filters*fh*fw)
	p.kernels.backward = append(p.kernels.backward,
		s.product(u.name+"_back", "convolution_back", p.withPlace(u, append(back, samples, params, reads("dy", u.dy))),
			all(sizes, stored, defines{"POOLED", 0, "OF_POOLED", flag(u.pooled)}), t, times(h*w), constant(channels), 1), gradient)
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
	direct := func(name string, t tile) *kernel {
		return s.product(name, "affine", append(append(in, params), out...),
			all(sizes, read, store, defines{"POOLED", 0, "PARTS", 0, "SPAN", inputs}), t, constant(outputs), times(1), 1)
	}
	k := &p.kernels
	t, splits, span := p.affineForward(u)
	if splits == 1 {
		k.add(direct(u.name+"_affine", t))
	} else {
		parts := writes("parts", p.parts)
		k.forward = append(k.forward, s.product(u.name+"_affine_parts", "affine", append(append(in, params), parts),
			all(sizes, read, defines{"POOLED", 0, "PARTS", 1, "SPAN", span}), t, constant(outputs), times(1), splits),
			s.add(u.name+"_affine_sum", []string{"affine_sum"}, append(append(out, params, samples), reads("parts", p.parts)),
				all(sizes, store, defines{"SPLITS", splits}), items, each(outputs)))
		k.once = append(k.once, direct(u.name+"_affine", tileFor(outputs, p.capacity, inputs)))
	}
	t, splits, span = p.affineGradient(u)
	gradient := s.product(u.name+"_gradient", "affine_gradient", append(in, reads("dy", u.dy), writes("gradients", p.gradients)),
		all(sizes, read, defines{"POOLED", 0, "SPAN", span}), t, constant(outputs), constant(inputs+1), splits)
	if i == 0 {
		k.backward = append(k.backward, gradient)
		return
	}
	back, stored := p.back(i - 1)
	k.backward = append(k.backward, s.product(u.name+"_back", "affine_back", append(back, samples, params, reads("dy", u.dy)),
		all(sizes, stored, defines{"POOLED", 0}), tileFor(inputs, p.batch, outputs), constant(inputs), times(1), 1), gradient)
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

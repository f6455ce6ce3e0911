package gpu

import "convbook/pkg/layers"

const floatBytes = 4

// Bytes counts what the kernels of a step read and write, each number once a kernel. Caches may
// keep some of it.
func (p *plan) Bytes() int {
	total := p.forwardBytes(p.batch, true)
	for i, u := range p.units {
		in, out := p.inputBytes(i, p.batch), floatBytes*p.batch*size(u.out)
		place, params := u.placeBytes(p.batch), 0
		if _, normalizes := u.layer.(*layers.BatchNormalization[float32]); normalizes && i > 0 {
			total += in
		}
		if u.seg != nil {
			params = floatBytes * u.seg.size
			total += in + out + place + 2*u.seg.parts*params // their gradient, and its parts again
			if u.seg.learns {
				total += 2 * params
				for _, letter := range p.rule.moments {
					if letter != "" {
						total += 2 * params
					}
				}
			}
		}
		total += 2 * out // the gradient of what comes out, through what comes after
		if i > 0 {
			total += out + params + place // the gradient of what goes in
		}
	}
	return total
}

// forwardBytes counts a forward pass of n samples.
func (p *plan) forwardBytes(n int, train bool) (total int) {
	for i, u := range p.units {
		in, out := p.inputBytes(i, n), floatBytes*n*size(u.out)
		switch u.layer.(type) {
		case *layers.BatchNormalization[float32]:
			if train {
				total += in // for its means
			}
		case *layers.Affine[float32]:
			cut := p.affineForward
			if !train {
				cut = p.affineOnce
			}
			if _, splits, _ := cut(u); splits > 1 {
				total += 2 * splits * out
			}
		}
		if u.seg != nil {
			total += floatBytes * u.seg.size
		}
		total += in + out + u.placeBytes(n)
	}
	return total
}

// inputBytes counts what unit i takes of n samples: the first one images, which are bytes.
func (p *plan) inputBytes(i, n int) int {
	if i == 0 {
		return n * size(p.units[i].in)
	}
	return floatBytes * n * size(p.units[i].in)
}

// placeBytes counts the places of the maximum of n samples.
func (u *unit) placeBytes(n int) int {
	_, pooling := u.layer.(*layers.Pooling[float32])
	switch {
	case pooling:
		return 2 * n * size(u.out) // windows may be large
	case u.pooled:
		return n * size(u.out)
	}
	return 0
}

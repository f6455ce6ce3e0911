package gpu

import "convbook/pkg/layers"

// Bytes counts what the kernels of a step read and write, each number once a kernel. Caches may
// keep some of it.
func (p *plan) Bytes() int {
	const float = 4
	total := 0
	for i, u := range p.units {
		in, out := float*p.batch*size(u.in), float*p.batch*size(u.out)
		if i == 0 {
			in = p.batch * size(u.in) // images are bytes
		}
		place, params := 0, 0
		if u.place != nil {
			place = p.batch * size(u.out)
		}
		switch u.layer.(type) {
		case *layers.Pooling[float32]:
			place *= 2 // windows may be large
		case *layers.BatchNormalization[float32]:
			total += in // for its means
			if i > 0 {
				total += in
			}
		case *layers.Affine[float32]:
			if _, splits, _ := p.affineForward(u); splits > 1 {
				total += 2 * splits * out
			}
		}
		if u.seg != nil {
			params = float * u.seg.size
			total += in + out + place + 2*u.seg.parts*params // their gradient, and its parts again
			if u.seg.learns && p.update != nil {
				total += 2 * params
				for _, letter := range p.rule.moments {
					if letter != "" {
						total += 2 * params
					}
				}
			}
		}
		total += in + params + out + place // forward
		total += 2 * out                   // the gradient of what comes out, through what comes after
		if i > 0 {
			total += out + params + place // the gradient of what goes in
		}
	}
	return total
}

package session

import (
	"slices"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/internal/flat"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/playground/internal/described"
)

func (s *Session) build(ask Fields) ([]Fields, error) {
	c, err := s.settings.with(ask["settings"])
	if err != nil {
		return nil, err
	}
	data, err := s.dataOf(c)
	if err != nil {
		return nil, err
	}
	channels, height, width := data.Train.Shape()
	if err := c.fits(height, width, len(data.Classes)); err != nil {
		return nil, err
	}
	if err := s.make(c, data, c.plan([]int{channels, height, width}, len(data.Classes))); err != nil {
		return nil, err
	}
	return []Fields{s.built("built")}, nil
}

// make makes a network and all that trains it. Where it cannot, the old one stays.
func (s *Session) make(c Settings, data *dataset.Data, plan described.Network) error {
	c.Train = min(c.Train, data.Train.Len())
	optimize, err := c.optimizer()
	if err != nil {
		return err
	}
	rng := nprandom.New(c.Seed)
	net := convnet.Build[float32](rng, plan.Input, c.scale(), plan.Build()...)
	*s = Session{sets: s.sets, kinds: s.kinds, settings: c, plan: plan, data: data, train: data.Train.Head(c.Train), net: net, rng: rng, optimize: optimize,
		x: ndarray.Zeros[float32](append([]int{c.Batch}, plan.Input...)...), t: make([]int, c.Batch), indices: make([]int, c.Batch)}
	s.measure.begin(s)
	return nil
}

// built says what the network is.
func (s *Session) built(say string) Fields {
	var layers []Fields
	for _, row := range s.net.SummaryRows() {
		if l := s.net.Layer(row.Name); l != nil {
			layers = append(layers, Fields{"name": row.Name, "kind": l.Name(), "shape": row.Output, "params": row.Parameters})
		}
	}
	_, set := s.settings.of(s.plan, s.net.Classes())
	return Fields{"say": say, "layers": layers, "total": s.net.ParamCount(), "data": s.describe(slices.Index(s.kinds, s.settings.Kind)), "settings": s.settings.fields(),
		"network": s.plan.String(), "own": !set, "drawn": s.drawn()}
}

// mostDrawn is how many layers are drawn, those of blocks one by one, as in explore.Network.
const mostDrawn = 150

// flat are the layers of the network, those of blocks one by one.
func (s *Session) flat() []flat.Layer[float32] {
	return flat.Of(s.net.LayerNames(), s.net.Layer, mostDrawn, "playground")
}

// drawn says what the layers are for the figure that draws them, and what their arrays are called.
func (s *Session) drawn() []Fields {
	var all []Fields
	count := map[string]int{}
	scales := 0
	for _, l := range s.flat() {
		f := Fields{"kind": l.Kind, "name": l.Name, "from": l.From}
		var names []string
		if l.Tall > 0 {
			f["window"], f["stride"], f["pad"] = []int{l.Tall, l.Broad}, l.Stride, l.Pad
		}
		if is, ok := l.Is.(layers.Learner[float32]); ok {
			for _, p := range is.Parameters() {
				count[p.Kind]++
				names = append(names, numbered(p.Kind, count[p.Kind]))
			}
		}
		switch l.Kind {
		case "conv":
			f["filters"] = l.Units
		case "affine":
			f["units"] = l.Units
		case "scale":
			scales++
			names = []string{numbered("scale", scales), numbered("shift", scales)}
		}
		f["arrays"] = names
		all = append(all, f)
	}
	return all
}

// scales are what the layers multiply with and add that do so in evaluation, under the names that drawn has.
func (s *Session) scales() []Fields {
	all := []Fields{}
	for _, l := range s.flat() {
		if l.Kind != "scale" {
			continue
		}
		scale, shift := l.Scale()
		n := len(all)/2 + 1
		all = append(all, values(numbered("scale", n), []int{len(scale)}, singles(scale)), values(numbered("shift", n), []int{len(shift)}, singles(shift)))
	}
	return all
}

func singles(of []float64) []float32 {
	all := make([]float32, len(of))
	for i, v := range of {
		all[i] = float32(v)
	}
	return all
}

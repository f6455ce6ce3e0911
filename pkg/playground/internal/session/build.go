package session

import (
	"slices"

	"convbook/pkg/convnet"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

func (s *Session) build(ask Fields) ([]Fields, error) {
	c, err := s.settings.with(ask["settings"])
	if err != nil {
		return nil, err
	}
	if err := s.make(c); err != nil {
		return nil, err
	}
	return []Fields{s.built("built")}, nil
}

// make makes a network and all that trains it. Where it cannot, the old one stays.
func (s *Session) make(c Settings) error {
	data, err := s.dataOf(c)
	if err != nil {
		return err
	}
	c.Train = min(c.Train, data.Train.Len())
	channels, height, width := data.Train.Shape()
	if err := c.fits(height, width, len(data.Classes)); err != nil {
		return err
	}
	optimize, err := c.optimizer()
	if err != nil {
		return err
	}
	rng := nprandom.New(c.Seed)
	net := convnet.Build[float32](rng, []int{channels, height, width}, c.scale(), c.parts(len(data.Classes))...)
	*s = Session{sets: s.sets, kinds: s.kinds, settings: c, data: data, train: data.Train.Head(c.Train), net: net, rng: rng, optimize: optimize,
		x: ndarray.Zeros[float32](c.Batch, channels, height, width), t: make([]int, c.Batch), indices: make([]int, c.Batch)}
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
	return Fields{"say": say, "layers": layers, "total": s.net.ParamCount(), "data": s.describe(slices.Index(s.kinds, s.settings.Kind)), "settings": s.settings.fields()}
}

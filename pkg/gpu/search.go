package gpu

import (
	"errors"
	"maps"
	"time"

	"convbook/pkg/internal/opencl"
)

// How long a plan may search: what it does not come to is left to the next one.
const (
	longestSearch = 10 * time.Second
	longestTrial  = 3 * time.Millisecond
)

// search tries the tiles of all products that have none in known, and returns known with those
// that were the quickest. A tile that the device cannot compile or run is passed over.
func (p *plan) search(all []*product, known map[string]string, longest time.Duration) (map[string]string, error) {
	found := maps.Clone(known)
	if found == nil {
		found = map[string]string{}
	}
	began := time.Now()
	for _, x := range all {
		if _, ok := found[x.key()]; ok {
			continue
		}
		best, least := x.tile, 0.0
		for i, t := range x.candidates() {
			if time.Since(began) > longest {
				return found, nil // and nothing of the product that was tried in part
			}
			seconds, err := p.try(x, t)
			if errors.Is(err, opencl.ErrLost) {
				return nil, err
			}
			// Another one than the expected must be worth it: times scatter.
			if err == nil && (least == 0 || seconds < 0.97*least) {
				best, least = t, seconds
			}
			if i == 0 && err != nil {
				break // what is wrong here is not the tile
			}
		}
		found[x.key()] = best.String()
	}
	return found, nil
}

// try returns what a launch of the product takes with a tile. What it computes is of no use to
// anybody: the step that comes first computes it anew.
func (p *plan) try(x *product, t tile) (seconds float64, err error) {
	err = p.c.Passing(func() error {
		var s source
		s.text.WriteString(file("begin"))
		k := s.instance(x, t)
		program, err := p.build(&s)
		if err != nil {
			return err
		}
		l, err := newLaunch(program, k)
		if err != nil {
			return err
		}
		err = p.forTraining(l)
		if x.once {
			err = errors.Join(err, p.forOthers(l), l.int("n", min(p.capacity, p.work.Train.Len())))
		}
		if err = errors.Join(err, l.int("mode", inOrder)); err != nil {
			return err
		}
		seconds, err = p.timeOf(l, longestTrial)
		return err
	})
	return seconds, err
}

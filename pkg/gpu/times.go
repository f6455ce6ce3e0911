package gpu

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"convbook/pkg/internal/device"
)

// KernelTime is how long one kernel of a step takes by itself.
type KernelTime struct {
	Layer   string // the first of the layers that it computes, or "" for the update and the loss
	Name    string // "convolution", "affine_back", …
	Seconds float64
	Groups  int // work groups of a launch

	Operations float64 // multiplications and additions of a product; 0 of what is none
}

// KernelTimes runs each kernel of a step by itself, again and again for the given time, and
// returns what one launch of it takes at best where many are enqueued in a row: no less than
// a launch costs. The kernels come in the order of a step; nothing of w changes.
func (d *Device) KernelTimes(w device.Work, each time.Duration) ([]KernelTime, error) {
	made, err := d.Plan(w)
	if err != nil {
		return nil, err
	}
	defer made.Close()
	p := made.(*plan)
	times, err := p.kernelTimes(each)
	if err != nil {
		return nil, fmt.Errorf("gpu: %w", err)
	}
	return times, nil
}

func (p *plan) kernelTimes(each time.Duration) (times []KernelTime, err error) {
	index := make([]int, p.batch)
	for i := range index {
		index[i] = i % p.work.Train.Len()
	}
	// A whole step before: every kernel finds what it reads in a step.
	if err := p.step(index, nil, false); err != nil {
		return nil, err
	}
	if _, err := p.Loss(); err != nil {
		return nil, err
	}
	all := p.training()
	if p.update != nil {
		all = append(all, p.update)
	}
	for _, l := range all {
		seconds, err := p.timeOf(l, each)
		if err != nil {
			return nil, err
		}
		groups := l.groups(l.n)
		t := KernelTime{Name: strings.TrimSuffix(l.name, "_kernel"), Seconds: seconds, Groups: groups[0] * groups[1] * groups[2],
			Operations: l.operations(l.n)}
		for _, u := range p.units {
			if rest, own := strings.CutPrefix(t.Name, u.name+"_"); own {
				t.Layer, t.Name = u.label, rest
				break
			}
		}
		times = append(times, t)
	}
	return times, nil
}

// timeOf returns what a launch takes at best of many in a row, in seconds.
func (p *plan) timeOf(l *launch, each time.Duration) (best float64, err error) {
	const inRow = 10
	began := time.Now()
	for n := 0; n < 2 || time.Since(began) < each; n++ {
		start := time.Now()
		for range inRow {
			err = errors.Join(err, l.run())
		}
		if err = errors.Join(err, p.c.Finish()); err != nil {
			return 0, err
		}
		if s := time.Since(start).Seconds() / inRow; n > 0 && (best == 0 || s < best) { // the first one warms up
			best = s
		}
	}
	return best, nil
}

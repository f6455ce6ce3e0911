package gpu

import (
	"fmt"
	"slices"

	"convbook/pkg/internal/opencl"
	"convbook/pkg/ndarray"
	"convbook/pkg/optimizer"
)

// stretches calls do with each array of the network and where it lies in p.host: first the
// parameters, then the running values.
func (p *plan) stretches(do func(at int, values []float32)) {
	at := 0
	for _, s := range p.segments {
		for _, param := range s.params {
			do(at, param.Value.Data())
			at += param.Value.Size()
		}
	}
	for _, running := range p.running {
		do(at, running.Data())
		at += running.Size()
	}
}

// loadAll hands everything to the device.
func (p *plan) loadAll() error {
	p.stretches(func(at int, values []float32) { copy(p.host[at:], values) })
	if err := p.write32(); err != nil {
		return err
	}
	state := p.optimizer().State()
	p.updates = state.Updates
	for i, letter := range p.rule.moments {
		if letter == "" {
			continue
		}
		moments := make([]float32, p.paramSize())
		p.named(func(name string, at int, param *ndarray.Array[float32]) {
			if m := state.Moments[letter][name]; m != nil {
				copy(moments[at:at+param.Size()], m.Data())
			}
		})
		if err := opencl.Write(p.moments[i], 0, moments); err != nil {
			return err
		}
	}
	return nil
}

// named calls do with each parameter that learns.
func (p *plan) named(do func(name string, at int, param *ndarray.Array[float32])) {
	names := map[*float32]string{}
	for _, param := range p.work.Learn {
		if len(param.Values) > 0 {
			names[&param.Values[0]] = param.Name
		}
	}
	for _, s := range p.segments {
		at := s.offset
		for _, param := range s.params {
			if name, learns := names[first(param.Value)]; learns {
				do(name, at, param.Value)
			}
			at += param.Value.Size()
		}
	}
}

func (p *plan) write32() error {
	n := p.paramSize()
	if err := opencl.Write(p.params, 0, p.host[:n]); err != nil {
		return err
	}
	return opencl.Write(p.runnings, 0, p.host[n:])
}

// Load hands to the device what was changed in the network since the last Store.
func (p *plan) Load() error {
	changed := false
	p.stretches(func(at int, values []float32) {
		if !same(p.host[at:at+len(values)], values) {
			changed = true
			copy(p.host[at:], values)
		}
	})
	if !changed {
		return nil
	}
	if err := p.write32(); err != nil {
		p.failure = err
		return fmt.Errorf("gpu: %w", err)
	}
	return nil
}

func same(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(v, w float32) bool { return v == w || v != v && w != w })
}

// Store brings the network and the optimizer up to date.
func (p *plan) Store() error {
	if p.failure != nil {
		return fmt.Errorf("gpu: %w", p.failure)
	}
	if err := p.store32(); err != nil {
		p.failure = err
		return fmt.Errorf("gpu: %w", err)
	}
	return nil
}

func (p *plan) store32() error {
	n := p.paramSize()
	if err := opencl.Read(p.params, 0, p.host[:n]); err != nil {
		return err
	}
	if err := opencl.Read(p.runnings, 0, p.host[n:]); err != nil {
		return err
	}
	p.stretches(func(at int, values []float32) { copy(values, p.host[at:]) })
	if p.updates == 0 {
		return nil
	}
	state := optimizer.State[float32]{Updates: p.updates, Moments: map[string]map[string]*ndarray.Array[float32]{}}
	for i, letter := range p.rule.moments {
		if letter == "" {
			continue
		}
		moments := make([]float32, n)
		if err := opencl.Read(p.moments[i], 0, moments); err != nil {
			return err
		}
		state.Moments[letter] = map[string]*ndarray.Array[float32]{}
		p.named(func(name string, at int, param *ndarray.Array[float32]) {
			state.Moments[letter][name] = ndarray.FromSlice(moments[at:at+param.Size()], param.Shape()...)
		})
	}
	return p.optimizer().SetState(state)
}

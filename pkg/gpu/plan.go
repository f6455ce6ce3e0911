package gpu

import (
	"errors"
	"fmt"

	"convbook/pkg/dataset"
	"convbook/pkg/internal/device"
	"convbook/pkg/internal/opencl"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/optimizer"
)

// plan is a training on a device. It is a device.Plan.
type plan struct {
	c        *opencl.Context
	work     device.Work
	units    []*unit
	segments []*segment
	running  []*ndarray.Array[float32] // running values, in the order in which they lie on the device
	rule     rule

	batch, capacity int   // samples of a step, and of a piece of an evaluation
	left            int64 // bytes that it may have
	gradientSize    int
	partsSize       int // numbers that the parts of an Affine's sums take

	params, gradients, parts, runnings *opencl.Buffer
	moments                            [2]*opencl.Buffer
	losses, flag, right                *opencl.Buffer
	record, dense                      *opencl.Buffer
	sets                               map[*byte]*onDevice

	kernels                       kernels
	forward, backward, evaluating []*launch
	loss, update, count           *launch

	host    []float32 // the parameters and the running values as they were moved last
	updates int       // of the optimizer
	ring    ring
	failure error // the plan cannot be used any more
	closed  func()
}

// onDevice is a set on the device.
type onDevice struct {
	pixels, labels *opencl.Buffer
	count          int
}

// newPlan makes room on the device, compiles the kernels and hands over the numbers.
func newPlan(c *opencl.Context, w device.Work, tiles map[string]string, search func(p *plan, all []*product) (map[string]string, error)) (*plan, error) {
	p, err := laidOut(w, c.Left())
	if err != nil {
		return nil, err
	}
	p.c = c
	if err := p.makeBuffers(); err != nil {
		return nil, err
	}
	if err := p.upload(); err != nil {
		return nil, err
	}
	if err := p.compile(tiles, search); err != nil {
		return nil, err
	}
	return p, p.loadAll()
}

// laidOut is a plan that knows what lies where and how large it is, before there is a device.
func laidOut(w device.Work, left int64) (*plan, error) {
	p := &plan{work: w, batch: w.Batch, left: left, sets: map[*byte]*onDevice{}}
	var err error
	if p.rule, err = ruleOf(w.Optimizer); err != nil {
		return nil, err
	}
	if p.units, err = units(w); err != nil {
		return nil, err
	}
	p.layOut()
	return p, nil
}

// layOut gives everything its place: parameters and gradients one after the other, the
// bytes of a step's record, and how many samples an evaluation takes at a time.
func (p *plan) layOut() {
	learns := map[*float32]bool{}
	for _, param := range p.work.Learn {
		if len(param.Values) > 0 {
			learns[&param.Values[0]] = true
		}
	}
	at, mask, largest, all, running := 0, 4*p.batch, 0, 0, 0
	for _, u := range p.units {
		largest, all = max(largest, size(u.out)), all+size(u.out)
		for i := range u.after {
			if u.after[i].dropout != nil {
				u.after[i].mask = mask
				mask += p.batch * size(u.out)
			}
		}
		if l, ok := u.layer.(layers.Gatherer[float32]); ok {
			u.running = running
			for _, s := range l.Statistics() {
				p.running = append(p.running, s.Value)
				running += s.Value.Size()
			}
		}
		params := u.params()
		if len(params) == 0 {
			continue
		}
		u.seg = &segment{params: params, offset: at, learns: true}
		for _, param := range params {
			u.seg.size += param.Value.Size()
			u.seg.learns = u.seg.learns && (param.Value.Size() == 0 || learns[first(param.Value)])
		}
		at += u.seg.size
		p.segments = append(p.segments, u.seg)
		parts := 1
		switch l := u.layer.(type) {
		case *layers.Convolution[float32]:
			_, parts, _ = p.convolutionGradient(u, l)
		case *layers.Affine[float32]:
			_, parts, _ = p.affineGradient(u)
		}
		p.part(u.seg, parts)
	}
	p.ring = newRing(p.batch, mask)
	p.host = make([]float32, at+running)

	// About 256 MB for the largest output, a quarter of the memory for all of them, and no more
	// samples than there are.
	most := p.batch
	for _, s := range p.work.Sets {
		most = max(most, s.Len())
	}
	p.capacity = max(p.batch, min(most, 1<<26/max(largest, 1), 4096, int(p.left/16)/max(all, 1)))
	for _, u := range p.units {
		if _, ok := u.layer.(*layers.Affine[float32]); !ok {
			continue
		}
		if _, splits, _ := p.affineForward(u); splits > 1 {
			p.partsSize = max(p.partsSize, splits*p.batch*size(u.out))
		}
		if _, splits, _ := p.affineOnce(u); splits > 1 {
			p.partsSize = max(p.partsSize, splits*p.capacity*size(u.out))
		}
	}
}

// paramSize is how many parameters there are.
func (p *plan) paramSize() int {
	n := 0
	for _, s := range p.segments {
		n += s.size
	}
	return n
}

func (p *plan) makeBuffers() (err error) {
	floats := func(name string, n int) *opencl.Buffer {
		if err != nil {
			return nil
		}
		if int64(n) >= 1<<31 {
			err = fmt.Errorf("%s has %d numbers, which a kernel cannot count: %w", name, n, opencl.ErrMemory)
			return nil
		}
		var b *opencl.Buffer
		b, err = p.c.Buffer(name, 4*n)
		return b
	}
	bytes := func(name string, n int) *opencl.Buffer {
		if err != nil {
			return nil
		}
		var b *opencl.Buffer
		b, err = p.c.Buffer(name, n)
		return b
	}
	n := p.paramSize()
	p.params, p.gradients, p.parts = floats("parameters", n), floats("gradients", p.gradientSize), floats("parts of sums", p.partsSize)
	p.moments[0], p.moments[1] = floats("moments", n*flag(p.rule.moments[0] != "")), floats("moments", n*flag(p.rule.moments[1] != ""))
	p.runnings = floats("running values", len(p.host)-n)
	p.losses, p.flag, p.right = floats("losses", window), floats("flag", 1), floats("count", 1)
	p.record, p.dense = bytes("record of a step", p.ring.size), floats("images", p.batch*size(p.work.Input))
	for i, u := range p.units {
		name := fmt.Sprintf("output %d", i+1)
		u.y, u.dy = floats(name, p.capacity*size(u.out)), floats("gradient of "+name, p.batch*size(u.out))
		switch l := u.layer.(type) {
		case *layers.Convolution[float32]:
			if u.pooled {
				u.place = bytes("places of "+name, p.capacity*size(u.out))
			}
		case *layers.Pooling[float32]:
			u.place = bytes("places of "+name, 2*p.capacity*size(u.out))
		case *layers.BatchNormalization[float32]:
			u.means, u.roots = floats("means", l.Gamma.Size()), floats("roots", l.Gamma.Size())
		}
	}
	return err
}

// upload puts the sets on the device, each once.
func (p *plan) upload() error {
	for _, s := range append([]*dataset.Set{p.work.Train}, p.work.Sets...) {
		if s == nil || s.Len() == 0 || p.sets[&s.Pixels(0)[0]] != nil && p.sets[&s.Pixels(0)[0]].count >= s.Len() {
			continue
		}
		pixels, labels := make([]byte, 0, s.Len()*len(s.Pixels(0))), make([]byte, s.Len())
		for i := range labels {
			pixels, labels[i] = append(pixels, s.Pixels(i)...), byte(s.Label(i))
		}
		set := &onDevice{count: s.Len()}
		var err error
		if set.pixels, err = p.c.Buffer("images of the data set", len(pixels)); err != nil {
			return err
		}
		if set.labels, err = p.c.Buffer("labels of the data set", len(labels)); err != nil {
			return err
		}
		if err := errors.Join(opencl.Write(set.pixels, 0, pixels), opencl.Write(set.labels, 0, labels)); err != nil {
			return err
		}
		p.sets[&s.Pixels(0)[0]] = set
	}
	return nil
}

// compile makes the kernels, and the launches with their arguments. The search finds tiles for
// products that have none yet; it may be nil.
func (p *plan) compile(tiles map[string]string, search func(p *plan, all []*product) (map[string]string, error)) error {
	s := source{tiles: tiles}
	p.write(&s)
	if search != nil {
		found, err := search(p, s.products)
		if err != nil {
			return err
		}
		p.kernels, s = kernels{}, source{tiles: found}
		p.write(&s)
	}
	program, err := p.build(&s)
	if err != nil {
		return err
	}
	launches := func(ks []*kernel) (made []*launch) {
		for _, k := range ks {
			var l *launch
			if l, err = newLaunch(program, k); err != nil {
				return nil
			}
			made = append(made, l)
		}
		return made
	}
	k := &p.kernels
	for _, step := range []func(){
		func() { p.forward = launches(k.forward) },
		func() { p.backward = launches(k.backward) },
		func() { p.evaluating = launches(k.once) },
		func() { p.loss, err = newLaunch(program, k.loss) },
		func() { p.count, err = newLaunch(program, k.count) },
		func() {
			if k.update != nil {
				p.update, err = newLaunch(program, k.update)
			}
		},
	} {
		if step(); err != nil {
			return err
		}
	}
	for _, l := range p.training() {
		err = errors.Join(err, p.forTraining(l))
	}
	for _, l := range append(p.evaluating, p.count) {
		err = errors.Join(err, p.forOthers(l))
	}
	return err
}

// build compiles the kernels.
func (p *plan) build(s *source) (*opencl.Program, error) {
	options := "-cl-std=CL1.2"
	if p.c.Device.Rounds {
		options += " -cl-fp32-correctly-rounded-divide-sqrt"
	}
	options += fmt.Sprintf(" -DUNROLLED=%d", flag(p.c.Device.Kind != opencl.CPU))
	return p.c.Build(s.text.String(), options)
}

// forTraining sets what stays the same in all steps.
func (p *plan) forTraining(l *launch) (err error) {
	train := p.sets[&p.work.Train.Pixels(0)[0]]
	for name, b := range map[string]*opencl.Buffer{"index": p.record, "pixels": train.pixels, "labels": train.labels, "dense": p.dense} {
		err = errors.Join(err, l.buffer(name, b))
	}
	return errors.Join(err, l.int("n", p.batch), l.int("first", 0), l.int("train", 1))
}

// forOthers sets what stays the same in all evaluations.
func (p *plan) forOthers(l *launch) error {
	return errors.Join(l.buffer("index", p.record), l.buffer("dense", p.dense), l.int("mode", inOrder), l.int("train", 0))
}

// training are the launches of a step but the update.
func (p *plan) training() []*launch {
	return append(append(append([]*launch{}, p.forward...), p.loss), p.backward...)
}

// Where the images of a batch are, as the kernels know it.
const (
	byIndex  = 0
	inOrder  = 1
	uploaded = 2
)

// Close frees all.
func (p *plan) Close() {
	p.c.Close()
	p.ring.unpin()
	if p.failure == nil {
		p.failure = errors.New("the plan is closed")
	}
	p.closed()
}

// optimizer returns the optimizer, whose state is moved.
func (p *plan) optimizer() optimizer.Stateful[float32] {
	return p.work.Optimizer.(optimizer.Stateful[float32])
}

package gpu

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"convbook/pkg/internal/opencl"
)

const (
	window = 16 // steps whose loss was not asked for
	group  = 8  // losses that are read together
)

// ring holds what the steps in flight send and receive: the queue reads and writes this
// memory while the program goes on.
type ring struct {
	size    int // bytes of a record: the indices, then the masks
	records [2 * window][]byte
	images  [window][]float32
	losses  [window]float32

	enqueued, asked, returned int // steps; losses are asked for in groups
	sent                      int // records
	reading                   []*opencl.Event
	ends                      []int // of each reading, the steps it ends with
	pinned                    runtime.Pinner
}

func newRing(batch, size int) ring { return ring{size: max(size, 4*batch)} }

func (r *ring) unpin() { r.pinned.Unpin() }

// nextRecord returns memory for a record, which no step in flight uses.
func (r *ring) nextRecord() []byte {
	record := &r.records[r.sent%len(r.records)]
	r.sent++
	if *record == nil {
		*record = make([]byte, (r.size+3)/4*4)
		r.pinned.Pin(&(*record)[0])
	}
	return *record
}

// Ahead is how many steps may be in flight.
func (p *plan) Ahead() int { return window }

// Launches counts the kernels of a step.
func (p *plan) Launches() int {
	n := len(p.training())
	if p.update != nil {
		n++
	}
	return n
}

// Step enqueues a step.
func (p *plan) Step(indices []int, images []float32, again bool) error {
	if p.failure != nil {
		return fmt.Errorf("gpu: %w", p.failure)
	}
	if err := p.step(indices, images, again); err != nil {
		p.failure = err
		return fmt.Errorf("gpu: %w", err)
	}
	return nil
}

func (p *plan) step(indices []int, images []float32, again bool) error {
	r := &p.ring
	if r.enqueued-r.returned >= window {
		return fmt.Errorf("%d steps wait for their loss", window)
	}
	slot, mode := r.enqueued%window, byIndex
	if images != nil {
		mode = uploaded
		if r.images[slot] == nil {
			r.images[slot] = make([]float32, len(images))
			r.pinned.Pin(&r.images[slot][0])
		}
		copy(r.images[slot], images)
		if err := opencl.WriteLater(p.dense, 0, r.images[slot]); err != nil {
			return err
		}
	}
	for _, l := range p.training() {
		if err := errors.Join(l.int("mode", mode), l.int("slot", slot)); err != nil {
			return err
		}
	}
	if err := errors.Join(p.send(indices), runAll(p.training()), p.runUpdate()); err != nil {
		return err
	}
	if again {
		if err := errors.Join(p.send(indices), runAll(p.forward), p.loss.run()); err != nil {
			return err
		}
	}
	r.enqueued++
	if r.enqueued-r.asked == group && r.enqueued%group == 0 {
		if err := p.ask(); err != nil {
			return err
		}
	}
	return p.c.Flush()
}

// send draws for Dropout, in the order of the layers, and sends the record of a step.
func (p *plan) send(indices []int) error {
	record := p.ring.nextRecord()
	index := unsafe.Slice((*int32)(unsafe.Pointer(&record[0])), p.batch)
	for i, at := range indices {
		index[i] = int32(at)
	}
	for _, u := range p.units {
		for _, a := range u.after {
			if a.dropout == nil {
				continue
			}
			source, ratio := a.dropout.Source(), a.dropout.Ratio
			mask := record[a.mask : a.mask+p.batch*size(u.out)]
			for i := range mask {
				mask[i] = 0
				if source.Rand() > ratio {
					mask[i] = 1
				}
			}
		}
	}
	return opencl.WriteLater(p.record, 0, record[:p.ring.size])
}

func (p *plan) runUpdate() error {
	p.updates++
	if p.update == nil {
		return nil
	}
	v := p.rule.numbers(p.updates)
	return errors.Join(p.update.float("a", v[0]), p.update.float("b", v[1]), p.update.float("c", v[2]), p.update.run())
}

// ask enqueues the reading of all losses that were not asked for. They lie one after the
// other: a group never goes over the end of the ring.
func (p *plan) ask() error {
	r := &p.ring
	for r.asked < r.enqueued {
		at := r.asked % window
		n := min(r.enqueued-r.asked, window-at)
		if r.asked == 0 {
			r.pinned.Pin(&r.losses[0])
		}
		event, err := opencl.ReadLater(p.losses, at, r.losses[at:at+n])
		if err != nil {
			return err
		}
		r.asked += n
		r.reading, r.ends = append(r.reading, event), append(r.ends, r.asked)
	}
	return nil
}

// Loss returns the oldest loss.
func (p *plan) Loss() (float64, error) {
	r := &p.ring
	if p.failure != nil {
		return 0, fmt.Errorf("gpu: %w", p.failure)
	}
	if r.returned == r.enqueued {
		return 0, errors.New("gpu: no step waits for its loss")
	}
	err := error(nil)
	if r.returned >= r.asked {
		err = p.ask()
	}
	if err == nil {
		err = r.reading[0].Wait() // at once where it has been waited for
	}
	if err != nil {
		p.failure = err
		return 0, fmt.Errorf("gpu: %w", err)
	}
	loss := r.losses[r.returned%window]
	r.returned++
	if r.returned == r.ends[0] {
		r.reading, r.ends = r.reading[1:], r.ends[1:]
	}
	return float64(loss), nil
}

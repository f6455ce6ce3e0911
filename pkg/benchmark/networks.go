package main

import (
	"fmt"

	"convbook/pkg/benchmark/internal/ours"
	"convbook/pkg/benchmark/internal/peers"
	"convbook/pkg/benchmark/internal/report"
	"convbook/pkg/benchmark/internal/work"
)

// The works by the names that tables have for them.
const (
	assignment = "the assignment's step"
	book       = "the book's step"
	deep       = "DeepConvNet's step"
	evaluation = "10,000 images evaluated"
)

// network measures a step or an evaluation of a network.
func (b *bench) network(name, title string, w work.Work) error {
	var cs []contender
	for _, c := range b.cores {
		cs = append(cs, inGo(report.Convbook, c, ours.New(w).Do), peak(c, w.Operations()))
	}
	cs = append(cs, b.networkPeers(w)...)
	if err := b.compare(name, title, w.Operations(), b.o.slice, cs); err != nil {
		return err
	}
	if last := &b.report.Works[len(b.report.Works)-1]; w.Kind == work.Evaluation && b.report.Peers != nil {
		last.Note = fmt.Sprintf("NumPy takes %d of the images, PyTorch %d, their times are in proportion.",
			b.images(peers.NumpyClass, w), b.images(peers.Torch, w))
	}
	return nil
}

// networkPeers are all peers on one core and on all. One trial for each is enough.
func (b *bench) networkPeers(w work.Work) []contender {
	if b.report.Peers == nil {
		return nil
	}
	trial := ours.Trial(w)
	wanted := func(cores int) []float64 {
		if cores == b.all() {
			return trial
		}
		return nil
	}
	var cs []contender
	for _, c := range b.torchCores() {
		for _, peer := range []string{peers.Torch, peers.TorchChannelsLast} {
			cs = append(cs, b.part(peer, c, w, wanted(c)))
		}
	}
	for _, c := range b.cores {
		for _, peer := range []string{peers.NumpyFloat32, peers.NumpyClass} {
			numpy := b.part(peer, c, w, wanted(c))
			numpy.run.Once = b.o.quick && peer == peers.NumpyClass
			cs = append(cs, numpy)
		}
	}
	return cs
}

// part is a peer with as many images as it takes.
func (b *bench) part(peer string, cores int, w work.Work, want []float64) contender {
	all := w.Images
	w.Images = b.images(peer, w)
	c := b.peer(peer, cores, w, want)
	c.scale = float64(all) / float64(w.Images)
	return c
}

// images is how many images a peer takes: in an evaluation not all of them where
// that would be too long.
func (b *bench) images(peer string, w work.Work) int {
	numpy := peer == peers.NumpyClass || peer == peers.NumpyFloat32
	switch {
	case w.Kind != work.Evaluation:
		return w.Images
	case numpy && b.o.quick:
		return 200
	case numpy:
		return 500
	case b.o.quick:
		return 2000
	}
	return w.Images
}

package main

import (
	"fmt"

	"convbook/pkg/benchmark/internal/ours"
	"convbook/pkg/benchmark/internal/peers"
	"convbook/pkg/benchmark/internal/report"
	"convbook/pkg/benchmark/internal/work"
)

// network measures a step or an evaluation of a network.
func (s *session) network(name, title string, w work.Work) error {
	var cs []contender
	for _, c := range s.cores {
		cs = append(cs, inGo(report.Convbook, c, ours.New(w).Do), peak(c, w.Operations()))
	}
	cs = append(cs, s.networkPeers(w)...)
	if err := s.compare(name, title, w.Operations(), s.o.slice, cs); err != nil {
		return err
	}
	if last := &s.report.Works[len(s.report.Works)-1]; w.Kind == work.Evaluation && s.report.Peers != nil {
		last.Note = fmt.Sprintf("NumPy takes %d of the images, PyTorch %d, their times are in proportion.",
			s.images(peers.NumpyClass, w), s.images(peers.Torch, w))
	}
	return nil
}

// networkPeers are all peers on one core and on all. One trial for each is enough.
func (s *session) networkPeers(w work.Work) []contender {
	if s.report.Peers == nil {
		return nil
	}
	trial := ours.Trial(w)
	wanted := func(cores int) []float64 {
		if cores == s.all() {
			return trial
		}
		return nil
	}
	var cs []contender
	for _, c := range s.torchCores() {
		for _, peer := range []string{peers.Torch, peers.TorchChannelsLast} {
			cs = append(cs, s.part(peer, c, w, wanted(c)))
		}
	}
	for _, c := range s.cores {
		for _, peer := range []string{peers.NumpyFloat32, peers.NumpyClass} {
			numpy := s.part(peer, c, w, wanted(c))
			numpy.run.Once = s.o.quick && peer == peers.NumpyClass
			cs = append(cs, numpy)
		}
	}
	return cs
}

// part is a peer with as many images as it takes.
func (s *session) part(peer string, cores int, w work.Work, want []float64) contender {
	all := w.Images
	w.Images = s.images(peer, w)
	c := s.peer(peer, cores, w, want)
	c.scale = float64(all) / float64(w.Images)
	return c
}

// images is how many images a peer takes: in an evaluation not all of them where
// that would be too long.
func (s *session) images(peer string, w work.Work) int {
	numpy := peer == peers.NumpyClass || peer == peers.NumpyFloat32
	switch {
	case w.Kind != work.Evaluation:
		return w.Images
	case numpy && s.o.quick:
		return 200
	case numpy:
		return 500
	case s.o.quick:
		return 2000
	}
	return w.Images
}

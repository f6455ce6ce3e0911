package main

import (
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
	return s.compare(name, title, w.Operations(), s.o.slice, cs)
}

// networkPeers are all peers on one core and on all. One trial for each is enough.
func (s *session) networkPeers(w work.Work) []contender {
	if s.report.Peers == nil {
		return nil
	}
	trial := ours.Trial(w)
	var cs []contender
	for _, c := range s.cores {
		want := trial
		if c != s.all() {
			want = nil
		}
		for _, peer := range []string{peers.Torch, peers.TorchChannelsLast} {
			cs = append(cs, s.part(peer, c, w, want))
		}
		for _, peer := range []string{peers.NumpyFloat32, peers.NumpyClass} {
			numpy := s.part(peer, c, w, want)
			numpy.run.Once = s.o.quick && peer == peers.NumpyClass
			cs = append(cs, numpy)
		}
	}
	return cs
}

// part is a peer that evaluates only some of the images, where all of them would
// take it too long: its time is for all in proportion.
func (s *session) part(peer string, cores int, w work.Work, want []float64) contender {
	images := w.Images
	if w.Kind == work.Evaluation {
		switch {
		case (peer == peers.NumpyClass || peer == peers.NumpyFloat32) && s.o.quick:
			images = 200
		case peer == peers.NumpyClass || peer == peers.NumpyFloat32:
			images = 500
		case s.o.quick:
			images = 2000
		}
	}
	scale := float64(w.Images) / float64(images)
	w.Images = images
	c := s.peer(peer, cores, w, want)
	c.scale = scale
	return c
}

package main

import (
	"slices"

	"convbook/pkg/benchmark/internal/ours"
	"convbook/pkg/benchmark/internal/peers"
	"convbook/pkg/benchmark/internal/report"
	"convbook/pkg/benchmark/internal/work"
	"convbook/pkg/benchmark/measure"
)

// sweeps measures the assignment's step in other sizes, beside PyTorch.
func (b *bench) sweeps() error {
	batches := report.Sweep{Title: "The assignment's step by batch size", Unit: "images in a batch"}
	for _, n := range []int{10, 25, 50, 100, 200, 400} {
		p, err := b.point(n, b.all(), work.Assignment(64, n))
		if err != nil {
			return err
		}
		batches.Points = append(batches.Points, p)
	}
	filters := report.Sweep{Title: "The assignment's step by filters", Unit: "filters"}
	for _, n := range []int{8, 16, 30, 32, 64, 128} {
		p, err := b.point(n, b.all(), work.Assignment(n, 100))
		if err != nil {
			return err
		}
		filters.Points = append(filters.Points, p)
	}
	cores := report.Sweep{Title: "The assignment's step by cores", Unit: "cores"}
	for _, n := range coresUpTo(b.all()) {
		p, err := b.point(n, n, work.Assignment(64, 100))
		if err != nil {
			return err
		}
		cores.Points = append(cores.Points, p)
	}
	b.report.Sweeps = append(b.report.Sweeps, batches, filters, cores)
	return nil
}

// coresUpTo returns 1, 2, 4, … and n.
func coresUpTo(n int) []int {
	var list []int
	for c := 1; c < n; c *= 2 {
		list = append(list, c)
	}
	return append(list, n)
}

// point measures one size, in which PyTorch uses its better layout.
func (b *bench) point(size, cores int, w work.Work) (report.Point, error) {
	cs := []measure.Contender{measure.Func(report.Convbook, cores, ours.New(w).Do)}
	if b.report.Peers != nil {
		for _, peer := range []string{peers.Torch, peers.TorchChannelsLast} {
			c := b.peer(peer, cores, w, nil)
			if c.err == nil {
				cs = append(cs, c.run)
			}
		}
	}
	all, err := measure.Rounds(b.ctx, b.o.rounds, b.o.slice/2, cs)
	if err != nil {
		return report.Point{}, err
	}
	p := report.Point{Size: size, Cores: cores, Images: w.Batch, Ours: all[0].Median()}
	if torch, ok := measure.Best(slices.Clone(all[1:])...); ok {
		p.Torch, p.Ratio = torch.Median(), measure.Ratio(torch, all[0])
	}
	return p, b.forget()
}

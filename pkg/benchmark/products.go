package main

import (
	"fmt"

	"convbook/pkg/benchmark/internal/ours"
	"convbook/pkg/benchmark/internal/peers"
	"convbook/pkg/benchmark/internal/report"
	"convbook/pkg/benchmark/internal/work"
)

// products measures matrix products: squares, and the shapes that the networks
// use.
func (b *bench) products() error {
	for _, p := range []struct {
		what string
		work work.Work
	}{
		{"square", work.Multiply(256, 256, 256, false, false)},
		{"square", work.Multiply(1024, 1024, 1024, false, false)},
		{"first Affine", work.Multiply(100, 50, 9216, false, false)},
		{"gradient of its input", work.Multiply(100, 9216, 50, false, true)},
		{"gradient of its weights", work.Multiply(9216, 50, 100, true, false)},
		{"convolution by im2col", work.Multiply(57600, 64, 25, false, true)},
		{"one of DeepConvNet's", work.Multiply(25600, 32, 288, false, true)},
	} {
		w := p.work
		matrices := ours.NewProduct(w)
		sum := matrices.Sum()
		var cs []contender
		for _, c := range b.cores {
			cs = append(cs, inGo(report.Convbook, c, ours.NewProduct(w).Do), inGo(report.Gonum, c, ours.NewGonum(w).Do), peak(c, w.Operations()))
			if b.report.Peers != nil {
				cs = append(cs, b.peer(peers.NumpyFloat32, c, w, []float64{sum}))
			}
		}
		if b.report.Peers != nil {
			for _, c := range b.torchCores() {
				cs = append(cs, b.peer(peers.Torch, c, w, []float64{sum}))
			}
		}
		title := fmt.Sprintf("%s: %dx%d by %dx%d", p.what, w.M, w.K, w.K, w.N)
		if err := b.compare("product", title, w.Operations(), b.o.slice/4, cs); err != nil {
			return err
		}
	}
	return nil
}

package main

import (
	"time"

	"convbook/pkg/benchmark/internal/ours"
	"convbook/pkg/benchmark/internal/report"
	"convbook/pkg/benchmark/machine"
	"convbook/pkg/benchmark/measure"
)

// moved are the sizes of memory whose bandwidth is measured: one that fits into
// the caches of a core, one that fits into the last cache of most machines, and
// one that fits nowhere but on the largest.
var moved = []int{256 << 10, 16 << 20, 256 << 20}

// kernels measures the loops on one core, each beside moving bytes within as much
// memory as it touches, and what the machine can do on one core and on all.
func (b *bench) kernels() error {
	if err := b.limits(); err != nil {
		return err
	}
	do, operations := machine.Peak(1)
	for _, k := range ours.Kernels() {
		axpy, moved := machine.Axpy(1, k.Footprint)
		all, err := measure.Rounds(b.ctx, b.o.rounds, b.o.slice/5, []measure.Contender{
			measure.Func(k.Name, 1, k.Do), measure.Func("peak", 1, do), measure.Func("axpy", 1, axpy)})
		if err != nil {
			return err
		}
		b.report.Kernels = append(b.report.Kernels, report.Kernel{
			Name: k.Name, Operations: k.Operations, Bytes: k.Bytes, Seconds: all[0].Median(),
			Arithmetic: k.Operations / operations * all[1].Median(), Traffic: k.Bytes / moved * all[2].Median()})
	}
	return nil
}

func (b *bench) limits() error {
	const slice = 50 * time.Millisecond
	for _, c := range b.cores {
		do, operations := machine.Peak(c)
		cs := []measure.Contender{measure.Func("peak", c, do)}
		var unit []float64
		for _, bytes := range moved {
			do, n := machine.Axpy(c, bytes)
			cs, unit = append(cs, measure.Func("axpy", c, do)), append(unit, n)
		}
		all, err := measure.Rounds(b.ctx, b.o.rounds, slice, cs)
		if err != nil {
			return err
		}
		l := report.Limit{Cores: c, GFLOPS: operations / all[0].Median() / 1e9}
		for i, bytes := range moved {
			l.Bandwidths = append(l.Bandwidths, report.Bandwidth{Bytes: bytes, GBs: unit[i] / all[i+1].Median() / 1e9})
		}
		b.report.Limits = append(b.report.Limits, l)
	}
	return nil
}

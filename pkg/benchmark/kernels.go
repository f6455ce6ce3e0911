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

// kernels measures the loops on one core, and what the machine can do on one and
// on all.
func (s *session) kernels() error {
	if err := s.limits(); err != nil {
		return err
	}
	one := s.report.Limits[0]
	kernels := ours.Kernels()
	cs := []measure.Contender{peak(1, 1).run}
	for _, k := range kernels {
		cs = append(cs, measure.Func(k.Name, 1, k.Do))
	}
	all, err := measure.Rounds(s.ctx, s.o.rounds, s.o.slice/5, cs)
	if err != nil {
		return err
	}
	_, unit := machine.Peak(1)
	perSecond := unit / all[0].Median()
	for i, k := range kernels {
		s.report.Kernels = append(s.report.Kernels, report.Kernel{Name: k.Name, Operations: k.Operations, Bytes: k.Bytes,
			Seconds: all[i+1].Median(), Arithmetic: k.Operations / perSecond, Traffic: k.Bytes / bandwidth(one, k.Bytes)})
	}
	return nil
}

// bandwidth returns the bytes a second that move within so many bytes: those of
// the next larger size that was measured.
func bandwidth(l report.Limit, bytes float64) float64 {
	for _, c := range l.Bandwidths {
		if bytes <= float64(c.Bytes) {
			return c.GBs * 1e9
		}
	}
	return l.Bandwidths[len(l.Bandwidths)-1].GBs * 1e9
}

func (s *session) limits() error {
	const slice = 50 * time.Millisecond
	for _, c := range s.cores {
		do, operations := machine.Peak(c)
		cs := []measure.Contender{measure.Func("peak", c, do)}
		var unit []float64
		for _, bytes := range moved {
			do, n := machine.Axpy(c, bytes)
			cs, unit = append(cs, measure.Func("axpy", c, do)), append(unit, n)
		}
		all, err := measure.Rounds(s.ctx, s.o.rounds, slice, cs)
		if err != nil {
			return err
		}
		l := report.Limit{Cores: c, GFLOPS: operations / all[0].Median() / 1e9}
		for i, bytes := range moved {
			l.Bandwidths = append(l.Bandwidths, report.Bandwidth{Bytes: bytes, GBs: unit[i] / all[i+1].Median() / 1e9})
		}
		s.report.Limits = append(s.report.Limits, l)
	}
	return nil
}

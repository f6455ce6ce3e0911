package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"time"

	"convbook/pkg/benchmark/internal/peers"
	"convbook/pkg/benchmark/internal/report"
	"convbook/pkg/benchmark/internal/work"
	"convbook/pkg/benchmark/machine"
	"convbook/pkg/benchmark/measure"
)

// bench is one run of the benchmark.
type bench struct {
	ctx    context.Context
	o      options
	log    io.Writer
	report *report.Report
	cores  []int // 1 and all

	python string
	numpy  map[int]*peers.Process // by number of threads
	torch  *peers.Process
}

func newBench(ctx context.Context, o options, log io.Writer) *bench {
	return &bench{ctx: ctx, o: o, log: log, cores: slices.Compact([]int{1, runtime.GOMAXPROCS(0)}),
		report: &report.Report{Machine: machine.Describe(), Rounds: o.rounds}, numpy: map[int]*peers.Process{}}
}

// all is the number of cores that the program may use.
func (b *bench) all() int { return b.cores[len(b.cores)-1] }

// torchCores are the numbers of threads that PyTorch may choose from.
func (b *bench) torchCores() []int {
	list := slices.Clone(b.cores)
	if n := b.report.Peers.TorchThreads; n > 1 && n < b.all() {
		list = slices.Insert(list, 1, n)
	}
	return list
}

func (b *bench) close() {
	for _, p := range b.numpy {
		p.Close()
	}
	if b.torch != nil {
		b.torch.Close()
	}
}

// run measures the chosen rows, each with a line on the log.
func (b *bench) run() error {
	if b.o.peers && slices.ContainsFunc(b.o.rows, func(row string) bool { return !slices.Contains(alone, row) }) {
		if err := b.startPeers(); err != nil {
			return err
		}
	}
	for i, row := range b.o.rows {
		fmt.Fprintf(b.log, "%d of %d: %s\n", i+1, len(b.o.rows), row)
		if err := b.measure(row); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) measure(row string) error {
	switch row {
	case "assignment":
		return b.network(row, assignment, work.Assignment(64, 100))
	case "book":
		return b.network(row, book, work.Book())
	case "deep":
		return b.network(row, deep, work.Deep())
	case "sigmoid":
		return b.network(row, "a step with Sigmoid", work.Sigmoid())
	case "norm":
		return b.network(row, "a step with batch normalisation", work.Norm())
	case "evaluation":
		return b.network(row, evaluation, work.Evaluate(work.Assignment(64, 100), 10_000))
	case "product":
		return b.products()
	case "kernels":
		return b.kernels()
	case "memory":
		return b.memory()
	case "sweeps":
		return b.sweeps()
	case "scaling":
		return b.scaling()
	}
	panic("no such row: " + row)
}

// startPeers starts NumPy and PyTorch. That there are none is no error: the report
// says why, and goes without.
func (b *bench) startPeers() error {
	err := b.tryPeers()
	if b.ctx.Err() != nil {
		return context.Cause(b.ctx)
	}
	if err != nil {
		b.close()
		b.numpy, b.torch, b.report.Peers = map[int]*peers.Process{}, nil, nil
		b.report.NoPeers = err.Error()
		fmt.Fprintf(b.log, "without NumPy and PyTorch: %v\n", err)
	}
	return nil
}

func (b *bench) tryPeers() (err error) {
	if b.python = b.o.python; b.python == "" {
		if b.python, err = peers.Find(b.ctx, b.log); err != nil {
			return err
		}
	}
	for _, c := range b.cores {
		if b.numpy[c], err = peers.Start(b.ctx, b.python, c); err != nil {
			delete(b.numpy, c)
			return err
		}
		if _, err := b.numpy[c].Hello(false); err != nil {
			return err
		}
	}
	if b.torch, err = peers.Start(b.ctx, b.python, 0); err != nil {
		b.torch = nil
		return err
	}
	versions, err := b.torch.Hello(true)
	b.report.Peers = &versions
	return err
}

// process returns the process in which a peer works on so many cores, nil without
// peers.
func (b *bench) process(peer string, cores int) *peers.Process {
	if peer == peers.Torch || peer == peers.TorchChannelsLast {
		return b.torch
	}
	return b.numpy[cores]
}

// contender is somebody who does a piece of work on a number of cores.
type contender struct {
	by    string
	cores int
	scale float64 // of its times, where it does only a part of the work
	run   measure.Contender
	err   error // it cannot take part
}

// inGo returns a contender in this process.
func inGo(by string, cores int, do func()) contender {
	return contender{by: by, cores: cores, scale: 1, run: measure.Func(by, cores, do)}
}

// peak returns the contender that does so many operations in registers alone.
func peak(cores int, operations float64) contender {
	do, unit := machine.Peak(cores)
	c := inGo(report.Peak, cores, do)
	c.scale = operations / unit
	return c
}

// peer returns a contender in a Python process, after a trial: its results must be
// those that are wanted.
func (b *bench) peer(peer string, cores int, w work.Work, want []float64) contender {
	c := contender{by: peer, cores: cores, scale: 1}
	p := b.process(peer, cores)
	key := fmt.Sprint(peer, cores)
	if c.err = p.Prepare(key, peer, w, cores); c.err != nil {
		return c
	}
	if want != nil {
		if c.err = agrees(p, key, want); c.err != nil {
			return c
		}
	}
	c.run = measure.Contender{Name: peer, Run: func(_ context.Context, d time.Duration) ([]float64, error) { return p.Run(key, d) }}
	return c
}

// tolerance is how far results may differ, relative: losses and sums in float32 do
// by less than a thousandth of it.
const tolerance = 1e-3

// agrees makes sure that prepared work gives the results that convbook gives.
func agrees(p *peers.Process, key string, want []float64) error {
	got, err := p.Trial(key)
	if err != nil {
		return err
	}
	ok := len(got) == len(want)
	for i := range min(len(got), len(want)) {
		ok = ok && math.Abs(got[i]-want[i]) <= tolerance*math.Abs(want[i])
	}
	if !ok {
		return fmt.Errorf("it computes something else: %v, convbook %v", got, want)
	}
	return nil
}

// compare measures contenders and adds the work to the report.
func (b *bench) compare(name, title string, operations float64, slice time.Duration, cs []contender) error {
	var fit []measure.Contender
	for _, c := range cs {
		if c.err == nil {
			fit = append(fit, c.run)
		}
	}
	all, err := measure.Rounds(b.ctx, b.o.rounds, slice, fit)
	if err != nil {
		return err
	}
	w := report.Work{Name: name, Title: title, Operations: operations}
	for _, c := range cs {
		e := report.Entry{By: c.by, Cores: c.cores}
		if c.err == nil {
			for _, seconds := range all[0].Rounds {
				e.Seconds = append(e.Seconds, seconds*c.scale)
			}
			c.err, e.Median = all[0].Err, measure.Median(e.Seconds)
			all = all[1:]
		}
		if c.err != nil {
			e = report.Entry{By: c.by, Cores: c.cores, Error: c.err.Error()}
		}
		w.Entries = append(w.Entries, e)
	}
	b.report.Works = append(b.report.Works, w)
	return b.forget()
}

// forget frees what the peers prepared. A process that ended says so where it is
// used next.
func (b *bench) forget() error {
	if b.ctx.Err() != nil {
		return context.Cause(b.ctx)
	}
	if b.report.Peers == nil {
		return nil
	}
	problems := []error{b.torch.Forget()}
	for _, p := range b.numpy {
		problems = append(problems, p.Forget())
	}
	if err := errors.Join(problems...); err != nil {
		fmt.Fprintln(b.log, err)
	}
	return nil
}

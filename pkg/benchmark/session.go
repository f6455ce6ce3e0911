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

// session is one run of the benchmark.
type session struct {
	ctx    context.Context
	o      options
	log    io.Writer
	report *report.Report
	cores  []int // 1 and all

	python string
	numpy  map[int]*peers.Process // by number of threads
	torch  *peers.Process
}

func newSession(ctx context.Context, o options, log io.Writer) *session {
	return &session{ctx: ctx, o: o, log: log, cores: slices.Compact([]int{1, runtime.GOMAXPROCS(0)}),
		report: &report.Report{Machine: machine.Describe(), Rounds: o.rounds}, numpy: map[int]*peers.Process{}}
}

// all is the number of cores that the program may use.
func (s *session) all() int { return s.cores[len(s.cores)-1] }

// torchCores are the numbers of threads that PyTorch may choose from.
func (s *session) torchCores() []int {
	list := slices.Clone(s.cores)
	if n := s.report.Peers.TorchThreads; n > 1 && n < s.all() {
		list = slices.Insert(list, 1, n)
	}
	return list
}

func (s *session) close() {
	for _, p := range s.numpy {
		p.Close()
	}
	if s.torch != nil {
		s.torch.Close()
	}
}

// run measures the chosen rows, each with a line on the log.
func (s *session) run() error {
	if s.o.peers && slices.ContainsFunc(s.o.rows, func(row string) bool { return row != "kernels" }) {
		if err := s.startPeers(); err != nil {
			return err
		}
	}
	for i, row := range s.o.rows {
		fmt.Fprintf(s.log, "%d of %d: %s\n", i+1, len(s.o.rows), row)
		if err := s.measure(row); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) measure(row string) error {
	switch row {
	case "assignment":
		return s.network(row, "the assignment's step", work.Assignment(64, 100))
	case "book":
		return s.network(row, "the book's step", work.Book())
	case "deep":
		return s.network(row, "DeepConvNet's step", work.Deep())
	case "evaluation":
		return s.network(row, "10,000 images evaluated", work.Evaluate(work.Assignment(64, 100), 10_000))
	case "product":
		return s.products()
	case "kernels":
		return s.kernels()
	case "memory":
		return s.memory()
	case "sweeps":
		return s.sweeps()
	}
	panic("no such row: " + row)
}

// startPeers starts NumPy and PyTorch. That there are none is no error: the report
// says why, and goes without.
func (s *session) startPeers() error {
	err := s.tryPeers()
	if s.ctx.Err() != nil {
		return context.Cause(s.ctx)
	}
	if err != nil {
		s.close()
		s.numpy, s.torch, s.report.Peers = map[int]*peers.Process{}, nil, nil
		s.report.NoPeers = err.Error()
		fmt.Fprintf(s.log, "without NumPy and PyTorch: %v\n", err)
	}
	return nil
}

func (s *session) tryPeers() (err error) {
	if s.python = s.o.python; s.python == "" {
		if s.python, err = peers.Find(s.ctx, s.log); err != nil {
			return err
		}
	}
	for _, c := range s.cores {
		if s.numpy[c], err = peers.Start(s.ctx, s.python, c); err != nil {
			delete(s.numpy, c)
			return err
		}
		if _, err := s.numpy[c].Hello(false); err != nil {
			return err
		}
	}
	if s.torch, err = peers.Start(s.ctx, s.python, 0); err != nil {
		s.torch = nil
		return err
	}
	versions, err := s.torch.Hello(true)
	s.report.Peers = &versions
	return err
}

// process returns the process in which a peer works on so many cores, nil without
// peers.
func (s *session) process(peer string, cores int) *peers.Process {
	if peer == peers.Torch || peer == peers.TorchChannelsLast {
		return s.torch
	}
	return s.numpy[cores]
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
func (s *session) peer(peer string, cores int, w work.Work, want []float64) contender {
	c := contender{by: peer, cores: cores, scale: 1}
	p := s.process(peer, cores)
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
func (s *session) compare(name, title string, operations float64, slice time.Duration, cs []contender) error {
	var fit []measure.Contender
	for _, c := range cs {
		if c.err == nil {
			fit = append(fit, c.run)
		}
	}
	all, err := measure.Rounds(s.ctx, s.o.rounds, slice, fit)
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
	s.report.Works = append(s.report.Works, w)
	return s.forget()
}

// forget frees what the peers prepared. A process that ended says so where it is
// used next.
func (s *session) forget() error {
	if s.ctx.Err() != nil {
		return context.Cause(s.ctx)
	}
	if s.report.Peers == nil {
		return nil
	}
	problems := []error{s.torch.Forget()}
	for _, p := range s.numpy {
		problems = append(problems, p.Forget())
	}
	if err := errors.Join(problems...); err != nil {
		fmt.Fprintln(s.log, err)
	}
	return nil
}

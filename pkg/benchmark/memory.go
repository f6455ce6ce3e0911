package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"convbook/pkg/benchmark/internal/ours"
	"convbook/pkg/benchmark/internal/peers"
	"convbook/pkg/benchmark/internal/report"
	"convbook/pkg/benchmark/internal/work"
	"convbook/pkg/benchmark/machine"
)

// memoryVariable is set for the program when it starts itself to train alone.
const memoryVariable = "CONVBOOK_BENCHMARK_MEMORY"

// memorySteps is enough for every buffer to be there.
const memorySteps = 50

// trainForMemory trains the assignment's network and prints the peak memory before
// and after, in bytes; zeros where the system does not tell.
func trainForMemory(out io.Writer) {
	before, _ := machine.PeakMemory()
	n := ours.New(work.Assignment(64, 100))
	for range memorySteps {
		n.Do()
	}
	after, _ := machine.PeakMemory()
	fmt.Fprintln(out, before, after)
}

// memory measures the peak memory of programs that train, each alone in a process,
// and what a step takes from Go's heap.
func (b *bench) memory() error {
	if _, ok := machine.PeakMemory(); ok {
		m, err := b.ownMemory()
		if err != nil {
			return err
		}
		b.report.Memory = append(b.report.Memory, m)
		if err := b.peersMemory(); err != nil {
			return err
		}
	}
	for _, n := range []struct {
		title string
		work  work.Work
	}{{assignment, work.Assignment(64, 100)}, {book, work.Book()}, {deep, work.Deep()}} {
		blocks, bytes := ours.Allocations(n.work)
		b.report.Blocks = append(b.report.Blocks, report.Blocks{Title: n.title, Blocks: blocks, Bytes: bytes})
	}
	return b.ctx.Err()
}

func (b *bench) ownMemory() (report.Memory, error) {
	m := report.Memory{By: report.Convbook}
	program, err := os.Executable()
	if err != nil {
		return m, err
	}
	cmd := exec.CommandContext(b.ctx, program)
	cmd.Env = append(os.Environ(), memoryVariable+"=1")
	out, err := cmd.Output()
	if err != nil {
		return m, fmt.Errorf("the program that trains for its peak memory: %w", err)
	}
	m.Start, m.Bytes, err = twoNumbers(string(out))
	return m, err
}

func twoNumbers(text string) (a, b int, err error) {
	words := strings.Fields(text)
	if len(words) != 2 {
		return 0, 0, fmt.Errorf("the program that trains for its peak memory printed %q", text)
	}
	if a, err = strconv.Atoi(words[0]); err == nil {
		b, err = strconv.Atoi(words[1])
	}
	return a, b, err
}

func (b *bench) peersMemory() error {
	if b.report.Peers == nil {
		return nil
	}
	for _, peer := range []string{peers.Torch, peers.NumpyFloat32, peers.NumpyClass} {
		m, err := b.peerMemory(peer)
		if b.ctx.Err() != nil {
			return b.ctx.Err()
		}
		if err != nil {
			fmt.Fprintf(b.log, "memory of %s: %v\n", peer, err)
			continue
		}
		b.report.Memory = append(b.report.Memory, m)
	}
	return nil
}

func (b *bench) peerMemory(peer string) (m report.Memory, err error) {
	p, err := peers.Start(b.ctx, b.python, b.all())
	if err != nil {
		return m, err
	}
	defer p.Close()
	m.By = peer
	if _, err := p.Hello(peer == peers.Torch); err != nil {
		return m, err
	}
	if m.Start, err = p.Memory(); err != nil {
		return m, err
	}
	if err := p.Prepare(peer, peer, work.Assignment(64, 100), b.all()); err != nil {
		return m, err
	}
	if _, err := p.Run(peer, 500*time.Millisecond); err != nil {
		return m, err
	}
	m.Bytes, err = p.Memory()
	return m, err
}

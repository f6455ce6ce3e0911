package distributed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"convbook/pkg/dataset"
)

// roleVariable tells a started process which call of Train is its own, and its
// rank there: "2/1" is process 1 of the second call.
const roleVariable = "CONVBOOK_DISTRIBUTED"

// role is what this process has to do in a call of Train.
type role struct {
	rank int
	skip bool // it belongs to a later call
}

var calls atomic.Int64

// nextCall counts the calls of Train and gives this process's role in the
// current one.
func nextCall() (role, error) {
	call := calls.Add(1)
	value := os.Getenv(roleVariable)
	if value == "" {
		return role{}, nil
	}
	own, rank, ok := strings.Cut(value, "/")
	ownCall, err := strconv.ParseInt(own, 10, 64)
	number, err2 := strconv.Atoi(rank)
	if !ok || err != nil || err2 != nil || number < 1 || number >= Shards {
		return role{}, fmt.Errorf("distributed.Train: %s is %q; Train sets it for the processes that it starts: unset it", roleVariable, value)
	}
	return role{rank: number, skip: call < ownCall}, nil
}

// The pipes of a started process, after stdin, stdout and stderr.
const (
	pipeIn  = 3
	pipeOut = 4
)

// serve is the life of a started process.
func serve(net Network, set *dataset.Set, c Config, rank int) {
	l := &link{rank: rank, in: os.NewFile(pipeIn, "in"), out: os.NewFile(pipeOut, "out"), throttle: c.Throttle}
	if err := follow(net, set, c, rank, l); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// processes are the other processes of a training.
type processes struct {
	links    []*link
	commands []*exec.Cmd
	errors   []*bytes.Buffer
	pipes    []*os.File
	cores    int // GOMAXPROCS of this process before
}

// start runs this program again, once for each other process, and shares the
// cores among all.
func start(ctx context.Context, c Config) (*processes, error) {
	p := &processes{cores: runtime.GOMAXPROCS(0)}
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("distributed.Train: this program cannot be started again: %w", err)
	}
	share := max(1, p.cores/c.Processes)
	for rank := 1; rank < c.Processes; rank++ {
		if err := p.startOne(ctx, program, rank, share); err != nil {
			p.stop(true)
			return nil, fmt.Errorf("distributed.Train: process %d could not be started: %w", rank, err)
		}
		p.links[rank-1].throttle = c.Throttle
	}
	runtime.GOMAXPROCS(share)
	return p, nil
}

func (p *processes) startOne(ctx context.Context, program string, rank, cores int) error {
	theirIn, in, err := os.Pipe()
	if err != nil {
		return err
	}
	out, theirOut, err := os.Pipe()
	if err != nil {
		theirIn.Close()
		in.Close()
		return err
	}
	p.pipes = append(p.pipes, in, out)
	command := exec.CommandContext(ctx, program, os.Args[1:]...)
	command.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "GONB_") // what it shows belongs into no notebook
	}), fmt.Sprintf("%s=%d/%d", roleVariable, calls.Load(), rank), fmt.Sprint("GOMAXPROCS=", cores))
	command.ExtraFiles = []*os.File{theirIn, theirOut}
	stderr := &bytes.Buffer{}
	command.Stderr = &tail{stderr}
	err = command.Start()
	theirIn.Close()
	theirOut.Close()
	if err != nil {
		return err
	}
	p.commands, p.errors = append(p.commands, command), append(p.errors, stderr)
	p.links = append(p.links, &link{rank: rank, in: out, out: in})
	return nil
}

// stop closes the pipes, waits for the processes, or kills them where the
// training failed, and gives the cores back. It returns what the first process
// that failed by itself had said.
func (p *processes) stop(failed bool) error {
	runtime.GOMAXPROCS(p.cores)
	for _, pipe := range p.pipes {
		pipe.Close()
	}
	var first error
	for i, command := range p.commands {
		if failed {
			command.Process.Kill()
		}
		if err := command.Wait(); err != nil && !failed {
			first = errors.Join(first, fmt.Errorf("distributed.Train: process %d failed: %w: %s", i+1, err, lastLine(p.errors[i].String())))
		}
	}
	return first
}

// each does something with every process, at the same time.
func (p *processes) each(do func(*link) error) error {
	failures := make([]error, len(p.links))
	var all sync.WaitGroup
	for i, l := range p.links {
		all.Go(func() { failures[i] = do(l) })
	}
	all.Wait()
	return p.explain(errors.Join(failures...))
}

// receive reads the sums of the other processes.
func (p *processes) receive(sums [][]float32, numbers int) error {
	return p.each(func(l *link) error {
		sums[l.rank] = make([]float32, numbers)
		return l.receiveFloats(sums[l.rank])
	})
}

// explain adds the last words of processes that ended.
func (p *processes) explain(err error) error {
	if err == nil {
		return nil
	}
	for i, command := range p.commands {
		command.Process.Kill()
		command.Wait()
		if line := lastLine(p.errors[i].String()); line != "" {
			err = fmt.Errorf("%w (process %d: %s)", err, i+1, line)
		}
	}
	return err
}

func (p *processes) bytes() int64 {
	var sum int64
	for _, l := range p.links {
		sum += l.bytes
	}
	return sum
}

// tail keeps the last few thousand bytes of what is written.
type tail struct{ buffer *bytes.Buffer }

func (t *tail) Write(data []byte) (int, error) {
	t.buffer.Write(data)
	if extra := t.buffer.Len() - 4096; extra > 0 {
		t.buffer.Next(extra)
	}
	return len(data), nil
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

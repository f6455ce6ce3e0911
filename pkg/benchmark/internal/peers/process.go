package peers

import (
	"bufio"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"convbook/pkg/benchmark/internal/work"
	"convbook/pkg/system/process"
)

//go:embed python/*.py
var files embed.FS

// script is what a process runs: the files of the folder python as one program, so
// that nothing need be written anywhere. answers.py describes requests and answers.
var script = func() string {
	text := ""
	for _, name := range []string{"drawing", "numpy_class", "pytorch", "answers"} {
		file, err := files.ReadFile("python/" + name + ".py")
		if err != nil {
			panic(err)
		}
		text += string(file) + "\n"
	}
	return text
}()

// The peers.
const (
	NumpyClass        = "numpy-class"         // as the class runs it
	NumpyFloat32      = "numpy-float32"       // the same algorithm at its best
	Torch             = "torch"               // images with channels first
	TorchChannelsLast = "torch-channels-last" // PyTorch's other layout
)

// Versions says what a process runs.
type Versions struct {
	Python string `json:"python"`
	Numpy  string `json:"numpy"`
	Blas   string `json:"blas"` // of NumPy
	Torch  string `json:"torch,omitempty"`

	// TorchThreads is how many threads PyTorch takes by itself: often one for each
	// core, where a core runs two.
	TorchThreads int `json:"torch_threads,omitempty"`
}

// Process is a Python process that does work for one caller at a time.
type Process struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	stderr *tail
	end    sync.Once
}

// Start starts a process. Its NumPy uses so many threads, with 0 as many as it
// likes; PyTorch is told for each piece of work. The process ends with ctx.
func Start(ctx context.Context, python string, threads int) (*Process, error) {
	p := &Process{cmd: exec.CommandContext(ctx, python, "-I", "-u", "-c", script), stderr: &tail{}}
	p.cmd.Env = environmentOf(os.Environ(), threads)
	p.cmd.Stderr = p.stderr
	process.OwnGroup(p.cmd)
	p.cmd.WaitDelay = time.Second
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.in, p.out = in, bufio.NewReader(out)
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("the Python of the peers does not start: %w", err)
	}
	return p, nil
}

// environmentOf adds what gives the peers their best: the number of threads, and
// memory that is kept once it is there. With glibc's defaults NumPy and PyTorch
// give large blocks back to the system after each step and take them anew, page by
// page.
func environmentOf(env []string, threads int) []string {
	set := map[string]string{"MALLOC_TRIM_THRESHOLD_": "4000000000", "MALLOC_MMAP_THRESHOLD_": "4000000000", "MALLOC_MMAP_MAX_": "0"}
	for _, name := range []string{"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"} {
		set[name] = strconv.Itoa(threads)
	}
	env = slices.DeleteFunc(slices.Clone(env), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		_, ours := set[name]
		return ours
	})
	for name, value := range set {
		if value != "0" || name == "MALLOC_MMAP_MAX_" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

type request struct {
	Do      string     `json:"do"`
	Torch   bool       `json:"torch"`
	Key     string     `json:"key,omitempty"`
	Peer    string     `json:"peer,omitempty"`
	Work    *work.Work `json:"work,omitempty"`
	Threads int        `json:"threads"`
	Seconds float64    `json:"seconds"`
}

type answer struct {
	Error   string    `json:"error"`
	Seconds []float64 `json:"seconds"`
	Values  []float64 `json:"values"`
	Bytes   int       `json:"bytes"`
	Versions
}

// ask sends a request and waits for its answer.
func (p *Process) ask(r request) (a answer, err error) {
	text, err := json.Marshal(r)
	if err != nil {
		return a, err
	}
	if _, err = p.in.Write(append(text, '\n')); err != nil {
		return a, p.ended(err)
	}
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return a, p.ended(err)
	}
	if err := json.Unmarshal(line, &a); err != nil {
		return a, fmt.Errorf("the peer answered %q: %w", shorten(line), err)
	}
	if a.Error != "" {
		return a, errors.New("in Python: " + a.Error)
	}
	return a, nil
}

// ended says why a process no longer answers.
func (p *Process) ended(err error) error {
	p.Close() // now all it said is here
	if last := p.stderr.last(); last != "" {
		return fmt.Errorf("the peer ended: %s", last)
	}
	return fmt.Errorf("the peer ended: %w", err)
}

func shorten(line []byte) string { return string(line[:min(len(line), 80)]) }

// Hello returns the versions of what the process runs; where torch is false it
// does not load PyTorch.
func (p *Process) Hello(torch bool) (Versions, error) {
	a, err := p.ask(request{Do: "hello", Torch: torch})
	return a.Versions, err
}

// Prepare makes work ready under a name, for a peer with so many threads.
func (p *Process) Prepare(key, peer string, w work.Work, threads int) error {
	_, err := p.ask(request{Do: "prepare", Key: key, Peer: peer, Work: &w, Threads: threads})
	return err
}

// Run does work that was prepared for about d, at least once, and returns how long
// each time took, in seconds.
func (p *Process) Run(key string, d time.Duration) ([]float64, error) {
	a, err := p.ask(request{Do: "run", Key: key, Seconds: d.Seconds()})
	if err != nil {
		return nil, err
	}
	if len(a.Seconds) == 0 || slices.ContainsFunc(a.Seconds, func(s float64) bool { return !(s > 0) || math.IsInf(s, 0) }) {
		return nil, fmt.Errorf("the peer answered with the times %v", a.Seconds)
	}
	return a.Seconds, nil
}

// Trial returns the losses of the first batch before and after one update, without
// dropout; of a product the sum of its elements.
func (p *Process) Trial(key string) ([]float64, error) {
	a, err := p.ask(request{Do: "trial", Key: key})
	return a.Values, err
}

// Forget frees all work that was prepared.
func (p *Process) Forget() error {
	_, err := p.ask(request{Do: "forget"})
	return err
}

// Memory returns the most memory that the process has held, in bytes; 0 where the
// system does not tell.
func (p *Process) Memory() (int, error) {
	a, err := p.ask(request{Do: "memory"})
	return a.Bytes, err
}

// Close ends the process.
func (p *Process) Close() {
	p.end.Do(func() {
		p.in.Close()
		kill := time.AfterFunc(2*time.Second, func() { p.cmd.Cancel() })
		p.cmd.Wait()
		kill.Stop()
	})
}

// tail keeps the end of what is written to it.
type tail struct{ text []byte }

func (t *tail) Write(b []byte) (int, error) {
	t.text = append(t.text, b...)
	t.text = t.text[max(0, len(t.text)-4096):]
	return len(b), nil
}

// last returns the last line.
func (t *tail) last() string {
	lines := strings.Split(strings.TrimSpace(string(t.text)), "\n")
	return lines[len(lines)-1]
}

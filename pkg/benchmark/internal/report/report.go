package report

import (
	"encoding/json"
	"io"
	"math"
	"slices"
	"strings"

	"convbook/pkg/benchmark/internal/peers"
	"convbook/pkg/benchmark/machine"
	"convbook/pkg/benchmark/measure"
)

// Report is all that a run of the benchmark measured.
type Report struct {
	Machine machine.Info    `json:"machine"`
	Peers   *peers.Versions `json:"peers,omitempty"`
	NoPeers string          `json:"no_peers,omitempty"` // why there are none
	Rounds  int             `json:"rounds"`
	Limits  []Limit         `json:"limits,omitempty"`
	Works   []Work          `json:"works,omitempty"`
	Kernels []Kernel        `json:"kernels,omitempty"`
	Memory  []Memory        `json:"memory,omitempty"`
	Blocks  []Blocks        `json:"allocations,omitempty"`
	Sweeps  []Sweep         `json:"sweeps,omitempty"`
	Scaling []Scaling       `json:"scaling,omitempty"`
}

// Limit is what a number of cores can reach at most.
type Limit struct {
	Cores      int         `json:"cores"`
	GFLOPS     float64     `json:"gflops"` // multiplying and adding in registers alone
	Bandwidths []Bandwidth `json:"bandwidths"`
}

// Bandwidth is how fast numbers are read and written within so many bytes.
type Bandwidth struct {
	Bytes int     `json:"bytes"`
	GBs   float64 `json:"gb_per_s"`
}

// Contenders by name.
const (
	Convbook = "convbook"
	Gonum    = "gonum"
	Peak     = "peak" // the work's operations in registers alone: its floor
)

// Work is one piece of work and how long each contender took.
type Work struct {
	Name       string  `json:"name"`
	Title      string  `json:"title"`
	Operations float64 `json:"operations"` // floating-point operations that it needs
	Entries    []Entry `json:"entries"`
	Note       string  `json:"note,omitempty"` // what the reader must know
}

// Entry is what one contender took for a piece of work on a number of cores.
type Entry struct {
	By      string    `json:"by"`
	Cores   int       `json:"cores"`
	Seconds []float64 `json:"seconds,omitempty"` // the median of each round
	Median  float64   `json:"median_seconds,omitempty"`
	Error   string    `json:"error,omitempty"`
}

// Times returns the rounds in the form that package measure compares.
func (e Entry) Times() measure.Times { return measure.Times{Name: e.By, Rounds: e.Seconds} }

// Of returns the entry of a contender on exactly so many cores.
func (w Work) Of(by string, cores int) (Entry, bool) {
	i := slices.IndexFunc(w.Entries, func(e Entry) bool { return e.By == by && e.Cores == cores && len(e.Seconds) > 0 })
	if i < 0 {
		return Entry{}, false
	}
	return w.Entries[i], true
}

// Best returns the quickest entry of some contenders on at most so many cores: a
// peer that is quicker on one core than on all may use one.
func (w Work) Best(cores int, by ...string) (best Entry, ok bool) {
	for _, e := range w.Entries {
		if slices.Contains(by, e.By) && e.Cores <= cores && len(e.Seconds) > 0 &&
			(!ok || e.Times().Median() < best.Times().Median()) {
			best, ok = e, true
		}
	}
	return best, ok
}

// Cores returns the numbers of cores that convbook was measured on, in order.
func (w Work) Cores() []int {
	var cores []int
	for _, e := range w.Entries {
		if e.By == Convbook {
			cores = append(cores, e.Cores)
		}
	}
	slices.Sort(cores)
	return slices.Compact(cores)
}

// Kernel is a loop on one core.
type Kernel struct {
	Name       string  `json:"name"`
	Operations float64 `json:"operations"`
	Bytes      float64 `json:"bytes"`
	Seconds    float64 `json:"seconds"`
	Arithmetic float64 `json:"arithmetic_floor_seconds"`
	Traffic    float64 `json:"bytes_floor_seconds"`
}

// Floor is how long the kernel must take at least, and why.
func (k Kernel) Floor() (seconds float64, by string) {
	if k.Traffic > k.Arithmetic {
		return k.Traffic, "bytes"
	}
	return k.Arithmetic, "arithmetic"
}

// Memory is the most memory that a program of its own holds at a time while it
// trains.
type Memory struct {
	By    string `json:"by"`
	Bytes int    `json:"bytes"`
	Start int    `json:"start_bytes,omitempty"` // before there is a network, libraries loaded
}

// Blocks is what a step takes from Go's heap.
type Blocks struct {
	Title  string  `json:"title"`
	Blocks float64 `json:"blocks"`
	Bytes  float64 `json:"bytes"`
}

// Sweep is the same work in several sizes.
type Sweep struct {
	Title  string  `json:"title"`
	Unit   string  `json:"unit"` // of Point.Size
	Points []Point `json:"points"`
}

// Point is one size of a sweep.
type Point struct {
	Size   int     `json:"size"`
	Cores  int     `json:"cores"`
	Images int     `json:"images"` // of a batch
	Ours   float64 `json:"convbook_seconds"`
	Torch  float64 `json:"torch_seconds,omitempty"` // 0 without PyTorch
	Ratio  float64 `json:"ratio,omitempty"`
}

// JSON writes the report for machines.
func (r *Report) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// Text returns the report for a terminal.
func (r *Report) Text() string { return r.write(Table.Text) }

// Markdown returns the report for the README.
func (r *Report) Markdown() string { return r.write(Table.Markdown) }

func (r *Report) write(form func(Table) string) string {
	parts := []string{r.heading()}
	for _, t := range r.Tables() {
		parts = append(parts, form(t))
	}
	return strings.Join(parts, "\n")
}

// finite is x, or 0 where JSON could not hold it.
func finite(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return x
}

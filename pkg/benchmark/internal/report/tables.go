package report

import (
	"fmt"
	"slices"
	"strconv"

	"convbook/pkg/benchmark/internal/peers"
	"convbook/pkg/benchmark/measure"
)

// names are the contenders' as they are shown.
var names = map[string]string{
	Convbook: "convbook", Gonum: "gonum", Peak: "the peak",
	peers.Torch: "PyTorch", peers.TorchChannelsLast: "PyTorch, channels last",
	peers.NumpyFloat32: "NumPy float32", peers.NumpyClass: "NumPy, class",
}

// heading says where and with what the report was made.
func (r *Report) heading() string {
	m := r.Machine
	text := fmt.Sprintf("%s, %s, kernels for %s, Go %s (%s).\n", m.CPU, cores(m.Cores), m.Variant, m.Go, m.System)
	if p := r.Peers; p != nil {
		text += fmt.Sprintf("NumPy %s with %s, PyTorch %s, Python %s.\n", p.Numpy, p.Blas, p.Torch, p.Python)
	}
	if r.NoPeers != "" {
		text += "Without NumPy and PyTorch: " + r.NoPeers + "\n"
	}
	return text + fmt.Sprintf("Each time is the median of %d rounds taken in turn. \"3x against\" a peer: convbook takes a third of its time, as the median of the ratios within a round.\n", r.Rounds)
}

// Tables returns what was measured, table by table.
func (r *Report) Tables() []Table {
	var all []Table
	steps, products := []Work{}, []Work{}
	for _, w := range r.Works {
		if slices.ContainsFunc(w.Entries, func(e Entry) bool { return e.By == Gonum }) {
			products = append(products, w)
		} else {
			steps = append(steps, w)
		}
	}
	if len(steps) > 0 {
		all = append(all, r.stepTable(steps))
	}
	if len(products) > 0 {
		all = append(all, r.productTable(products))
	}
	if len(r.Limits) > 0 {
		all = append(all, r.limitTable())
	}
	if len(r.Kernels) > 0 {
		all = append(all, r.kernelTable())
	}
	if len(r.Memory) > 0 {
		all = append(all, r.memoryTable())
	}
	if len(r.Blocks) > 0 {
		all = append(all, r.blockTable())
	}
	for _, s := range r.Sweeps {
		all = append(all, r.sweepTable(s))
	}
	if len(r.Scaling) > 0 {
		all = append(all, r.scalingTable())
	}
	return all
}

func (r *Report) stepTable(works []Work) Table {
	t := Table{Title: "A step is the gradient of a batch of 100 and an update by Adam; times in milliseconds",
		Header: []string{"", "cores", "convbook"}}
	columns := [][]string{}
	if r.Peers != nil {
		columns = [][]string{{peers.Torch, peers.TorchChannelsLast}, {peers.NumpyFloat32}, {peers.NumpyClass}}
		t.Header = append(t.Header, "PyTorch", "NumPy float32", "NumPy, class", "against PyTorch", "against NumPy", "against class")
		t.Notes = []string{"PyTorch: in its better layout, channels first or last.",
			"NumPy: the class's algorithm with im2col. float32: with a single forward pass; class: in float64, with a second one for the log.",
			"Every peer: on one core where that is quicker than on all."}
	}
	t.Header = append(t.Header, "of the peak")
	t.Notes = append(t.Notes, "Of the peak: the operations that the work needs at least, against as many in registers alone.")
	for _, w := range works {
		for _, c := range w.Cores() {
			ours, _ := w.Of(Convbook, c)
			row := []string{w.Title, strconv.Itoa(c), milliseconds(ours.Times().Median())}
			ratios := []string{}
			for _, by := range columns {
				peer, ok := w.Best(c, by...)
				if !ok {
					row, ratios = append(row, "-"), append(ratios, "-")
					continue
				}
				row = append(row, milliseconds(peer.Times().Median()))
				ratios = append(ratios, times(measure.Ratio(peer.Times(), ours.Times())))
			}
			row = append(row, ratios...)
			t.Rows = append(t.Rows, append(row, w.share(ours, c)))
		}
		t.Notes = append(t.Notes, w.notes()...)
	}
	return t
}

// share is how much of the peak an entry reached.
func (w Work) share(e Entry, cores int) string {
	peak, ok := w.Of(Peak, cores)
	if !ok || len(e.Seconds) == 0 {
		return "-"
	}
	return percent(measure.Ratio(peak.Times(), e.Times()))
}

// notes are the work's own and the contenders that did not finish.
func (w Work) notes() []string {
	var notes []string
	if w.Note != "" {
		notes = append(notes, w.Title+": "+w.Note)
	}
	for _, e := range w.Entries {
		if e.Error != "" {
			notes = append(notes, fmt.Sprintf("%s: %s on %s: %s.", w.Title, names[e.By], cores(e.Cores), e.Error))
		}
	}
	return notes
}

func (r *Report) productTable(works []Work) Table {
	t := Table{Title: "Matrix products in float32; GFLOP/s", Header: []string{"", "cores", "convbook", "gonum"}}
	contenders := []string{Gonum}
	if r.Peers != nil {
		t.Header = append(t.Header, "NumPy ("+r.Peers.Blas+")", "PyTorch")
		contenders = append(contenders, peers.NumpyFloat32, peers.Torch)
	}
	t.Header = append(t.Header, "against gonum")
	if r.Peers != nil {
		t.Header = append(t.Header, "against NumPy", "against PyTorch")
	}
	t.Header = append(t.Header, "of the peak")
	for _, w := range works {
		for _, c := range w.Cores() {
			ours, _ := w.Of(Convbook, c)
			row, ratios := []string{w.Title, strconv.Itoa(c), rate(w.Operations, ours)}, []string{}
			for _, by := range contenders {
				peer, ok := w.Best(c, by)
				if !ok {
					row, ratios = append(row, "-"), append(ratios, "-")
					continue
				}
				row, ratios = append(row, rate(w.Operations, peer)), append(ratios, times(measure.Ratio(peer.Times(), ours.Times())))
			}
			row = append(row, ratios...)
			t.Rows = append(t.Rows, append(row, w.share(ours, c)))
		}
		t.Notes = append(t.Notes, w.notes()...)
	}
	return t
}

func (r *Report) limitTable() Table {
	t := Table{Title: "What the machine can do", Header: []string{"cores", "GFLOP/s in registers"}}
	for _, c := range r.Limits[0].Bandwidths {
		t.Header = append(t.Header, "GB/s within "+size(c.Bytes))
	}
	for _, l := range r.Limits {
		row := []string{strconv.Itoa(l.Cores), fmt.Sprintf("%.0f", l.GFLOPS)}
		for _, c := range l.Bandwidths {
			row = append(row, fmt.Sprintf("%.0f", c.GBs))
		}
		t.Rows = append(t.Rows, row)
	}
	t.Notes = []string{"GFLOP/s in float32, a multiplication and an addition being two operations; GB/s of y += a*x, bytes read and written."}
	return t
}

func (r *Report) kernelTable() Table {
	t := Table{Title: "The kernels on one core, batch of 100", Header: []string{"", "ms", "GFLOP/s", "GB/s", "floor, ms", "bound by", "of the floor"}}
	for _, k := range r.Kernels {
		floor, by := k.Floor()
		t.Rows = append(t.Rows, []string{k.Name, milliseconds(k.Seconds), fmt.Sprintf("%.0f", k.Operations/k.Seconds/1e9),
			fmt.Sprintf("%.1f", k.Bytes/k.Seconds/1e9), milliseconds(floor), by, percent(floor / k.Seconds)})
	}
	t.Notes = []string{"The floor is the longer of two times: the operations in registers alone, and moving the bytes that must be touched."}
	if slices.ContainsFunc(r.Kernels, func(k Kernel) bool { floor, _ := k.Floor(); return floor > k.Seconds }) {
		t.Notes = append(t.Notes, "More than 100 %: many arrays at a time come faster than the two of y += a*x, by which the bandwidth is measured.")
	}
	return t
}

func (r *Report) memoryTable() Table {
	t := Table{Title: "Peak memory of a program that trains the assignment's network, MB", Header: []string{"", "peak", "before it begins"}}
	for _, m := range r.Memory {
		t.Rows = append(t.Rows, []string{names[m.By], megabytes(m.Bytes), megabytes(m.Start)})
	}
	return t
}

func (r *Report) blockTable() Table {
	t := Table{Title: "What a step takes from Go's heap", Header: []string{"", "blocks", "bytes"}}
	for _, b := range r.Blocks {
		t.Rows = append(t.Rows, []string{b.Title, fmt.Sprintf("%.1f", b.Blocks), fmt.Sprintf("%.0f", b.Bytes)})
	}
	return t
}

func (r *Report) sweepTable(s Sweep) Table {
	t := Table{Title: s.Title, Header: []string{s.Unit, "convbook, ms", "images/s"}}
	withTorch := slices.ContainsFunc(s.Points, func(p Point) bool { return p.Torch > 0 })
	if withTorch {
		t.Header = append(t.Header, "PyTorch, ms", "against PyTorch")
	}
	for _, p := range s.Points {
		row := []string{strconv.Itoa(p.Size), milliseconds(p.Ours), fmt.Sprintf("%.0f", float64(p.Images)/p.Ours)}
		switch {
		case p.Torch > 0:
			row = append(row, milliseconds(p.Torch), times(p.Ratio))
		case withTorch:
			row = append(row, "-", "-")
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func cores(n int) string {
	if n == 1 {
		return "1 core"
	}
	return fmt.Sprintf("%d cores", n)
}

// milliseconds shows three digits, without an exponent.
func milliseconds(seconds float64) string {
	switch ms := finite(seconds) * 1e3; {
	case ms == 0:
		return "-"
	case ms < 1:
		return fmt.Sprintf("%.3f", ms)
	case ms < 10:
		return fmt.Sprintf("%.2f", ms)
	case ms < 100:
		return fmt.Sprintf("%.1f", ms)
	default:
		return fmt.Sprintf("%.0f", ms)
	}
}

func times(ratio float64) string {
	switch {
	case finite(ratio) == 0:
		return "-"
	case ratio < 10:
		return fmt.Sprintf("%.2fx", ratio)
	case ratio < 100:
		return fmt.Sprintf("%.1fx", ratio)
	}
	return fmt.Sprintf("%.0fx", ratio)
}

func percent(share float64) string {
	if finite(share) == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f %%", 100*share)
}

func rate(operations float64, e Entry) string {
	return fmt.Sprintf("%.0f", operations/e.Times().Median()/1e9)
}

func megabytes(bytes int) string {
	if bytes == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f", float64(bytes)/1e6)
}

func size(bytes int) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d KiB", bytes>>10)
	}
	return fmt.Sprintf("%d MiB", bytes>>20)
}

package convnet

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/layers"
)

// SummaryRow describes one layer of a network.
type SummaryRow struct {
	Name       string // Conv1
	Settings   string // "64 filters 5x5, stride 1, pad 0"; empty where there are none
	Output     []int  // shape of one sample after the layer
	Parameters int    // how many numbers the layer learns
}

// SummaryRows describes the layers in order, ending with the loss.
func (s *Sequential[T]) SummaryRows() []SummaryRow { return s.methods.summaryRows() }

func (n *network[T]) summaryRows() []SummaryRow {
	var rows []SummaryRow
	shape := n.input
	for i, l := range n.layers {
		shape = l.OutputShape(shape)
		row := SummaryRow{Name: n.names[i], Output: shape}
		if l, ok := l.(fmt.Stringer); ok {
			row.Settings = l.String()
		}
		if l, ok := l.(layers.Learner[T]); ok {
			for _, p := range l.Parameters() {
				row.Parameters += p.Value.Size()
			}
		}
		rows = append(rows, row)
	}
	return append(rows, SummaryRow{Name: "SoftmaxWithLoss", Output: shape})
}

// Summary returns a table of the layers: name, settings, output shape of one
// sample, number of parameters.
func (s *Sequential[T]) Summary() string { return s.methods.summary() }

func (n *network[T]) summary() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "layer\tsettings\toutput\tparameters")
	fmt.Fprintf(w, "input\t\t%s\t\n", shapes.Text(n.input))
	for _, row := range n.summaryRows() {
		count := ""
		if row.Parameters > 0 {
			count = thousands(row.Parameters)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", row.Name, row.Settings, shapes.Text(row.Output), count)
	}
	fmt.Fprintf(w, "total\t\t\t%s\n", thousands(n.paramCount()))
	w.Flush()
	return trimmed(b.String())
}

// trimmed takes the spaces from the ends of lines.
func trimmed(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// ParamCount returns how many numbers the network learns.
func (s *Sequential[T]) ParamCount() int { return s.methods.paramCount() }

func (n *network[T]) paramCount() int {
	count := 0
	for _, p := range n.all {
		count += p.Size()
	}
	return count
}

// thousands writes 461,514 for 461514.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

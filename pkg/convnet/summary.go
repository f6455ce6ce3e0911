package convnet

import (
	"fmt"
	"strconv"

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

// Summary returns a table of the layers: name, output shape of one sample and number of
// parameters, and below a layer its settings. It has lines of at most 45 letters, as a phone
// shows them, but for long names and large shapes.
func (s *Sequential[T]) Summary() string { return s.methods.summary() }

func (n *network[T]) summary() string {
	t := printed{right: 2}
	t.add(nil, "layer", "output", "parameters")
	t.add(nil, "input", shapes.Text(n.input), "")
	for _, row := range n.summaryRows() {
		count := ""
		if row.Parameters > 0 {
			count = thousands(row.Parameters)
		}
		t.add(remarked(row.Settings), row.Name, shapes.Text(row.Output), count)
	}
	t.add(nil, "total", "", thousands(n.paramCount()))
	return t.String()
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

package convnet

import (
	"slices"
	"strings"

	"convbook/pkg/internal/engine"
)

// PlanRow says how some layers that follow each other run.
type PlanRow struct {
	Layers []string // Conv1, Relu1, Pool1
	Way    string   // "fused", "in parallel" or "whole batch"
	Why    string   // they do not run in a faster way; empty where there is none
}

// PlanRows says how the layers run in training, in order.
//
// Layers that are "fused" run in one pass by the kernels. Those that run "in parallel" do
// so by their own Forward and Backward, on parts of the batch: for the kernels do not
// know them. A layer with "whole batch" runs by its own Forward and Backward, too, but on
// one processor while the others wait: package layers says what it must offer to be
// divided. The results are the same, up to rounding, and the same bits on any number of
// processors.
func (s *Sequential[T]) PlanRows() []PlanRow { return s.methods.planRows() }

func (n *network[T]) planRows() []PlanRow {
	var rows []PlanRow
	for _, step := range n.engine.Steps() {
		row := PlanRow{Layers: slices.Clone(n.names[step.From:step.To]), Why: step.Why}
		switch step.Way {
		case engine.Fused:
			row.Way = "fused"
		case engine.Split:
			row.Way = "in parallel"
		case engine.Whole:
			row.Way = "whole batch"
		}
		rows = append(rows, row)
	}
	return rows
}

// Plan returns PlanRows as a table, the reasons below the layers that they are of.
func (s *Sequential[T]) Plan() string { return s.methods.plan() }

func (n *network[T]) plan() string {
	t := printed{right: -1}
	t.add(nil, "layers", "run")
	for _, row := range n.planRows() {
		why := row.Why
		if why != "" {
			why = "because " + why
		}
		t.add(remarked(why), strings.Join(row.Layers, " "), row.Way)
	}
	return t.String()
}

package convnet

import (
	"strings"
	"testing"

	"convbook/pkg/internal/kernels"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// blockNetworks are networks with blocks, average pooling and convolutions of 1x1.
func blockNetworks() map[string][]Part {
	row := func(parts ...Part) []Part { return parts }
	return map[string][]Part{
		"residual": {Conv(9, 3, 1, 1), Relu(), Residual(Conv(17, 3, 1, 1), Relu(), Conv(9, 3, 1, 1)), Relu(), Pool(2, 2),
			Residual(Conv(9, 3, 1, 1), Relu(), Conv(9, 3, 1, 1)), Relu(), Affine(4)},
		"shortcut": {Conv(9, 3, 1, 1), Shortcut(row(Conv(16, 1, 1, 0)), BatchNormPerChannel(), Relu(), Conv(16, 3, 1, 1)), Relu(),
			Shortcut(row(Conv(5, 1, 2, 0)), Conv(5, 3, 2, 1), Relu()), Affine(4)},
		"of rows": {Conv(9, 3, 1, 1), Relu(), Affine(20), Residual(Affine(20), Relu(), Affine(20)), Relu(), Affine(4)},
		"branches": {Conv(9, 3, 1, 1), Relu(), Branches(row(Conv(3, 1, 1, 0), Relu()), row(Conv(2, 1, 1, 0), Relu(), Conv(17, 3, 1, 1), Relu()),
			row(Conv(2, 1, 1, 0), Conv(5, 5, 1, 2)), row(MaxPool(3, 1, 1), Conv(4, 1, 1, 0)), nil), Pool(2, 2), Affine(4)},
		"nested":           {Conv(8, 3, 1, 1), Residual(Branches(row(Conv(3, 1, 1, 0)), row(Conv(5, 3, 1, 1), Relu()))), Relu(), Residual(Residual(), Conv(8, 3, 1, 1)), AveragePool(3, 2), Affine(4)},
		"average":          {Conv(9, 3, 1, 1), Relu(), AveragePool(2, 2), Conv(17, 1, 1, 0), Relu(), AveragePool(3, 1), Conv(4, 1, 1, 0), AveragePool(2, 1), Affine(4)},
		"of the images":    {Shortcut(row(Conv(2, 1, 1, 0)), Conv(2, 3, 1, 1), Relu()), AveragePool(2, 2), Conv(5, 1, 1, 0), Relu(), Affine(4)},
		"with dropout":     {Conv(9, 3, 1, 1), Residual(Conv(9, 3, 1, 1), Dropout(0.3)), Dropout(0.2), Branches(row(Dropout(0.4)), row(Conv(3, 1, 1, 0))), Affine(4)},
		"own layers":       {Conv(9, 3, 1, 1), Residual(gains(), Conv(9, 3, 1, 1), squares("Square")), Branches(row(sharedSquares("Square")), row(centres())), Affine(4)},
		"with wide Affine": {Conv(64, 3, 1, 1), Relu(), Residual(Conv(64, 1, 1, 0)), Affine(60), Residual(Relu(), Affine(60)), Affine(4)},
		"with BatchNorm":   {Conv(9, 3, 1, 1), Residual(BatchNorm(), Relu(), Conv(9, 3, 1, 1), BatchNormPerChannel()), Relu(), Affine(4)},
	}
}

func TestEngineAgreesOnBlocks(t *testing.T) {
	for _, v := range kernels.Available() {
		restore := kernels.Use(v)
		for name, parts := range blockNetworks() {
			for _, n := range []int{33} {
				compareEngine[float32](t, v.String()+" "+name, []int{2, 8, 9}, parts, n, 1e-3)
				compareEngine[float64](t, v.String()+" "+name, []int{1, 8, 9}, parts, n, 1e-11)
			}
		}
		restore()
	}
}

func TestSameBitsOfBlocks(t *testing.T) {
	for name, parts := range blockNetworks() {
		sameBits[float32](t, name, parts, 60)
		sameBits[float64](t, name, parts, 60)
	}
}

// A block runs fused where all of it can, allocates nothing, and the plan says what cannot.
func TestPlanOfBlocks(t *testing.T) {
	rng := nprandom.New(0)
	net := Build[float32](rng, []int{1, 12, 12}, He, blockNetworks()["branches"]...)
	for _, row := range net.PlanRows() {
		if row.Way != "fused" {
			t.Errorf("%v runs as %s because %s", row.Layers, row.Way, row.Why)
		}
	}
	x, labels := ndarray.Rand[float32](rng, 20, 1, 12, 12), rng.Choice(4, 20)
	net.Gradient(x, labels)
	if got := testing.AllocsPerRun(5, func() { net.Gradient(x, labels) }); got != 0 {
		t.Errorf("a gradient allocates %v times, want 0", got)
	}
	if got := net.Summary(); !strings.Contains(got, "Branches1") || !strings.Contains(got, "  Convolution, Relu\n  | Convolution, Relu, Convolution, Relu\n") {
		t.Errorf("the summary is\n%s", got)
	}
	mixed := Build[float32](rng, []int{1, 12, 12}, He, Conv(8, 3, 1, 1), Residual(squares("Square"), Conv(8, 3, 1, 1)), Affine(4))
	if row := mixed.PlanRows()[1]; row.Way != "whole batch" || row.Why != "Square: it has no method Share" {
		t.Errorf("the block runs as %q because %q", row.Way, row.Why)
	}
	for _, row := range Build[float64](rng, []int{1, 12, 12}, He, Conv(8, 3, 1, 1), Residual(BatchNorm()), Affine(4)).PlanRows() {
		if row.Way != "fused" {
			t.Errorf("in float64 %v runs as %s because %s", row.Layers, row.Way, row.Why)
		}
	}
	drops := Build[float32](rng, []int{1, 12, 12}, He, Conv(8, 3, 1, 1), Residual(Dropout(0.5)), Affine(4))
	if len(drops.Sources()) != 1 {
		t.Errorf("the sources of a network with Dropout in a block are %v", drops.Sources())
	}
}

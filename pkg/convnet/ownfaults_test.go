package convnet

import (
	"fmt"
	"strings"
	"testing"

	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// bad is a layer whose parts can be replaced by wrong ones.
type bad struct {
	square[float32]
	forward, backward func(x *ndarray.Array[float32]) *ndarray.Array[float32]
	params            []layers.Parameter[float32]
}

func (l *bad) Forward(x *ndarray.Array[float32], train bool) *ndarray.Array[float32] {
	if l.forward != nil {
		return l.forward(x)
	}
	return l.square.Forward(x, train)
}
func (l *bad) Backward(dout *ndarray.Array[float32]) *ndarray.Array[float32] {
	if l.backward != nil {
		return l.backward(dout)
	}
	return l.square.Backward(dout)
}
func (l *bad) Parameters() []layers.Parameter[float32] { return l.params }

func TestFaultsOfLayersOfOnesOwn(t *testing.T) {
	type array = *ndarray.Array[float32]
	zeros := ndarray.Zeros[float32]
	train := func(l *bad) func() {
		return func() {
			l.name = "Bad"
			net := Build[float32](nprandom.New(0), []int{1, 4, 4}, He, Conv(2, 3, 1, 1),
				in32(func([]int, Drawer[float32]) layers.Layer[float32] { return l }), Affine(3))
			net.Gradient(zeros(5, 1, 4, 4), make([]int, 5))
		}
	}
	relu := layers.NewRelu[float32]()
	for name, c := range map[string]struct {
		do   func()
		want []string
	}{
		"Forward of another shape":  {train(&bad{forward: func(x array) array { return zeros(5, 3) }}), []string{"Bad.Forward", "(5, 3)", "(5, 2, 4, 4)", "OutputShape"}},
		"Forward of nil":            {train(&bad{forward: func(x array) array { return nil }}), []string{"Bad.Forward returns nil"}},
		"Backward of another shape": {train(&bad{backward: func(x array) array { return zeros(5, 3) }}), []string{"Bad.Backward", "(5, 3)", "(5, 2, 4, 4)", "input"}},
		"Backward of nil":           {train(&bad{backward: func(x array) array { return nil }}), []string{"Bad.Backward returns nil"}},
		"no gradient":               {train(&bad{params: []layers.Parameter[float32]{{Kind: "W", Value: zeros(2)}}}), []string{"Bad", "gradient of W", "nil"}},
		"a gradient of other shape": {train(&bad{params: []layers.Parameter[float32]{{Kind: "W", Value: zeros(2), Grad: zeros(3)}}}), []string{"Bad", "gradient of W", "(3,)", "(2,)"}},
		"a parameter without Kind":  {train(&bad{params: []layers.Parameter[float32]{{Value: zeros(2)}}}), []string{"parameter of Bad", "Kind"}},
		"a parameter without Value": {train(&bad{params: []layers.Parameter[float32]{{Kind: "W"}}}), []string{"parameter of Bad", "array"}},
		"a part of the other type":  {func() { Build[float64](nprandom.New(0), []int{4}, He, Affine(2), in32(newCentre[float32])) }, []string{"part 2", "float64"}},
		"a part of nothing":         {func() { Build[float32](nprandom.New(0), []int{4}, He, Part{}) }, []string{"part 1", "float32"}},
		"a part that returns no layer": {func() {
			Build[float32](nprandom.New(0), []int{4}, He, in32(func([]int, Drawer[float32]) layers.Layer[float32] { return nil }))
		}, []string{"part 1", "returns no layer"}},
		"a layer twice": {func() { NewSequential[float32]([]int{4}, relu, relu) }, []string{"layers 1 and 2", "the same Relu"}},
		"a nil layer":   {func() { NewSequential[float32]([]int{4}, relu, nil) }, []string{"layer 2 is nil"}},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				text := fmt.Sprint(recover())
				for _, part := range c.want {
					if !strings.Contains(text, part) {
						t.Errorf("the panic is %q, want it to say %q", text, part)
					}
				}
			}()
			c.do()
		})
	}
}

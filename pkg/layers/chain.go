package layers

import (
	"strings"

	"convbook/pkg/ndarray"
)

// Chain is layers that follow each other; without any it hands on what it gets.
type Chain[T ndarray.Float] []Layer[T]

func (c Chain[T]) outputShape(shape []int) []int {
	for _, l := range c {
		shape = l.OutputShape(shape)
	}
	return shape
}

func (c Chain[T]) forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	for _, l := range c {
		x = l.Forward(x, train)
	}
	return x
}

func (c Chain[T]) backward(dout *ndarray.Array[T]) *ndarray.Array[T] {
	for i := len(c) - 1; i >= 0; i-- {
		dout = c[i].Backward(dout)
	}
	return dout
}

// share returns copies of all layers, or nil where one has none.
func (c Chain[T]) share() (Chain[T], bool) {
	copies := Chain[T]{}
	for _, l := range c {
		sharer, ok := l.(Sharer[T])
		if !ok {
			return nil, false
		}
		copied := sharer.Share()
		if copied == nil {
			return nil, false
		}
		copies = append(copies, copied)
	}
	return copies, true
}

// String names the layers: Convolution, Relu, Convolution.
func (c Chain[T]) String() string {
	if len(c) == 0 {
		return "x"
	}
	names := make([]string, len(c))
	for i, l := range c {
		names[i] = l.Name()
	}
	return strings.Join(names, ", ")
}

// Block is a layer that is made of others. Chains returns them: each chain begins at the
// block's input.
type Block[T ndarray.Float] interface {
	Layer[T]
	Chains() []Chain[T]
}

func parametersOf[T ndarray.Float](chains ...Chain[T]) (all []Parameter[T]) {
	for _, c := range chains {
		for _, l := range c {
			if l, ok := l.(Learner[T]); ok {
				all = append(all, l.Parameters()...)
			}
		}
	}
	return all
}

func statisticsOf[T ndarray.Float](chains ...Chain[T]) (all []Statistic[T]) {
	for _, c := range chains {
		for _, l := range c {
			if l, ok := l.(Gatherer[T]); ok {
				all = append(all, l.Statistics()...)
			}
		}
	}
	return all
}

package convnet

import (
	"convbook/pkg/internal/ahead"
	"convbook/pkg/internal/compiled"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// methods are what a Sequential does. Behind them stands a network, whose types, those
// of all layers and of the engine, a cell need not compile.
type methods[T ndarray.Float] struct {
	activations       func(x *ndarray.Array[T]) []Activation[T]
	gradientFlow      func(x *ndarray.Array[T], t []int) []Flow[T]
	planRows          func() []PlanRow
	plan              func() string
	inputShape        func() []int
	layer             func(name string) layers.Layer[T]
	layerNames        func() []string
	namesOfParams     func() []string
	state             func() map[string]*ndarray.Array[T]
	forward           func(x *ndarray.Array[T], train bool) *ndarray.Array[T]
	predict           func(x *ndarray.Array[T]) *ndarray.Array[T]
	loss              func(x *ndarray.Array[T], t []int) T
	classify          func(x *ndarray.Array[T]) []int
	accuracy          func(x *ndarray.Array[T], t []int) float64
	gradient          func(x *ndarray.Array[T], t []int) map[string]*ndarray.Array[T]
	lossGradient      func(x *ndarray.Array[T], t []int) (T, map[string]*ndarray.Array[T])
	beside            func(next *ahead.Batch)
	numericalGradient func(x *ndarray.Array[T], t []int) map[string]*ndarray.Array[T]
	setParams         func(params map[string]*ndarray.Array[T]) error
	digest            func() string
	sources           func() []ndarray.Source
	summaryRows       func() []SummaryRow
	summary           func() string
	description       func() string
	paramCount        func() int
	freeze            func(layers []string, frozen bool)
	frozen            func() []string
}

func (n *network[T]) methods() methods[T] {
	return methods[T]{
		activations:       n.activations,
		gradientFlow:      n.gradientFlow,
		planRows:          n.planRows,
		plan:              n.plan,
		inputShape:        n.inputShape,
		layer:             n.layer,
		layerNames:        n.layerNames,
		namesOfParams:     n.namesOfParams,
		state:             n.state,
		forward:           n.forward,
		predict:           n.predict,
		loss:              n.loss,
		classify:          n.classify,
		accuracy:          n.accuracy,
		gradient:          n.gradient,
		lossGradient:      n.lossGradient,
		beside:            n.beside,
		numericalGradient: n.numericalGradient,
		setParams:         n.setParams,
		digest:            n.digest,
		sources:           n.sources,
		summaryRows:       n.summaryRows,
		summary:           n.summary,
		description:       n.description,
		paramCount:        n.paramCount,
		freeze:            n.freeze,
		frozen:            n.frozen,
	}
}

// table holds what makes a network. It is compiled here and not in each cell. What a cell
// calls for both types of number, as through a Part, has no place in it: the cell would
// compile all that is named here for both.
type table[T ndarray.Float] struct {
	sequential func(input []int, ls []layers.Layer[T]) *Sequential[T]
	build      func(rng ndarray.Source, input []int, scale InitialScale, parts []Part) *Sequential[T]
}

var (
	table32 = compiled.Hidden(&table[float32]{sequential: sequential[float32], build: build[float32]})
	table64 = compiled.Hidden(&table[float64]{sequential: sequential[float64], build: build[float64]})
)

func bodies[T ndarray.Float]() *table[T] { return compiled.For[T, table[T]](&table32, &table64) }

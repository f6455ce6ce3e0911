package engine

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// share returns a copy of a layer for a part of the batch, and what it draws from where
// it draws. Without a copy it says why the layer must see the batch as a whole.
func share[T ndarray.Float](l layers.Layer[T]) (copied layers.Layer[T], from *replay, why string) {
	if l, ok := l.(layers.Gatherer[T]); ok && len(l.Statistics()) > 0 {
		return nil, nil, "it gathers statistics of each batch"
	}
	if block, ok := l.(layers.Block[T]); ok {
		for _, chain := range block.Chains() {
			for _, inner := range chain {
				if _, draws, why := share(inner); why != "" || draws != nil {
					return nil, nil, fmt.Sprintf("its %s cannot be divided alone: %s", inner.Name(), cmp.Or(why, "it draws random numbers"))
				}
			}
		}
	}
	_, draws := l.(interface{ Source() ndarray.Source })
	method := "Share"
	if random, ok := l.(layers.Random[T]); ok {
		method, from = "ShareFrom", &replay{layer: l.Name()}
		copied = random.ShareFrom(from)
	} else if draws {
		return nil, nil, "it draws random numbers (Source) but has no Draws and ShareFrom"
	} else if sharer, ok := l.(layers.Sharer[T]); ok {
		copied = sharer.Share()
	} else {
		return nil, nil, "it has no method Share"
	}
	if why := notACopy(l, copied); why != "" {
		return nil, nil, fmt.Sprintf("its %s returns %s", method, why)
	}
	return copied, from, ""
}

// notACopy says what is wrong with a layer that should be a copy of l: a method Share
// that came with an embedded layer returns that one, without what was built around it.
func notACopy[T ndarray.Float](l, copied layers.Layer[T]) string {
	if copied == nil || reflect.ValueOf(copied).Kind() == reflect.Pointer && reflect.ValueOf(copied).IsNil() {
		return "nil"
	}
	if a, b := reflect.TypeOf(l), reflect.TypeOf(copied); a != b {
		return fmt.Sprintf("a %v, not a %v", b, a)
	}
	if SameLayer(l, copied) {
		return "the layer itself"
	}
	original, ok := l.(layers.Learner[T])
	if !ok {
		return ""
	}
	mine, its := original.Parameters(), copied.(layers.Learner[T]).Parameters()
	if len(mine) != len(its) {
		return fmt.Sprintf("a layer with %d parameters, not %d", len(its), len(mine))
	}
	for i, p := range mine {
		if !sameArray(p.Value, its[i].Value) {
			return fmt.Sprintf("a layer with a parameter %s of its own", p.Kind)
		}
		if p.Grad != nil && its[i].Grad != nil && sameArray(p.Grad, its[i].Grad) {
			return fmt.Sprintf("a layer that writes the gradient of %s into the same array", p.Kind)
		}
	}
	return ""
}

func sameArray[T ndarray.Float](a, b *ndarray.Array[T]) bool {
	x, y := a.Data(), b.Data()
	return len(x) == len(y) && (len(x) == 0 || &x[0] == &y[0])
}

// SameLayer says whether a and b are one layer, which cannot keep what two need.
func SameLayer[T ndarray.Float](a, b layers.Layer[T]) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	return x.Kind() == reflect.Pointer && x.Type() == y.Type() && x.Pointer() == y.Pointer() && x.Type().Elem().Size() > 0
}

// replay is a Source that repeats numbers drawn before.
type replay struct {
	layer string
	draws []float64
}

func (r *replay) Rand() float64 {
	if len(r.draws) == 0 {
		panic(r.layer + ": Forward draws more numbers than Draws promises")
	}
	v := r.draws[0]
	r.draws = r.draws[1:]
	return v
}

func (r *replay) Randn() float64 {
	panic(r.layer + ": a layer with ShareFrom draws by Rand; leave Draws and ShareFrom out to draw by Randn")
}

// done panics unless all numbers were used.
func (r *replay) done() {
	if len(r.draws) > 0 {
		panic(fmt.Sprintf("%s: Forward draws %d numbers fewer than Draws promises", r.layer, len(r.draws)))
	}
}

// drawn draws so many numbers into draws, or into more room.
func drawn(draws []float64, src ndarray.Source, size int) []float64 {
	draws = draws[:0]
	for range size {
		draws = append(draws, src.Rand())
	}
	return draws
}

// Forward runs a layer and holds it to the shape that it promises.
func Forward[T ndarray.Float](l layers.Layer[T], x *ndarray.Array[T], out []int, train bool) *ndarray.Array[T] {
	n := x.Dim(0)
	y := l.Forward(x, train)
	check(l.Name()+".Forward", y, n, out, "what it returns must have the shape that OutputShape promises")
	return y
}

// Backward does the same on the way back.
func Backward[T ndarray.Float](l layers.Layer[T], dout *ndarray.Array[T], in []int) *ndarray.Array[T] {
	n := dout.Dim(0)
	dx := l.Backward(dout)
	check(l.Name()+".Backward", dx, n, in, "what it returns must have the shape of the layer's input")
	return dx
}

func check[T ndarray.Float](op string, a *ndarray.Array[T], n int, sample []int, hint string) {
	if a == nil {
		panic(op + " returns nil, want an array: " + hint)
	}
	if shape := a.Shape(); len(shape) == 0 || shape[0] != n || !slices.Equal(shape[1:], sample) {
		panic(&ndarray.ShapeError{Op: op, Got: shape, Want: append([]int{n}, sample...), Hint: hint})
	}
}

// Gradients returns the parameters of a layer after Backward.
func Gradients[T ndarray.Float](l layers.Learner[T]) []layers.Parameter[T] {
	ps := l.Parameters()
	for _, p := range ps {
		op := fmt.Sprintf("%s.Parameters: the gradient of %s", l.Name(), p.Kind)
		if p.Grad == nil {
			panic(op + " is nil after Backward, which must set it")
		}
		shapes.Check(op, p.Grad.Shape(), p.Value.Shape(), "a gradient has the shape of its parameter")
	}
	return ps
}

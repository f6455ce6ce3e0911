package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// rules returns the optimizers with some numbers; m and v are what they keep.
func rules[T float32 | float64]() map[string]func(p, g, m, v []T) {
	return map[string]func(p, g, m, v []T){
		"sgd":      func(p, g, m, v []T) { SGD(p, g, 0.01) },
		"momentum": func(p, g, m, v []T) { Momentum(p, g, v, 0.9, 0.01) },
		"nesterov": func(p, g, m, v []T) { Nesterov(p, g, v, 0.9, 0.01) },
		"adagrad":  func(p, g, m, v []T) { AdaGrad(p, g, v, 0.01, 1e-7) },
		"rmsprop":  func(p, g, m, v []T) { RMSprop(p, g, v, 0.99, 0.01, 1e-7) },
		"adam":     func(p, g, m, v []T) { Adam(p, g, m, v, 0.001, 0.1, 0.001, 1e-7) },
	}
}

// Every number of parameters up to a few vectors has the same bits in every variant,
// and nothing but p, m and v is written.
func TestOptimizers(t *testing.T) {
	checkOptimizers[float32](t)
	checkOptimizers[float64](t)
}

func checkOptimizers[T float32 | float64](t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for name, rule := range rules[T]() {
		for n := range 70 {
			g := normals[T](r, n)
			old := slices.Clone(g)
			var first string
			for _, variant := range Available() {
				restore := Use(variant)
				p, check := guarded[T](t, n)
				m, checkM := guarded[T](t, n)
				v, checkV := guarded[T](t, n)
				clear(m)
				clear(v)
				for i := range p {
					p[i] = T(i)
				}
				for range 3 {
					rule(p, g, m, v)
				}
				check()
				checkM()
				checkV()
				if got := fmt.Sprint(p, m, v); first == "" {
					first = got
				} else if got != first {
					t.Fatalf("%s: %v gives other bits for %d parameters", name, variant, n)
				}
				restore()
			}
			if !slices.Equal(g, old) {
				t.Fatalf("%s: the gradient was written", name)
			}
		}
	}
}

// What is no number stays none, where it stood and nowhere else.
func TestOptimizersKeepNaN(t *testing.T) {
	checkNaN[float32](t)
	checkNaN[float64](t)
}

func checkNaN[T float32 | float64](t *testing.T) {
	for _, variant := range Available() {
		defer Use(variant)()
		for name, rule := range rules[T]() {
			p, g, m, v := make([]T, 40), slices.Repeat([]T{1}, 40), make([]T, 40), make([]T, 40)
			g[3], g[20], g[39] = T(math.NaN()), T(math.NaN()), T(math.NaN())
			rule(p, g, m, v)
			for i, w := range p {
				if (w != w) != (g[i] != g[i]) {
					t.Errorf("%v %s: with the gradient %v a parameter becomes %v", variant, name, g[i], w)
				}
			}
		}
	}
}

func BenchmarkOptimizers(b *testing.B) {
	const n = 460800
	for name, rule := range rules[float32]() {
		for _, gradient := range []float32{0.01, 0} { // 0: what is left of m becomes tiny
			b.Run(fmt.Sprintf("%s/gradient %v", name, gradient), func(b *testing.B) {
				p, m, v := make([]float32, n), slices.Repeat([]float32{1e-39}, n), slices.Repeat([]float32{1e-39}, n)
				g := slices.Repeat([]float32{gradient}, n)
				for b.Loop() {
					rule(p, g, m, v)
				}
			})
		}
	}
}

package compiled

import "testing"

type table[T float32 | float64] struct{ half func() T }

func half[T float32 | float64]() T { return T(1) / 2 }

func tableOf[T float32 | float64]() *table[T] { return &table[T]{half[T]} }

var tables = Both(tableOf[float32](), tableOf[float64]())

// element is what a package's public generic function sees: a T of its caller.
func element[T float32 | float64]() any { return For[T, table[T]](&tables).half() }

func TestFor(t *testing.T) {
	if got, ok := element[float32]().(float32); !ok || got != 0.5 {
		t.Errorf("float32 has the table of %T", element[float32]())
	}
	if got, ok := element[float64]().(float64); !ok || got != 0.5 {
		t.Errorf("float64 has the table of %T", element[float64]())
	}
}

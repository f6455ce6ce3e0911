package compiled

import "testing"

type table[T float32 | float64] struct{ half func() T }

func half[T float32 | float64]() T { return T(1) / 2 }

var (
	table32 = Hidden(&table[float32]{half: half[float32]})
	table64 = Hidden(&table[float64]{half: half[float64]})
)

// element is what a package's public generic function sees: a T of its caller.
func element[T float32 | float64]() any { return For[T, table[T]](&table32, &table64).half() }

func TestFor(t *testing.T) {
	if got, ok := element[float32]().(float32); !ok || got != 0.5 {
		t.Errorf("float32 has the table of %T", element[float32]())
	}
	if got, ok := element[float64]().(float64); !ok || got != 0.5 {
		t.Errorf("float64 has the table of %T", element[float64]())
	}
}

package blas

import "sync"

// singles and doubles keep buffers from one product to the next.
var singles, doubles sync.Pool

func buffers[T float32 | float64]() *sync.Pool {
	if _, ok := any(T(0)).(float32); ok {
		return &singles
	}
	return &doubles
}

// borrow returns a slice of n elements with any content.
func borrow[T float32 | float64](n int) *[]T {
	if b, ok := buffers[T]().Get().(*[]T); ok && cap(*b) >= n {
		*b = (*b)[:n]
		return b
	}
	b := make([]T, n)
	return &b
}

func giveBack[T float32 | float64](b *[]T) { buffers[T]().Put(b) }

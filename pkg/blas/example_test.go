package blas_test

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"convbook/pkg/blas"
)

func ExampleImplementation() {
	defer blas64.Use(blas64.Implementation())
	blas64.Use(blas.Implementation{})
	a := mat.NewDense(2, 3, []float64{1, 2, 3, 4, 5, 6})
	var product mat.Dense
	product.Mul(a, a.T())
	fmt.Println(mat.Formatted(&product))
	// Output:
	// ⎡14  32⎤
	// ⎣32  77⎦
}

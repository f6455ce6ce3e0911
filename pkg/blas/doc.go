// Package blas offers this project's matrix product to gonum:
//
//	blas32.Use(blas.Implementation{})
//	blas64.Use(blas.Implementation{})
//
// From then on blas32.Gemm and, through blas64, the products of gonum/mat run on
// the kernels that train the networks. Everything else stays gonum's own. On two
// cores with AVX-512, float32 products take about a sixteenth of gonum's time for
// squares of 256 and 1024, as much as OpenBLAS takes, and a ninth to a thirtieth for
// the shapes of the assignment's network; a transposed matrix and a vector take a
// fifth (256 x 256) to six sevenths (1024 x 1024, bound by memory). To measure:
//
//	go test -run - -bench . ./pkg/blas
//
// A product is cut into tiles of C that processors take in turn:
//
//	         columns of B →
//	        ┌──────────┬────┐
//	rows of │  tile 0  │  1 │   tileRows × tileCols each,
//	   A ↓  ├──────────┼────┤   the last ones smaller
//	        │  tile 2  │  3 │
//	        └──────────┴────┘
//
// Tiles and the order of each sum do not depend on the number of processors, so
// neither do the bits of the result.
package blas

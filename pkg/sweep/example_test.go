package sweep_test

import (
	"context"
	"fmt"
	"io"

	"convbook/pkg/dataset"
	"convbook/pkg/sweep"
)

func ExampleSweep_Run() {
	data := dataset.Must(dataset.Open("fashion", dataset.Log(io.Discard))).Head(200, 100)
	s := sweep.Sweep{Base: sweep.Point{"epochs": 2, "rate": 0.001}, Seeds: []uint32{0, 1}}
	points := sweep.Grid(sweep.Values("filters", 2, 4))
	results, err := s.Run(context.Background(), data, points, train) // train: a network of so many filters
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range results {
		fmt.Println(r.Settings, "seed", r.Seed, "has", len(r.Test), "accuracies")
	}
	// Output:
	// epochs 2, filters 2, rate 0.001 seed 0 has 2 accuracies
	// epochs 2, filters 2, rate 0.001 seed 1 has 2 accuracies
	// epochs 2, filters 4, rate 0.001 seed 0 has 2 accuracies
	// epochs 2, filters 4, rate 0.001 seed 1 has 2 accuracies
}

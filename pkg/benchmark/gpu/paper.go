package main

import (
	"fmt"
	"io"
	"strings"

	"convbook/pkg/benchmark/card"
)

// onPaper writes what the works ask of a device, and what that should take on the card of the
// record: each launch what a launch costs there or, where that is longer, what its operations
// take at the speed of the trial's product of 4096 x 4096; all of it no less than its bytes
// take. The record of a step is sent by one more order of the queue.
func onPaper(out io.Writer) error {
	recorded := card.Recorded()
	limits, err := recorded.Limits()
	if err != nil {
		return err
	}
	products, err := recorded.Works(nil)
	if err != nil {
		return err
	}
	p := prediction{launch: limits.Launch, bandwidth: limits.Bandwidth}
	for _, w := range products {
		if strings.Contains(w.Name, "product") {
			p.gflops = w.GFLOPS
		}
	}
	fmt.Fprintf(out, "counted, not measured; what it should take on an %s at %.0f µs a launch, %.0f GFLOP/s and %.0f GB/s, as recorded\n\n%-28s %8s %9s %9s %12s\n",
		recorded.Name, p.launch, p.gflops, p.bandwidth, "", "kernels", "GFLOP", "MB", "ms")
	for _, w := range works(false) {
		set, err := imagesOf(max(w.work.Images, w.work.Batch))
		if err != nil {
			return err
		}
		r, err := counted(w, set)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%-28s %8d %9.2f %9.1f %12.3f\n", r.Name, r.Launches, r.paper.Operations/1e9, float64(r.Bytes)/1e6, p.ms(r))
	}
	return nil
}

// prediction is what a card can do: µs of a launch, GFLOP/s of a product and GB/s.
type prediction struct{ launch, gflops, bandwidth float64 }

// ms is what a row should take.
func (p prediction) ms(r row) float64 {
	us := p.launch // the record of a step, or the count of an evaluation
	for _, operations := range r.paper.Kernels {
		us += max(p.launch, operations/p.gflops/1e3)
	}
	return max(us, float64(r.Bytes)/p.bandwidth/1e3) / 1e3
}

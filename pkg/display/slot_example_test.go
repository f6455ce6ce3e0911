package display_test

import (
	"fmt"

	"convbook/pkg/display"
	"convbook/pkg/figure"
)

// One output that is drawn anew while a program works. Outside a notebook there is
// nothing to draw into.
func ExampleSlot() {
	if !display.InNotebook() {
		fmt.Println("no notebook")
	}
	curve := display.NewSlot()
	loss := []float64{2.3}
	for range 3 {
		loss = append(loss, loss[len(loss)-1]/2)
		curve.Set(display.Picture(figure.Loss(loss)), fmt.Sprintf("loss %.3f", loss[len(loss)-1]))
	}
	display.Settle()
	// Output:
	// no notebook
}

package work

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestOperations(t *testing.T) {
	const (
		conv   = 2 * 25 * 64 * 24 * 24
		first  = 2 * 64 * 12 * 12 * 50
		second = 2 * 50 * 10
	)
	for _, c := range []struct {
		name string
		work Work
		want float64
	}{
		{"assignment", Assignment(64, 100), 100 * (conv + conv/4 + 3*first + 3*second)},
		{"evaluation", Evaluate(Assignment(64, 100), 10_000), 10_000 * (conv + first + second)},
		{"product", Multiply(3, 5, 7, true, false), 2 * 3 * 5 * 7},
		// Padded to 30x30 by the fourth convolution, then 15, 15 and 7.
		{"deep", Deep(), 100 * 2 * 9 * (28*28*16 + 28*28*16 + // the first, forward and filters
			28*28*16*16*(1+0.5) +
			14*14*16*32*3 +
			16*16*32*32*(1+0.5) +
			8*8*32*64*3 +
			8*8*64*64*(1+0.5) +
			(4*4*64*50*3+50*10*3)/9.)},
	} {
		if got := c.work.Operations(); got < c.want*(1-1e-12) || got > c.want*(1+1e-12) {
			t.Errorf("%s: %g operations, want %g", c.name, got, c.want)
		}
	}
}

func TestTrial(t *testing.T) {
	w := Evaluate(Assignment(64, 100), 10_000)
	if trial := w.Trial(); len(w.Layers) != 8 || len(trial.Layers) != 6 || trial.Kind != Step || trial.Batch != trial.Images || trial.Batch > 50 {
		t.Errorf("%+v", trial)
	}
	if book := Book(); len(book.Trial().Layers) != len(book.Layers) {
		t.Errorf("the book's network has %d layers, %d in its trial", len(book.Layers), len(book.Trial().Layers))
	}
}

// What the peers read by name must be there, zero or not.
func TestJSON(t *testing.T) {
	text, err := json.Marshal(Deep())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"kind":"step"`, `"std":0`, `"pad":0`, `"batch":100`, `"images":1000`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
	if text, _ = json.Marshal(Multiply(1, 2, 3, false, true)); string(text) != `{"kind":"product","std":0,"m":1,"n":2,"k":3,"trans_a":false,"trans_b":true}` {
		t.Errorf("%s", text)
	}
}

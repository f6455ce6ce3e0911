package main

import (
	"slices"
	"testing"
)

func TestTrainingCells(t *testing.T) {
	got := trainingCells([]string{
		"import \"convbook/pkg/trainer\"\n\n%%\nfmt.Println(trainer.Config{})",
		"func learn() { trainer.Must(trainer.Train(nil, nil, nil, trainer.Config{})) }\n\n%%\nfmt.Println(1)",
		"func twice() { learn(); learn() }",
		"%%\ntwice()",
		"%%\nfmt.Println(2)",
		"%%\nlive.Sweep(nil)",
		"%%\nbroken(",
	})
	if want := []bool{false, false, false, true, false, true, false}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := declarations("import \"fmt\"\n\n%%\nfmt.Println(1)"); got != "import \"fmt\"\n\n%%\n" {
		t.Errorf("%q", got)
	}
}

package evaluation_test

import (
	"slices"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/evaluation"
	"convbook/pkg/nprandom"
)

func TestAnswers(t *testing.T) {
	set := dataset.Must(dataset.Open("fashion")).Test.Head(1203) // not a whole number of thousands
	net := convnet.NewSimpleConvNet[float32](nprandom.New(0), convnet.SimpleConvNetConfig{FilterNum: 4, HiddenSize: 10, WeightInit: "he"})
	answers := evaluation.Answers[float32](net, set)
	guesses := net.Classify(dataset.Images[float32](set))
	right := 0
	for i, a := range answers {
		if a.Sample != i || a.Label != set.Label(i) || a.Guess != guesses[i] {
			t.Fatalf("answer %d is %+v; the label is %d, the guess %d", i, a, set.Label(i), guesses[i])
		}
		if a.Probability < 0.1 || a.Probability > 1 {
			t.Errorf("the highest of ten probabilities is %v", a.Probability)
		}
		if a.Right() {
			right++
		}
	}
	if got, want := float64(right)/float64(set.Len()), evaluation.Accuracy(net, set); len(answers) != set.Len() || got != want {
		t.Errorf("%d answers, %v of them right; the accuracy is %v", len(answers), got, want)
	}

	wrong := evaluation.Mistakes(answers)
	if len(wrong) != len(answers)-right || !slices.IsSortedFunc(wrong, func(a, b evaluation.Answer) int {
		switch {
		case a.Probability > b.Probability:
			return -1
		case a.Probability < b.Probability:
			return 1
		}
		return 0
	}) {
		t.Errorf("%d mistakes of %d answers with %d right, or not in order", len(wrong), len(answers), right)
	}
	if picked := set.Pick(evaluation.Samples(wrong[:3])); picked.Label(2) != wrong[2].Label {
		t.Error("the samples of the mistakes are others")
	}

	counts := evaluation.Confusion(answers, 10)
	sum, diagonal := 0, 0
	for i, row := range counts {
		diagonal += row[i]
		for _, n := range row {
			sum += n
		}
	}
	if sum != len(answers) || diagonal != right {
		t.Errorf("the table counts %d answers and %d right ones, want %d and %d", sum, diagonal, len(answers), right)
	}
}

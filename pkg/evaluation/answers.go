package evaluation

import (
	"cmp"
	"slices"

	"convbook/pkg/dataset"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// Predictor scores samples: *convnet.Sequential and all that embed it.
type Predictor[T ndarray.Float] interface {
	Predict(x *ndarray.Array[T]) *ndarray.Array[T] // scores (N, classes)
}

// Answer is what a network says to one sample.
type Answer struct {
	Sample      int     // its place in the set
	Label       int     // the class it has
	Guess       int     // the class with the highest score
	Probability float64 // of the guess, by softmax
}

// Right reports whether the guess is the class.
func (a Answer) Right() bool { return a.Guess == a.Label }

// Answers asks net about every sample of s.
func Answers[T ndarray.Float](net Predictor[T], s *dataset.Set) []Answer {
	return bodies[T]().answers(net, s)
}

func answers[T ndarray.Float](net Predictor[T], s *dataset.Set) []Answer {
	answers := make([]Answer, 0, s.Len())
	each(s, func(x *ndarray.Array[T], t []int) {
		y := layers.Softmax(net.Predict(x))
		for i, guess := range y.ArgMax(1) {
			answers = append(answers, Answer{Sample: len(answers), Label: t[i], Guess: guess, Probability: float64(y.At(i, guess))})
		}
	})
	return answers
}

// Mistakes returns the wrong answers, the most confident first.
func Mistakes(answers []Answer) []Answer {
	wrong := slices.DeleteFunc(slices.Clone(answers), Answer.Right)
	slices.SortStableFunc(wrong, func(a, b Answer) int { return cmp.Compare(b.Probability, a.Probability) })
	return wrong
}

// Samples returns the places of the answers in their set, for dataset.Set.Pick.
func Samples(answers []Answer) []int {
	samples := make([]int, len(answers))
	for i, a := range answers {
		samples[i] = a.Sample
	}
	return samples
}

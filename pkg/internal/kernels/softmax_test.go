package kernels

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestSoftmaxLoss(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for classes := 1; classes <= 20; classes++ {
		const samples, batch = 7, 50
		y, labels := normal(r, samples*classes), make([]int, samples)
		for i := range y {
			y[i] *= 20
		}
		dy, check := guarded[float32](t, samples*classes)
		want := 0.0
		for i := range labels {
			labels[i] = r.IntN(classes)
		}
		got := SoftmaxLoss(y, dy, classes, labels, batch)
		check()
		for i, label := range labels {
			total := 0.0
			for _, v := range y[i*classes : (i+1)*classes] {
				total += math.Exp(float64(v))
			}
			for c := range classes {
				p := math.Exp(float64(y[i*classes+c])) / total
				if c == label {
					want -= math.Log(p + 1e-7)
					p--
				}
				if d := math.Abs(float64(dy[i*classes+c]) - p/batch); !(d <= 1e-6) {
					t.Fatalf("%d classes: the gradient of sample %d, class %d is off by %v", classes, i, c, d)
				}
			}
		}
		if !(math.Abs(float64(got)-want) <= 1e-5*(1+want)) {
			t.Fatalf("%d classes: the loss is %v, want %v", classes, got, want)
		}
	}
	nan := float32(math.NaN())
	dy := make([]float32, 3)
	if loss := SoftmaxLoss([]float32{1, nan, 2}, dy, 3, []int{0}, 1); loss == loss || dy[0] == dy[0] || dy[2] == dy[2] {
		t.Errorf("a nan among the scores gives the loss %v and the gradient %v", loss, dy)
	}
}

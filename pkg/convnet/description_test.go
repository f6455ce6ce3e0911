package convnet

import (
	"testing"

	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

func TestDescription(t *testing.T) {
	rng := nprandom.New(0)
	for want, net := range map[string]*Sequential[float32]{
		"(1, 28, 28) Conv(30, 5, 1, 0), Relu(), Pool(2, 2), Affine(100), Relu(), Dropout(0.5), Affine(10), Dropout(0.5)": &NewSimpleConvNet[float32](rng,
			SimpleConvNetConfig{UseDropout: true, DropoutRatio: 0.5}).Sequential,
		"(2, 8, 8) Conv(4, 3, 2, 1), BatchNormPerChannel(), Sigmoid(), BatchNorm(), MaxPool(3, 1, 1), AveragePool(2, 2), Affine(3)": Build[float32](rng, []int{2, 8, 8}, He,
			Conv(4, 3, 2, 1), BatchNormPerChannel(), Sigmoid(), BatchNorm(), MaxPool(3, 1, 1), AveragePool(2, 2), Affine(3)),
		"(1, 8, 8) Residual(Conv(1, 3, 1, 1), Relu()), Shortcut({Conv(4, 1, 2, 0)}, Conv(4, 3, 2, 1)), Branches({Conv(2, 1, 1, 0), Relu()}, {MaxPool(3, 1, 1)}), Affine(3), BatchNorm()": Build[float32](rng,
			[]int{1, 8, 8}, He, Residual(Conv(1, 3, 1, 1), Relu()), Shortcut([]Part{Conv(4, 1, 2, 0)}, Conv(4, 3, 2, 1)), Branches([]Part{Conv(2, 1, 1, 0), Relu()}, []Part{MaxPool(3, 1, 1)}), Affine(3), BatchNormPerChannel()),
		"": NewSequential([]int{1, 4, 4}, layers.NewConvolution(ndarray.Zeros[float32](1, 1, 3, 1), ndarray.Zeros[float32](1), 1, 0), layers.NewAffine(ndarray.Zeros[float32](8, 2), ndarray.Zeros[float32](2))),
	} {
		if got := net.Description(); got != want {
			t.Errorf("it says\n%s, want\n%s", got, want)
		}
	}
}

package convnet_test

import (
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

func TestSources(t *testing.T) {
	rng := nprandom.New(0)
	dropping := convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{UseDropout: true, DropoutRatio: 0.5})
	if got := dropping.Sources(); len(got) != 1 || got[0] != ndarray.Source(rng) {
		t.Errorf("two dropout layers with one source have the sources %v", got)
	}
	if got := convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{}).Sources(); len(got) != 0 {
		t.Errorf("without dropout there are the sources %v", got)
	}
}

package explore

import (
	"strings"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/display"
	"convbook/pkg/figure/values"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// A figure of a network is in the notebook no larger than it may be, however badly its weights and images can be compressed.
func TestBytes(t *testing.T) {
	rng := nprandom.New(3)
	for _, c := range []struct {
		hidden, images, bytes int
	}{{100, 10, standardBytes}, {100, 20, standardBytes}, {20, 16, 200_000}} {
		net := convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{FilterNum: 30, HiddenSize: c.hidden})
		f := Network(net, ndarray.Rand[float32](rng, c.images, 1, 28, 28), Bytes(c.bytes))
		still := strings.ReplaceAll(string(display.Picture(f.Still())), values.Script(), "") // which an output without plain figures has not
		size := len(f.Around(still))
		t.Logf("%d hidden, %d images: %d bytes of %d", c.hidden, c.images, size, c.bytes)
		if size > c.bytes || size < c.bytes*9/10 {
			t.Errorf("with %d hidden neurons and %d images a figure of %d bytes has %d", c.hidden, c.images, c.bytes, size)
		}
	}
}

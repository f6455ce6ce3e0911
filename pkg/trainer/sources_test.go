package trainer

import (
	"strings"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/nprandom"
)

func TestForeignSource(t *testing.T) {
	net := convnet.Build[float32](constant{}, []int{1, tinySide, tinySide}, convnet.He, convnet.Affine(10), convnet.Dropout(0.5))
	_, err := New(net, openTiny(t, writeTiny(t)), Config{Rng: nprandom.New(0), Keep: t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), "draws from a trainer.constant") {
		t.Errorf("a source that cannot be kept gives %v", err)
	}
}

// constant is a random source that is none.
type constant struct{}

func (constant) Rand() float64  { return 0.7 }
func (constant) Randn() float64 { return 0.1 }

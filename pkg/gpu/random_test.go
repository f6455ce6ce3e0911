package gpu

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/layers"
	"convbook/pkg/nprandom"
)

// TestRandomShapes holds networks of random sizes to the layers: one, with CONVBOOK_LONG more, and
// as many as CONVBOOK_LONG says where that is above 1. The same number draws the same networks.
func TestRandomShapes(t *testing.T) {
	d := opened(t)
	most, err := strconv.Atoi(os.Getenv("CONVBOOK_LONG"))
	switch {
	case err != nil || most < 1:
		most = 1 // PoCL compiles each for seconds
	case most == 1:
		most = 4
	}
	for i := range most {
		s := randomShape(nprandom.New(uint32(100 + i)))
		t.Run(s.name, func(t *testing.T) { asTheLayers(t, d, s) })
	}
}

// randomShape draws a network of two to six parts and an Affine; its name says which.
func randomShape(rng *nprandom.RandomState) shape {
	from := func(low, high int) int { return rng.RandInt(low, high+1) }
	c, h, w := from(1, 3), from(5, 16), from(5, 16)
	s := shape{input: []int{c, h, w}, batch: from(1, 19), name: fmt.Sprintf("%d x %d x %d", c, h, w)}
	flat := false
	add := func(part convnet.Part, text string, args ...any) {
		s.parts, s.name = append(s.parts, part), s.name+", "+fmt.Sprintf(text, args...)
	}
	for range from(2, 6) {
		switch kind := from(0, 6); {
		case kind <= 2 && !flat && h >= 5 && w >= 5:
			filters, window, stride, pad := from(1, 40), from(1, 5), from(1, 3), from(0, 2)
			add(convnet.Conv(filters, window, stride, pad), "conv %d %d %d %d", filters, window, stride, pad)
			c, h, w = filters, (h+2*pad-window)/stride+1, (w+2*pad-window)/stride+1
			if rng.Rand() < 0.5 {
				add(convnet.Relu(), "relu")
			}
			if rng.Rand() < 0.5 && h%2 == 0 && w%2 == 0 {
				add(convnet.Pool(2, 2), "pool 2 2")
				h, w = h/2, w/2
			}
		case kind == 3 && !flat && h >= 3 && w >= 3:
			// NewPooling wants windows that fit: a stride of 1 always does.
			window, pad := from(1, 3), from(0, 1)
			pad = min(pad, window/2)
			add(convnet.NewPart(func([]int, convnet.Drawer[float32]) layers.Layer[float32] {
				return layers.NewPooling[float32](window, window, 1, pad)
			}), "pooling %d 1 %d", window, pad)
			h, w = h+2*pad-window+1, w+2*pad-window+1
		case kind == 4 && s.batch > 3:
			if !flat && rng.Rand() < 0.5 {
				add(convnet.BatchNormPerChannel(), "norm of channels")
			} else {
				add(convnet.BatchNorm(), "norm")
			}
		case kind == 5:
			if rng.Rand() < 0.5 {
				add(convnet.Sigmoid(), "sigmoid")
			} else {
				add(convnet.Dropout(0.3), "dropout")
			}
		default:
			units := from(1, 70)
			add(convnet.Affine(units), "affine %d", units)
			flat = true
		}
	}
	classes := from(2, 10)
	add(convnet.Affine(classes), "affine %d", classes)
	s.name += fmt.Sprintf(", batch %d", s.batch)
	return s
}

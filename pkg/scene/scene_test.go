package scene

import (
	"math"
	"testing"

	"convbook/pkg/dataset"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

func garments(t *testing.T) *dataset.Data {
	t.Helper()
	t.Setenv("CONVBOOK_DATA", "stand-in")
	data, err := dataset.Open("fashion")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestDraw finds every object where its box says that it is.
func TestDraw(t *testing.T) {
	data := garments(t)
	scenes := Draw[float32](nprandom.New(3), data.Test.Head(200), 20, 84, 4)
	for i, boxes := range scenes.Boxes {
		if len(boxes) != 4 {
			t.Fatalf("image %d has %d boxes", i, len(boxes))
		}
		canvas, inside := scenes.Images.Index(i, 0), 0.0
		for a, box := range boxes {
			for _, other := range boxes[a+1:] {
				if box.Overlap(other) > 0 {
					t.Errorf("image %d: %v and %v overlap", i, box, other)
				}
			}
			for y := range box.Height {
				for x := range box.Width {
					v := canvas.At(box.Y+y, box.X+x)
					inside += float64(v)
					class := scenes.Masks[i][(box.Y+y)*84+box.X+x]
					if want := v >= visible/255.; want != (class == box.Class) || !want && class != Background {
						t.Fatalf("image %d, pixel (%d, %d) is %v and has class %d in a box of class %d", i, box.Y+y, box.X+x, v, class, box.Class)
					}
				}
			}
		}
		if all := float64(canvas.SumAll()); math.Abs(all-inside) > 1e-2 || all == 0 {
			t.Errorf("image %d: the boxes hold %v of the brightness %v", i, inside, all)
		}
	}
	again := Draw[float32](nprandom.New(3), data.Test.Head(200), 20, 84, 4)
	if !again.Images.Equal(scenes.Images) {
		t.Error("the same seed drew other scenes")
	}
	defer func() {
		if recover() == nil {
			t.Error("a canvas that is too small was taken")
		}
	}()
	Draw[float32](nprandom.New(3), data.Test.Head(200), 1, 50, 4)
}

// TestBoxes computes overlaps, suppression and counts by hand.
func TestBoxes(t *testing.T) {
	a := Box{Class: 1, Y: 0, X: 0, Height: 4, Width: 4, Score: 0.9}
	b := Box{Class: 2, Y: 0, X: 2, Height: 4, Width: 4, Score: 0.8}
	far := Box{Class: 3, Y: 20, X: 20, Height: 4, Width: 4, Score: 0.7}
	if got := a.Overlap(b); math.Abs(got-8./24) > 1e-15 {
		t.Errorf("overlap %v, want 1/3", got)
	}
	if a.Overlap(a) != 1 || a.Overlap(far) != 0 || a.Overlap(Box{Y: 4, Height: 4, Width: 4}) != 0 {
		t.Error("equal boxes, distant boxes or neighbours have the wrong overlap")
	}
	if kept := Suppress([]Box{b, far, a}, 0.3); len(kept) != 2 || kept[0] != a || kept[1] != far {
		t.Errorf("kept %v", kept)
	}
	if kept := Suppress([]Box{b, far, a}, 0.4); len(kept) != 3 {
		t.Errorf("kept %v, want all", kept)
	}
	var d Detections
	d.Compare([]Box{a, {Class: 3, Y: 20, X: 21, Height: 4, Width: 4}, far}, []Box{a, {Class: 4, Y: 20, X: 20, Height: 4, Width: 4}, {Y: 40, X: 40, Height: 4, Width: 4}})
	if d != (Detections{Right: 1, Class: 1, Missed: 1, Extra: 1}) {
		t.Errorf("%+v", d)
	}
}

// TestSegmentation counts four pixels by hand.
func TestSegmentation(t *testing.T) {
	var s Segmentation
	s.Compare([]int{Background, 1, 1, 2}, []int{Background, 1, 2, 2})
	if s.Accuracy() != 0.75 || s.Overlap(1) != 0.5 || s.Overlap(2) != 0.5 || s.Overlap(Background) != 1 || s.Overlap(7) != 0 {
		t.Errorf("accuracy %v, overlaps %v %v %v", s.Accuracy(), s.Overlap(1), s.Overlap(2), s.Overlap(Background))
	}
	if got := s.MeanOverlap(); math.Abs(got-2./3) > 1e-15 {
		t.Errorf("mean overlap %v, want 2/3", got)
	}
}

// TestWindows holds what a window is said to show to the boxes of its scene.
func TestWindows(t *testing.T) {
	data := garments(t)
	rng := nprandom.New(5)
	scenes := Draw[float32](rng, data.Test.Head(200), 30, 84, 3)
	x, labels := scenes.Windows(rng, 60, 28, 10)
	objects := 0
	for i, class := range labels {
		if class != 10 {
			objects++
			if x.Index(i).SumAll() == 0 {
				t.Errorf("window %d is black and said to show class %d", i, class)
			}
		}
	}
	if objects < 30 || objects > 45 {
		t.Errorf("%d of 60 windows show an object, want every other one and a few more", objects)
	}
	for _, c := range []struct {
		y     int
		class int
		ok    bool
	}{{0, 4, true}, {4, 4, true}, {6, 0, false}, {8, 10, true}, {28, 10, true}} {
		s := &Scenes[float32]{Boxes: [][]Box{{{Class: 4, Height: 28, Width: 28}}}}
		class, ok := s.shown(0, Box{Y: c.y, Height: 28, Width: 28}, 10)
		if ok != c.ok || ok && class != c.class {
			t.Errorf("a window %d pixels below the object: class %d, %v", c.y, class, ok)
		}
	}
}

// TestEnlarge computes a row by hand, and keeps a flat map flat.
func TestEnlarge(t *testing.T) {
	row := Enlarge(ndarray.FromSlice([]float64{0, 4}, 1, 1, 1, 2), 2)
	if want := ndarray.FromSlice([]float64{0, 1, 3, 4, 0, 1, 3, 4}, 1, 1, 2, 4); !row.Equal(want) {
		t.Errorf("got %v, want %v", row, want)
	}
	if flat := Enlarge(ndarray.Full[float32](7, 2, 3, 4, 5), 3); !flat.AllClose(ndarray.Full[float32](7, 2, 3, 12, 15), 1e-6, 0) {
		t.Error("a flat map is not flat any more")
	}
}

// TestOutline counts the pixels of a border, and of one that is partly outside.
func TestOutline(t *testing.T) {
	image := ndarray.Zeros[float64](6, 6)
	Outline(image, Box{Y: 1, X: 1, Height: 3, Width: 4}, 1)
	if image.SumAll() != 10 || image.At(2, 2) != 0 || image.At(3, 4) != 1 {
		t.Errorf("got\n%v", image)
	}
	Outline(image, Box{Y: 4, X: 4, Height: 4, Width: 4}, 2)
	if image.SumAll() != 10+2*3 {
		t.Errorf("got\n%v", image)
	}
}

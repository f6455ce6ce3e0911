package dataset

import (
	"slices"
	"strings"
	"testing"

	"convbook/pkg/dataset/internal/catalog"
	"convbook/pkg/internal/idx/idxtest"
	"convbook/pkg/ndarray"
)

// smallSet has count images of 3 x 4 pixels.
func smallSet(t *testing.T, count int) *Set {
	t.Helper()
	set, err := newSet(dataFile{"images", imagesFile(count, 3, 4)}, dataFile{"labels", labelsFile(count)}, catalog.Entries[0])
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestSet(t *testing.T) {
	set := smallSet(t, 25)
	if c, h, w := set.Shape(); set.Len() != 25 || c != 1 || h != 3 || w != 4 {
		t.Errorf("%d images of %d x %d x %d", set.Len(), c, h, w)
	}
	all := idxtest.Ramp(25 * 12)
	for i := range set.Len() {
		if !slices.Equal(set.Pixels(i), all[12*i:12*i+12]) || set.Label(i) != i%10 || set.Labels()[i] != i%10 {
			t.Errorf("image %d: pixels %v, label %d, labels %d", i, set.Pixels(i), set.Label(i), set.Labels()[i])
		}
	}
	for _, n := range []int{0, 1, 25} {
		head := set.Head(n)
		if head.Len() != n || len(head.Labels()) != n || ndarray.Zeros[float32](n, 1, 3, 4).Size() != Images[float32](head).Size() {
			t.Errorf("Head(%d) has %d images", n, head.Len())
		}
		tail := set.Tail(n)
		if tail.Len() != n || n > 0 && (!slices.Equal(tail.Pixels(n-1), set.Pixels(24)) || tail.Label(0) != set.Label(25-n)) {
			t.Errorf("Tail(%d) has %d images with labels %d", n, tail.Len(), tail.Labels())
		}
	}
}

func TestHeadPanics(t *testing.T) {
	set := smallSet(t, 5)
	for _, n := range []int{-1, 6} {
		for name, part := range map[string]func(int) *Set{"Head": set.Head, "Tail": set.Tail} {
			func() {
				defer func() {
					if text, _ := recover().(string); !strings.Contains(text, "5 images") {
						t.Errorf("%s(%d) panics with %q", name, n, text)
					}
				}()
				part(n)
			}()
		}
	}
}

// Each number is the byte divided by 255 in float32, as in the class, also
// where it is then kept in float64.
func TestImages(t *testing.T) {
	set := smallSet(t, 25)
	narrow, wide := Images[float32](set), Images[float64](set)
	if !slices.Equal(wide.Shape(), []int{25, 1, 3, 4}) {
		t.Fatalf("shape %v", wide.Shape())
	}
	for i, p := range idxtest.Ramp(25 * 12) {
		want := float32(p) / 255
		if narrow.Data()[i] != want || wide.Data()[i] != float64(want) {
			t.Errorf("byte %d became %v and %v, want %v", p, narrow.Data()[i], wide.Data()[i], want)
		}
	}
}

func TestGather(t *testing.T) {
	set := smallSet(t, 25)
	all := Images[float64](set)
	indices := []int{24, 0, 7, 7}
	x, labels := ndarray.Full[float64](-1, 4, 1, 3, 4), make([]int, 4)
	Gather(set, indices, x, labels)
	for k, i := range indices {
		if !x.Index(k).Equal(all.Index(i)) || labels[k] != i%10 {
			t.Errorf("place %d holds %v with label %d, want image %d", k, x.Index(k), labels[k], i)
		}
	}
}

func TestGatherPanics(t *testing.T) {
	set := smallSet(t, 5)
	for _, c := range []struct {
		x      *ndarray.Array[float32]
		labels int
	}{
		{ndarray.Zeros[float32](3, 1, 3, 4), 2},
		{ndarray.Zeros[float32](2, 1, 4, 3), 2},
		{ndarray.Zeros[float32](2, 1, 3, 4), 3},
	} {
		func() {
			defer func() {
				if _, ok := recover().(*ndarray.ShapeError); !ok {
					t.Errorf("2 indices into x %v and %d labels: no shape error", c.x.Shape(), c.labels)
				}
			}()
			Gather(set, []int{0, 1}, c.x, make([]int, c.labels))
		}()
	}
}

func TestNewSetRefuses(t *testing.T) {
	images, labels := imagesFile(20, 3, 3), labelsFile(20)
	wild := labelsFile(20)
	wild[len(wild)-1] = 10
	for _, c := range []struct {
		name           string
		images, labels []byte
		words          []string
	}{
		{"images and labels of different length", images, labelsFile(19), []string{"I.gz holds 20 images", "L.gz holds 19 labels"}},
		{"no images", imagesFile(0, 3, 3), labelsFile(0), []string{"I.gz holds no images"}},
		{"a label without a class", images, wild, []string{"L.gz", "label 19 is 10", "10 classes"}},
		{"bad images", images[:30], labels, []string{"I.gz cannot be read", "20 images"}},
		{"bad labels", images, images, []string{"L.gz cannot be read", "magic number"}},
	} {
		_, err := newSet(dataFile{"I.gz", c.images}, dataFile{"L.gz", c.labels}, catalog.Entries[0])
		t.Run(c.name, func(t *testing.T) { wantError(t, err, c.words...) })
	}
	set, err := newSet(dataFile{"I.gz", images}, dataFile{"L.gz", labels}, catalog.Entries[0])
	if err != nil || set.Len() != 20 {
		t.Errorf("a complete pair of files was refused: %v", err)
	}
}

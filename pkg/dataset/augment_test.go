package dataset

import (
	"math"
	"runtime"
	"strings"
	"testing"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// marked is images of 9 x 9 with one bright pixel each.
func marked(n, row, col int) *ndarray.Array[float64] {
	x := ndarray.Zeros[float64](n, 1, 9, 9)
	for i := range n {
		x.Set(1, i, 0, row, col)
	}
	return x
}

// centre is the mean place of the brightness of an image.
func centre(x *ndarray.Array[float64]) (y, z float64) {
	for row := range 9 {
		for col := range 9 {
			y += float64(row) * x.At(0, row, col)
			z += float64(col) * x.At(0, row, col)
		}
	}
	return y / x.SumAll(), z / x.SumAll()
}

// TestChangesStayInTheirRange follows a pixel through each kind of change.
func TestChangesStayInTheirRange(t *testing.T) {
	const n = 400
	x := marked(n, 4, 4)
	Augment(x, Augmentation{Shift: 2}, 1)
	far := 0.
	for i := range n {
		y, z := centre(x.Index(i))
		far = max(far, math.Abs(y-4), math.Abs(z-4))
		if sum := x.Index(i).SumAll(); math.Abs(sum-1) > 1e-12 {
			t.Fatalf("a shift changes the brightness from 1 to %v", sum)
		}
	}
	if far > 2 || far < 1.9 {
		t.Errorf("shifts of up to 2 pixels reach %v", far)
	}

	x = marked(n, 4, 7) // three to the right of the middle
	Augment(x, Augmentation{Rotate: 30}, 1)
	most := 0.
	for i := range n {
		y, z := centre(x.Index(i))
		most = max(most, math.Abs(math.Atan2(y-4, z-4))*180/math.Pi)
	}
	if most > 31 || most < 27 {
		t.Errorf("turns of up to 30 degrees reach %v", most)
	}

	x = marked(n, 4, 6)
	Augment(x, Augmentation{Flip: 0.25}, 1)
	flipped := 0.
	for i := range n {
		if x.At(i, 0, 4, 2) == 1 {
			flipped++
		} else if x.At(i, 0, 4, 6) != 1 {
			t.Fatal("a flip moved the pixel elsewhere")
		}
	}
	if share := flipped / n; math.Abs(share-0.25) > 0.07 {
		t.Errorf("%.2f are flipped, want a quarter", share)
	}

	x = marked(n, 4, 6)
	Augment(x, Augmentation{Scale: 0.5}, 1)
	least, largest := math.Inf(1), 0.
	for i := range n {
		if sum := x.Index(i).SumAll(); sum > 1e-6 {
			_, z := centre(x.Index(i))
			least, largest = min(least, z), max(largest, z)
		}
	}
	if least < 4.9 || least > 5.1 || largest < 7.5 || largest > 8.1 {
		t.Errorf("two pixels from the middle become %v to %v at half to twice the size, want 1 to 4", least-4, largest-4)
	}

	x = marked(n, 4, 4)
	Augment(x, Augmentation{Bend: 1.5}, 1)
	far = 0
	for i := range n {
		y, z := centre(x.Index(i))
		far = max(far, math.Abs(y-4), math.Abs(z-4))
	}
	if far > 2.5 || far < 0.5 {
		t.Errorf("bends of up to 1.5 pixels reach %v", far)
	}

	x = ndarray.Zeros[float64](n, 1, 9, 9)
	Augment(x, Augmentation{Noise: 0.2}, 1)
	if mean, std := x.MeanAll(), math.Sqrt(x.Mul(x).MeanAll()); math.Abs(mean) > 0.005 || math.Abs(std-0.2) > 0.005 {
		t.Errorf("noise with mean %v and standard deviation %v, want 0 and 0.2", mean, std)
	}
}

// TestAugmentationIsDeterministic checks that images depend on seed and step alone.
func TestAugmentationIsDeterministic(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	all := Augmentation{Shift: 2, Rotate: 15, Scale: 0.1, Flip: 0.5, Bend: 1, Noise: 0.1, Seed: 5}
	original := ndarray.Rand[float32](nprandom.New(0), 20, 1, 28, 28)
	augmented := func(a Augmentation, step, procs int) *ndarray.Array[float32] {
		runtime.GOMAXPROCS(procs)
		x := original.Clone()
		Augment(x, a, step)
		return x
	}
	first := augmented(all, 7, 1)
	for _, procs := range []int{1, 2, 3, 8} {
		if !augmented(all, 7, procs).Equal(first) {
			t.Errorf("%d processors make other images", procs)
		}
	}
	if augmented(all, 8, 1).Equal(first) {
		t.Error("another step makes the same images")
	}
	other := all
	other.Seed = 6
	if augmented(other, 7, 1).Equal(first) {
		t.Error("another seed makes the same images")
	}
	if !augmented(Augmentation{Seed: 3}, 7, 1).Equal(original) {
		t.Error("no augmentation changes the images")
	}
}

func TestAugmentationCheck(t *testing.T) {
	for _, c := range []struct {
		a    Augmentation
		want string
	}{
		{Augmentation{}, ""},
		{Augmentation{Rotate: 180, Flip: 1, Scale: 0.5}, ""},
		{Augmentation{Rotate: 200}, "Augmentation.Rotate is 200; want 0 to 180"},
		{Augmentation{Scale: 1}, "Augmentation.Scale"},
		{Augmentation{Flip: 1.5}, "Augmentation.Flip"},
		{Augmentation{Noise: -1}, "Augmentation.Noise"},
		{Augmentation{Shift: math.NaN()}, "Augmentation.Shift"},
	} {
		err := c.a.Check()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.a, err, c.want)
		}
	}
}

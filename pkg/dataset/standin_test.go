package dataset

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"convbook/pkg/dataset/internal/catalog"
	"convbook/pkg/nprandom"
)

// A program's output tells of a stand-in once, however often the data is opened.
func TestStandInIsToldOnce(t *testing.T) {
	t.Setenv(FolderVariable, standInValue)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func(before *os.File) { os.Stdout = before }(os.Stdout)
	os.Stdout = w
	noticed.Clear()
	var data *Data
	for range 3 {
		if data, err = Open("mnist"); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	if told, err := io.ReadAll(r); err != nil || string(told) != data.Notice()+"\n" {
		t.Errorf("told is %q, %v; want once %q", told, err, data.Notice())
	}
}

func TestStandInOnRequest(t *testing.T) {
	t.Setenv(FolderVariable, standInValue)
	for _, name := range []string{"fashion", "mnist"} {
		var log strings.Builder
		data, err := Open(name, Log(&log))
		if err != nil {
			t.Fatal(err)
		}
		if !data.StandIn || data.Train.Len() != 60000 || data.Test.Len() != 10000 || log.String() != data.Notice()+"\n" {
			t.Errorf("%v; it told: %s", data, log.String())
		}
		if c, h, w := data.Train.Shape(); c != 1 || h != 28 || w != 28 {
			t.Errorf("images of %d x %d x %d", c, h, w)
		}
		counts := make([]int, 10)
		for _, class := range data.Train.Labels() {
			counts[class]++
		}
		if slices.Min(counts) < 5700 || slices.Max(counts) > 6300 {
			t.Errorf("%s: images of each class: %v", name, counts)
		}
	}
}

// sumOf returns the SHA-256 of the labels and images of a set.
func sumOf(s *Set) string {
	return fmt.Sprintf("%x", sha256.Sum256(slices.Concat(s.labels, s.pixels)))
}

// The same images come on any number of processors, in every run, and however
// many are drawn.
func TestStandInIsAlwaysTheSame(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for name, c := range map[string]struct {
		draw func(r *nprandom.RandomState, class int) *canvas
		want string // on amd64; elsewhere a grey may be rounded otherwise
	}{
		"garments": {drawGarment, drawnSums["fashion"]},
		"digits":   {drawDigit, drawnSums["mnist"]},
	} {
		var sums []string
		for _, processors := range []int{1, 3, 8} {
			runtime.GOMAXPROCS(processors)
			sums = append(sums, sumOf(drawSet(500, 70_000, c.draw)))
		}
		sums = append(sums, sumOf(drawSet(777, 70_000, c.draw).Head(500)))
		if len(slices.Compact(slices.Clone(sums))) != 1 {
			t.Errorf("%s: the sums differ: %v", name, sums)
		}
		if runtime.GOARCH == "amd64" && sums[0] != c.want {
			t.Errorf("%s: the sum is %s, want %s", name, sums[0], c.want)
		}
	}
}

// Training and test images are drawn apart: none is in both.
func TestStandInSetsDiffer(t *testing.T) {
	data := drawStandIn(catalog.Entries[1])
	seen := map[[32]byte]bool{}
	for i := range data.Train.Len() {
		seen[sha256.Sum256(data.Train.Pixels(i))] = true
	}
	if len(seen) != data.Train.Len() {
		t.Errorf("only %d of %d training images are different", len(seen), data.Train.Len())
	}
	for i := range data.Test.Len() {
		if seen[sha256.Sum256(data.Test.Pixels(i))] {
			t.Fatalf("test image %d is also a training image", i)
		}
	}
}

// A shape is painted where a plain count over finer points says: each pixel
// takes the part of the shade that the shape covers.
func TestFillCoversByArea(t *testing.T) {
	for seed := range uint32(30) {
		r := nprandom.New(seed)
		c := &canvas{move: pose(r, 3, 0.5, 0.5)}
		polygon := []point{{-0.7, -0.6}, {0.5, -0.8}, {0.8, 0.3}, {0.1, 0}, {-0.4, 0.9}}
		c.fill(polygon, func(point) float64 { return 1 })
		moved := c.moved(polygon)
		const fine = 8
		for i, got := range c.grey {
			covered := 0.0
			for k := range fine * fine {
				p := point{middle(i % side), middle(i / side)}
				p.x += (float64(k%fine) + 0.5 - fine/2) / fine * 2 / side
				p.y += (float64(k/fine) + 0.5 - fine/2) / fine * 2 / side
				if within(p, moved) {
					covered += 1.0 / (fine * fine)
				}
			}
			if d := got - covered; d > 0.35 || d < -0.35 || (covered == 0 && got > 0.3) {
				t.Fatalf("seed %d: pixel %d is covered by %.2f of the shape but painted %.2f", seed, i, covered, got)
			}
		}
	}
}

// within tells by the winding of the outline whether p is inside.
func within(p point, polygon []point) bool {
	winding := 0
	for i, a := range polygon {
		b := polygon[(i+1)%len(polygon)]
		left := (b.x-a.x)*(p.y-a.y) - (b.y-a.y)*(p.x-a.x)
		if a.y <= p.y && b.y > p.y && left > 0 {
			winding++
		} else if b.y <= p.y && a.y > p.y && left < 0 {
			winding--
		}
	}
	return winding != 0
}

func BenchmarkStandIn(b *testing.B) {
	for b.Loop() {
		drawStandIn(catalog.Entries[1])
	}
}

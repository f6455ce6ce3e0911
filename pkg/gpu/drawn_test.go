package gpu

import (
	"os"
	"path/filepath"
	"testing"

	"convbook/pkg/dataset"
	"convbook/pkg/internal/idx/idxtest"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// drawnData writes a data set of noise with a bright bar at a place for each class, and
// opens it.
func drawnData(t testing.TB, rng *nprandom.RandomState, train, test, height, width, classes int) *dataset.Data {
	t.Helper()
	folder := t.TempDir()
	write := func(name string, file []byte) {
		if err := os.WriteFile(filepath.Join(folder, name), file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"train", "t10k"} {
		count := train
		if name == "t10k" {
			count = test
		}
		labels, pixels := make([]byte, count), make([]byte, count*height*width)
		for i := range labels {
			labels[i] = byte(rng.RandInt(0, classes))
			for at := range height * width {
				pixels[i*height*width+at] = byte(rng.RandInt(0, 60))
				if at%10 == int(labels[i]) {
					pixels[i*height*width+at] = byte(150 + rng.RandInt(0, 100))
				}
			}
		}
		write(name+"-images-idx3-ubyte", idxtest.File(0x0803, []uint32{uint32(count), uint32(height), uint32(width)}, pixels))
		write(name+"-labels-idx1-ubyte", idxtest.File(0x0801, []uint32{uint32(count)}, labels))
	}
	data, err := dataset.Open("fashion", dataset.Folder(folder))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// gather returns samples of a set as a network takes them.
func gather(s *dataset.Set, indices []int) (*ndarray.Array[float32], []int) {
	c, h, w := s.Shape()
	x, labels := ndarray.Zeros[float32](len(indices), c, h, w), make([]int, len(indices))
	dataset.Gather(s, indices, x, labels)
	return x, labels
}

// upTo returns 0, 1, …, n-1.
func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

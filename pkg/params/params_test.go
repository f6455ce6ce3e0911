package params

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"convbook/pkg/internal/npy"
	"convbook/pkg/ndarray"
)

func example() map[string]*ndarray.Array[float64] {
	return map[string]*ndarray.Array[float64]{
		"W1": ndarray.Arange[float64](24).Reshape(2, 3, 4).Scale(math.Pi),
		"b1": ndarray.FromSlice([]float64{math.Inf(1), math.Copysign(0, -1), 5e-324}),
		"s":  ndarray.Full(2.5),
		"e":  ndarray.Zeros[float64](0, 3),
	}
}

func TestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "params.npz")
	want := example()
	if err := Save(path, want); err != nil {
		t.Fatal(err)
	}
	got, err := Load[float64](path)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Fatalf("%d arrays come back, want %d", len(got), len(want))
	}
	for name, a := range want {
		if !got[name].Equal(a) {
			t.Errorf("%s comes back as %v, want %v", name, got[name].Data(), a.Data())
		}
	}
	narrow, err := Load[float32](path)
	if err != nil {
		t.Fatal(err)
	}
	if v := narrow["W1"].At(1, 2, 3); v != float32(23*math.Pi) {
		t.Errorf("W1[1,2,3] narrows to %v, want %v", v, float32(23*math.Pi))
	}
}

// numpy.load reads what Save writes, and Load what numpy.savez writes, in every
// type and order.
func TestNumPy(t *testing.T) {
	if exec.Command("python3", "-c", "import numpy").Run() != nil {
		t.Skip("skipped: needs python3 with numpy")
	}
	dir := t.TempDir()
	if err := Save(filepath.Join(dir, "go.npz"), example()); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("python3", "-c", `
import numpy as np
a = np.load("go.npz")
assert sorted(a) == ["W1", "b1", "e", "s"], sorted(a)
assert a["W1"].dtype == np.float64 and (a["W1"] == np.arange(24.).reshape(2, 3, 4) * np.pi).all()
assert a["b1"].tolist() == [np.inf, 0.0, 5e-324] and np.signbit(a["b1"][1])
assert a["s"].shape == () and a["s"] == 2.5 and a["e"].shape == (0, 3)
w = np.arange(6.).reshape(2, 3) / 8
out = {t + o: np.asarray(w, dtype=t, order=o) for t in ["<f2", "<f4", "<f8", ">f2", ">f4", ">f8"] for o in "CF"}
np.savez("stored.npz", **out)
np.savez_compressed("deflated.npz", **out)
`)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := ndarray.Arange[float64](6).Reshape(2, 3).Scale(0.125)
	for _, file := range []string{"stored.npz", "deflated.npz"} {
		got, err := Load[float64](filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range slices.Sorted(maps.Keys(got)) {
			if !got[name].Equal(want) {
				t.Errorf("%s: %s is %v, want %v", file, name, got[name].Data(), want.Data())
			}
		}
		if len(got) != 12 {
			t.Errorf("%s: %d arrays, want 12", file, len(got))
		}
	}
}

func TestHalf(t *testing.T) {
	for bits, want := range map[uint16]float64{0x3c00: 1, 0xc000: -2, 0x7bff: 65504, 0x0001: math.Ldexp(1, -24), 0x7c00: math.Inf(1), 0xfc00: math.Inf(-1), 0x3555: 0.333251953125} {
		if got := half(bits); got != want {
			t.Errorf("half(%#04x) = %v, want %v", bits, got, want)
		}
	}
	if !math.IsNaN(half(0x7e00)) {
		t.Error("half(0x7e00) is not nan")
	}
}

func npyFile(dict string, data ...byte) []byte {
	file := append([]byte(npy.Magic), 1, 0)
	file = binary.LittleEndian.AppendUint16(file, uint16(len(dict)))
	return append(append(file, dict...), data...)
}

func archive(t *testing.T, entries ...any) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(entries); i += 2 {
		f, err := w.Create(entries[i].(string))
		if err != nil {
			t.Fatal(err)
		}
		f.Write(entries[i+1].([]byte))
	}
	w.Close()
	return b.Bytes()
}

func TestBadFiles(t *testing.T) {
	good := npyFile("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 0, 0, 128, 63)
	bomb := npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (16777216,), }", make([]byte, 128<<20)...)
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"nothing", nil, "it is empty"},
		{"no zip", []byte("hello"), "neither an .npz"},
		{"a single array", good, "numpy.savez"},
		{"long floats", archive(t, "W1.npy", npyFile("{'descr': '<f16', 'fortran_order': False, 'shape': (0,), }")), "astype"},
		{"cut off", archive(t, "W1.npy", good)[:40], "no .npz file that can be read"},
		{"asks for 32 GiB", archive(t, "W1.npy", npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296,), }")), "but has 0 bytes"},
		{"overflow", archive(t, "W1.npy", npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807, 9223372036854775807), }", 1)), "but has 1 bytes"},
		{"too large a number", archive(t, "W1.npy", npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }")), "shape"},
		{"long header", archive(t, "W1.npy", append([]byte(npy.Magic), 2, 0, 255, 255, 255, 255)), "header has"},
		{"objects", archive(t, "W1.npy", npyFile("{'descr': '|O8', 'fortran_order': False, 'shape': (), }", 1)), "want floats"},
		{"complex numbers", archive(t, "W1.npy", npyFile("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", 0, 0, 0, 0, 0, 0, 0, 0)), "want floats"},
		{"twice", archive(t, "W1.npy", good, "W1.npy", good), "twice"},
		{"a path", archive(t, "../W1.npy", good), "not a name"},
		{"no array", archive(t, "readme.txt", good), "no .npy"},
		{"bomb", archive(t, "W1.npy", bomb), "unpacks to more"},
		{"version", archive(t, "W1.npy", append([]byte(npy.Magic), 9, 0, 0, 0, 0, 0, 0)), "version"},
	} {
		path := filepath.Join(t.TempDir(), "p.npz")
		if err := os.WriteFile(path, c.file, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Load[float64](path)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: the error is %q, want one with the path and %q", c.name, err, c.want)
		}
	}
	if _, err := Load[float32](filepath.Join(t.TempDir(), "none.npz")); err == nil || !strings.Contains(err.Error(), "save the parameters") {
		t.Errorf("a missing file gives %v", err)
	}
	if err := Save("params.txt", example()); err == nil || !strings.Contains(err.Error(), ".npz or .safetensors") {
		t.Errorf("another ending gives %v", err)
	}
}

// A file that cannot be replaced stays as it was, and nothing is left beside it.
func TestSaveKeepsTheOldFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "p.npz")
	if err := Save(path, example()); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	if err := Save(path, map[string]*ndarray.Array[float64]{"../x": ndarray.Zeros[float64](1)}); err == nil {
		t.Error("a name with a path is written")
	}
	if err := Save(filepath.Join(dir, "missing", "p.npz"), example()); err == nil || !strings.Contains(err.Error(), "choose a folder") {
		t.Errorf("a folder that is not there gives %v", err)
	}
	after, _ := os.ReadFile(path)
	if !bytes.Equal(before, after) {
		t.Error("the old file changed")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("%d files are left, want 1", len(entries))
	}
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		return
	}
	os.Chmod(dir, 0o500)
	defer os.Chmod(dir, 0o700)
	if err := Save(path, example()); err == nil {
		t.Error("a folder that cannot be written gives no error")
	}
}

func FuzzDecodeNpy(f *testing.F) {
	f.Add(npyFile("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 0, 0, 128, 63))
	f.Add(npyFile("{'descr': '>f2', 'fortran_order': True, 'shape': (2, 1), }", 1, 2, 3, 4))
	f.Add(npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296,), }"))
	f.Fuzz(func(t *testing.T, file []byte) {
		a, err := decodeNpy[float64](file)
		if err == nil && a.Size()*2 > len(file) {
			t.Errorf("%d bytes give %d elements", len(file), a.Size())
		}
	})
}

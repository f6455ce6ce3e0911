package params

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convbook/pkg/ndarray"
)

// TestHabits reads what people write besides a plain dict of floats, as Python writes it
// here and now.
func TestHabits(t *testing.T) {
	if exec.Command("python3", "-c", "import numpy").Run() != nil {
		t.Skip("skipped: needs python3 with NumPy")
	}
	folder := t.TempDir()
	cmd := exec.Command("python3", "-c", `
import collections, pickle, sys
import numpy as np
w, b = np.arange(6, dtype=np.float32).reshape(2, 3), np.array([1.5, -2.5])
plain = {"W1": w, "b1": b, "n": np.array(7), "flags": np.array([True, False]), "none": np.zeros((0, 3)), "one": np.float64(2.5),
         "small": np.array([-3, 4], dtype=np.int8), "big": np.array([2**40], dtype=np.int64), "conv1/kernel:0": w, "bn.num_batches_tracked": np.array(12345)}
default = collections.defaultdict(list); default.update(plain)
nothing = collections.defaultdict(None, plain)
floats = collections.defaultdict(float); floats.update(plain)
kinds = {"dict": plain, "ordered": collections.OrderedDict(plain), "default": default, "nothing": nothing, "floats": floats,
         "scalars": {k: (v if v.ndim else v[()]) for k, v in ((k, np.asarray(v)) for k, v in plain.items())}}
for name, kind in kinds.items():
    for protocol in range(2, 6):
        with open(f"{name}{protocol}.pkl", "wb") as f:
            pickle.dump(kind, f, protocol=protocol)
np.savez("stored.npz", **plain)
np.savez_compressed("deflated.npz", **plain)
try:
    from safetensors.numpy import save_file
    save_file({k: np.asarray(v).copy() for k, v in plain.items()}, "python.safetensors", metadata={"format": "pt"})
except ImportError:
    pass
pickle.dump({"params": plain, "epoch": 3}, open("nested.bad", "wb"))
pickle.dump([w, b], open("list.bad", "wb"))
pickle.dump({"W1": w.astype(complex)}, open("complex.bad", "wb"))
pickle.dump({"W1": w.tolist()}, open("lists.bad", "wb"))
pickle.dump(plain, open("protocol0.bad", "wb"), protocol=0)
np.save(open("single.bad", "wb"), w)
open("empty.bad", "wb").close()
`)
	cmd.Dir = folder
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	w := ndarray.Arange[float64](6).Reshape(2, 3)
	want := map[string]*ndarray.Array[float64]{"W1": w, "conv1/kernel:0": w, "b1": ndarray.FromSlice([]float64{1.5, -2.5}), "n": ndarray.Full[float64](7),
		"flags": ndarray.FromSlice([]float64{1, 0}), "none": ndarray.Zeros[float64](0, 3), "one": ndarray.Full(2.5), "small": ndarray.FromSlice([]float64{-3, 4}),
		"big": ndarray.FromSlice([]float64{1 << 40}), "bn.num_batches_tracked": ndarray.Full[float64](12345)}
	files, err := filepath.Glob(filepath.Join(folder, "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, path := range files {
		if filepath.Ext(path) == ".bad" {
			continue
		}
		read++
		got, err := Load[float64](path)
		if err != nil {
			t.Error(err)
			continue
		}
		for name, a := range want {
			if got[name] == nil || !got[name].Equal(a) || !slices.Equal(got[name].Shape(), a.Shape()) {
				t.Errorf("%s: %s is %v, want %v", filepath.Base(path), name, got[name], a)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d arrays, want %d", filepath.Base(path), len(got), len(want))
		}
	}
	if read < 6*4+2 {
		t.Errorf("only %d files were read", read)
	}
	for name, word := range map[string]string{
		"nested.bad": `"params" is a dict of its own, of 10 values: write that alone, with pickle.dump(params["params"], f)`, "list.bad": "it holds a list, want a dict of arrays",
		"complex.bad": `type "<c`, "lists.bad": `"W1" is a list, want an array`, "protocol0.bad": "protocol 0", "single.bad": "single array", "empty.bad": "it is empty",
	} {
		if _, err := Load[float64](filepath.Join(folder, name)); err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%s: %v, want %q in it", name, err, word)
		}
	}
}

// Files of other programs are named as what they are.
func TestForeignFiles(t *testing.T) {
	for name, c := range map[string]struct{ file, word string }{
		"torch.save":        {string(archive(t, "archive/data.pkl", []byte("\x80\x02}."), "archive/version", []byte("3\n"), "archive/data/0", []byte{1})), "torch.save"},
		"torch.save of old": {"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.", "torch.save"},
		"a tensor":          {"\x80\x02}q\x00X\x02\x00\x00\x00W1ctorch._utils\n_rebuild_tensor_v2\n", "tensors of torch"},
		"joblib":            {"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00}\x8c\x02W1\x8c\x13joblib.numpy_pickle\x8c\x11NumpyArrayWrapper\x93", "joblib.dump"},
		"joblib by zlib":    {"\x78\x9c\x01\x02\x03", "joblib"},
		"gzip":              {"\x1f\x8b\x08\x00", "gzip"},
		"Keras":             {string(archive(t, "metadata.json", []byte("{}"), "config.json", []byte("{}"), "model.weights.h5", []byte("\x89HDF"))), "Keras"},
		"HDF5":              {"\x89HDF\r\n\x1a\n\x00", "HDF5"},
		"MATLAB":            {"MATLAB 5.0 MAT-file, Platform: GLNXA64", "MATLAB"},
		"LFS":               {"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "Git LFS"},
		"web page":          {"<!DOCTYPE html><html>404</html>", "web page"},
		"JSON":              {`{"W1": [1, 2, 3], "b1": 4}`, "JSON"},
		"merge":             {"<<<<<<< HEAD\n", "merge conflict"},
		"pandas":            {"\x80\x04cpandas.core.frame\nDataFrame\n.", "pandas"},
		"text":              {"W1 1 2 3", "neither an .npz"},
		"jax":               {"\x80\x04cjax._src.array\n_reconstruct_array\n.", "jax"},
	} {
		if _, err := decode[float64]([]byte(c.file)); err == nil || !strings.Contains(err.Error(), c.word) || strings.Contains(err.Error(), "json:") {
			t.Errorf("%s: %v, want %q in it", name, err, c.word)
		}
	}
	// The length that a .safetensors begins with may look like anything.
	for _, begin := range []string{"\x1f\x8b", "\x78\x9c", "{\"", "}q", "\x80\x02", "\x80\x04", "PK"} {
		length := int(begin[0]) + int(begin[1])<<8
		header := `{"W1":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`
		if arrays, err := decode[float64](tensors(header+strings.Repeat(" ", length-len(header)), 0, 0, 128, 63)); err != nil || arrays["W1"].At(0) != 1 {
			t.Errorf("a header of %d bytes: %v", length, err)
		}
	}
}

// TestFlips changes single bits of files: what is loaded is what was saved, or an error.
func TestFlips(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	want := map[string]*ndarray.Array[float32]{}
	for i, name := range []string{"W1", "b1", "W2", "b2", "W3", "b3", "gamma", "beta"} {
		a := ndarray.Zeros[float32](3+i, 5)
		for k := range a.Data() {
			a.Data()[k] = float32(r.NormFloat64())
		}
		want[name] = a
	}
	folder := t.TempDir()
	files := map[string][]byte{}
	for _, name := range []string{"params.npz", "params.safetensors"} {
		if err := Save(filepath.Join(folder, name), want); err != nil {
			t.Fatal(err)
		}
		files[name], _ = os.ReadFile(filepath.Join(folder, name))
	}
	check := func(name string, file []byte, want map[string]*ndarray.Array[float32]) {
		wrong, refused := 0, 0
		for range 2000 {
			changed := bytes.Clone(file)
			bit := r.IntN(8 * len(changed))
			changed[bit/8] ^= 1 << (bit % 8)
			got, err := decode[float32](changed)
			if err != nil {
				refused++
				continue
			}
			same := len(got) == len(want)
			for name, a := range want {
				same = same && got[name] != nil && got[name].Equal(a)
			}
			if !same {
				wrong++
			}
		}
		t.Logf("%s, %d bytes: of 2,000 flips %d are refused and %d give something else", name, len(file), refused, wrong)
		if wrong > 0 {
			t.Errorf("%s: %d of 2,000 flips give something else in silence", name, wrong)
		}
	}
	for name, file := range files {
		check(name, file, want)
	}
	// An archive of NumPy's has no digest, but a checksum for each array.
	for _, name := range []string{"numpy1.npz", "numpy2_compressed.npz"} {
		file, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		arrays, err := decode[float32](file)
		if err != nil {
			t.Fatal(err)
		}
		check(name, file, arrays)
	}
}

package params

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestAdvice opens what cannot be parameters as it is: the error says how it becomes so. Not
// refused is what merely lies beside the arrays.
func TestAdvice(t *testing.T) {
	if exec.Command("python3", "-c", "import numpy").Run() != nil {
		t.Skip("skipped: needs python3 with NumPy")
	}
	folder := t.TempDir()
	cmd := exec.Command("python3", "-c", `
import collections, io, pickle, zipfile
import numpy as np
w = np.arange(6.0).reshape(2, 3)
O = collections.OrderedDict
def pkl(name, v, protocol=4):
    with open(name + ".pkl", "wb") as f: pickle.dump(v, f, protocol=protocol)
pkl("numbers", {"W1": w, "rate": 0.5, "epochs": 20, "on": True, "huge": -10**30, "nan": float("nan")})
pkl("arrays in a list", {"W": [w, w]})
pkl("numbers in a list", {"W": [[1.0, 2.0], [3.0, 4.0]]})
pkl("dicts", O(conv=O(W=w), fc=O(W=w)))
pkl("text", {"W1": w, "activation": "relu"})
pkl("none", {"W1": w, "b1": None})
pkl("keys", {1: w})
pkl("weights", [w, w])
pkl("tuple", (w, w))
pkl("array", w)
pkl("matrix", {"W1": np.matrix(w)})
pkl("masked", {"W1": np.ma.array(w)})
pkl("words", {"W1": np.array(["a", "b"])})
pkl("complex", {"W1": w.astype(complex)})
pkl("set", {"W1": w, "s": {1}}, 2)
for protocol in 0, 1:
    pkl(f"plain of {protocol}", {"W1": w}, protocol)
    pkl(f"ordered of {protocol}", O(W1=w), protocol)
    pkl(f"default of {protocol}", collections.defaultdict(list, W1=w), protocol)
    pkl(f"list of {protocol}", [w], protocol)
    pkl(f"array of {protocol}", w, protocol)
np.savez("name.npz", W1=w, name=np.array("relu"))
np.savez("points.npz", **{"layer..0": w})
def packed(name, *others):
    with zipfile.ZipFile(name, "w") as z:
        for other in others: z.writestr(other, b"")
        b = io.BytesIO(); np.save(b, w); z.writestr("d/W1.npy", b.getvalue())
packed("folder.npz", "d/", "__MACOSX/d/._W1.npy", "d/.DS_Store", ".DS_Store")
packed("note.npz", "readme.txt")
packed("up.npz", "../W2.npy")
packed("up on windows.npz", "..\\W2.npy")
`)
	cmd.Dir = folder
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for file, words := range map[string]string{
		"arrays in a list.pkl": `{f"W.{i}": a for i, a in enumerate(params["W"])}`, "numbers in a list.pkl": `numpy.array(params["W"])`,
		"dicts.pkl": `{f"{a}.{b}": v for`, "text.pkl": `"activation" is a text, want an array: leave it out`, "none.pkl": `"b1" is None, want an array: leave it out`,
		"keys.pkl": `{str(k): v`, "weights.pkl": "enumerate(params)", "tuple.pkl": "enumerate(params)", "array.pkl": `numpy.savez("params.npz", W1=a)`,
		"matrix.pkl": "numpy.array(v)", "masked.pkl": "numpy.array(v)", "words.pkl": "leave it out", "complex.pkl": "a.real", "set.pkl": "numpy.savez",
		"plain of 0.pkl": "protocol=4", "ordered of 0.pkl": "protocol=4", "default of 0.pkl": "protocol=4", "list of 0.pkl": "protocol=4", "array of 0.pkl": "protocol=4",
		"plain of 1.pkl": "protocol=4", "ordered of 1.pkl": "protocol=4", "default of 1.pkl": "protocol=4", "list of 1.pkl": "protocol=4", "array of 1.pkl": "protocol=4",
		"name.npz": "leave it out", "note.npz": "leave it out", "up.npz": "not a name", "up on windows.npz": "not a name",
	} {
		if _, err := Load[float64](filepath.Join(folder, file)); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v, want %q in it", file, err, words)
		}
	}
	numbers, err := Load[float64](filepath.Join(folder, "numbers.pkl"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]float64{"rate": 0.5, "epochs": 20, "on": 1, "huge": -1e30} {
		if a := numbers[name]; a == nil || a.NDim() != 0 || a.Data()[0] != want {
			t.Errorf("%s is %v, want %v", name, a, want)
		}
	}
	for file, name := range map[string]string{"points.npz": "layer..0", "folder.npz": "d/W1"} {
		arrays, err := Load[float64](filepath.Join(folder, file))
		if err != nil || len(arrays) != 1 || arrays[name] == nil {
			t.Errorf("%s: %v, %v; want %s alone", file, arrays, err, name)
		}
	}
}

// No error of a header speaks of types of Go.
func TestHeaderInWords(t *testing.T) {
	for header, words := range map[string]string{
		`{"__metadata__":{"format":5}}`:                             "metadata",
		`{"__metadata__":[]}`:                                       "metadata",
		`{"W1":{"dtype":5,"shape":[1],"data_offsets":[0,4]}}`:       `"dtype" is a number`,
		`{"W1":{"dtype":"F32","shape":"1","data_offsets":[0,4]}}`:   `"shape" is a string`,
		`{"W1":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}`: `"shape"`,
		`{"W1":{"dtype":"F32","shape":[1],"data_offsets":[-1,4]}}`:  `"data_offsets"`,
		`{"W1":[1,2]}`: `array "W1"`,
		`{"W1":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}`:                     "cut off",
		`{"W1":{"dtype":"F32" "shape":[1]}}`:                                         `array "W1"`,
		`{"W1":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}`:                "t.float()",
		`{"W1":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}`: `"shape"`,
	} {
		_, err := decode[float64](tensors(header, 0, 0, 128, 63))
		if err == nil || !strings.Contains(err.Error(), words) || strings.Contains(err.Error(), "json") || strings.Contains(err.Error(), "Go ") {
			t.Errorf("%s: %v, want %q in it", header, err, words)
		}
	}
}

package params

import (
	"archive/zip"
	"bytes"
	"path"
	"strings"

	"convbook/pkg/internal/npy"
)

const (
	fromTorch = "it is a file of torch.save: in Python, numpy.savez(\"params.npz\", **{k: v.numpy() for k, v in " +
		"torch.load(path, map_location=\"cpu\").items()}) writes its arrays"
	fromJoblib = "it is a file of joblib.dump: in Python, numpy.savez(\"params.npz\", **joblib.load(path)) writes its arrays"
	fromKeras  = "it is a file of Keras: in Python, numpy.savez(\"params.npz\", **{w.path: w.numpy() for w in model.weights}) writes its arrays"
)

// beginnings are how files of other kinds begin, and what to do with them.
var beginnings = []struct{ begin, what string }{
	{npy.Magic, "it is a single array, an .npy; write all together with numpy.savez(\"params.npz\", **params)"},
	{"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", fromTorch}, // before version 1.6
	{"\x89HDF\r\n", fromKeras + " (it is HDF5)"},
	{"MATLAB 5.0 MAT-file", "it is a file of MATLAB: in Python, numpy.savez(\"params.npz\", **scipy.io.loadmat(path)) writes its arrays, without the names that begin with __"},
	{"GGUF", "it is a GGUF file, of quantised weights that are not read here"},
	{"version https://git-lfs", "it is a pointer of Git LFS in place of the file: fetch it with git lfs pull"},
	{"<!DOCTYPE", "it is a web page: download the file itself"},
	{"<html", "it is a web page: download the file itself"},
	{"{\"", "it is JSON; write the arrays with numpy.savez(\"params.npz\", **params)"},
	{"\x1f\x8b", "it is compressed by gzip; unpack it first (a file of joblib.dump may be: then joblib.load reads it)"},
	{"\x78\x9c", "it is compressed by zlib, as by joblib.dump: numpy.savez(\"params.npz\", **joblib.load(path)) writes its arrays"},
	{"\x78\x5e", "it is compressed by zlib, as by joblib.dump: numpy.savez(\"params.npz\", **joblib.load(path)) writes its arrays"},
	{"BZh", "it is compressed by bzip2; unpack it first"},
	{"\xfd7zXZ", "it is compressed by xz; unpack it first"},
	{"<<<<<<< ", "it holds the marks of a merge conflict: take one of the two files"},
}

// foreign says what a file of another kind is, and how its arrays come out; "" for those
// that are read.
func foreign(file []byte) string {
	if len(file) == 0 {
		return "it is empty; save the parameters again"
	}
	for _, b := range beginnings {
		if !looksLikeTensors(file) && bytes.HasPrefix(file, []byte(b.begin)) {
			return b.what
		}
	}
	if looksLikeTensors(file) {
		return ""
	}
	if oldPickle(file) {
		return "it is a pickle of protocol 0 or 1: write it again with pickle.dump(params, f, protocol=4)"
	}
	if !bytes.HasPrefix(file, []byte("PK")) {
		return ""
	}
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return ""
	}
	for i, entry := range archive.File {
		switch name := entry.Name; {
		case i > 100:
			return ""
		case path.Base(name) == "data.pkl" || strings.HasSuffix(name, "/version"):
			return fromTorch
		case name == "model.weights.h5":
			return fromKeras
		}
	}
	return ""
}

// oldPickle reports whether a file begins as a pickle of protocol 0 or 1, which has no
// mark of its own: with a dict, a list, a tuple or a name, and what remembers it.
func oldPickle(file []byte) bool {
	for _, begin := range []string{"(dp", "(lp", "(d.", "(l.", "}q\x00", "]q\x00"} {
		if bytes.HasPrefix(file, []byte(begin)) {
			return true
		}
	}
	module, rest, _ := bytes.Cut(file[:min(len(file), 256)], []byte("\n"))
	what, next, _ := bytes.Cut(rest, []byte("\n"))
	return file[0] == 'c' && isName(module[1:]) && isName(what) && len(next) > 0 && strings.ContainsRune("pq()", rune(next[0]))
}

// isName reports whether a text is a name of Python's, with points.
func isName(text []byte) bool {
	return len(text) > 0 && !bytes.ContainsFunc(text, func(r rune) bool {
		return r != '_' && r != '.' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}

// looksLikeTensors reports whether a file begins as a .safetensors does, with the length of
// the header, whose first bytes may look like anything.
func looksLikeTensors(file []byte) bool {
	return len(file) > 8 && file[8] == '{' && file[5] == 0 && file[6] == 0 && file[7] == 0
}

// libraryOf says what a pickle is that asks for a module, "" when that is nothing known.
func libraryOf(module string) string {
	top, rest, _ := strings.Cut(module, ".")
	switch top {
	case "joblib":
		return fromJoblib
	case "torch":
		return "it holds tensors of torch: in Python, pickle a dict of their arrays, {k: v.detach().cpu().numpy() for k, v in params.items()}"
	case "jax", "jaxlib", "tensorflow", "cupy":
		return "it holds arrays of " + top + ": in Python, pickle a dict of NumPy arrays, {k: numpy.asarray(v) for k, v in params.items()}"
	case "pandas":
		return "it holds tables of pandas: in Python, pickle a dict of NumPy arrays, {k: v.to_numpy() for k, v in params.items()}"
	case "numpy":
		if rest == "" || strings.HasPrefix(rest, "ma.") || strings.HasPrefix(rest, "random.") {
			return "it holds an object of " + npy.Shorten(module) + ": in Python, pickle a dict of plain arrays, {k: numpy.array(v) for k, v in params.items()}"
		}
	case "sklearn", "keras":
		return "it holds an object of " + top + ", want a dict of NumPy arrays"
	}
	return ""
}

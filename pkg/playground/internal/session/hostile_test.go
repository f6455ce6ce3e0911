package session

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"convbook/pkg/ndarray"
	"convbook/pkg/params"
)

// refused asks what must be answered by an error in both languages, of one or two lines, and sees that the session is as
// it was.
func (s *Session) refused(t *testing.T, ask Fields, want string) {
	t.Helper()
	net, step, c := s.net, s.step, fmt.Sprint(s.settings)
	answer := s.said(t, ask)
	en, _ := answer["en"].(string)
	ko, _ := answer["ko"].(string)
	if answer["say"] != "error" || !strings.Contains(en, want) || !regexp.MustCompile(`\p{Hangul}`).MatchString(ko) {
		t.Errorf("%v: it says %q and %q, want %q", ask["do"], en, ko, want)
	}
	if strings.Count(en, "\n") > 1 || len(en) > 600 || len(ko) > 900 {
		t.Errorf("%v: an error of %d bytes: %s", ask["do"], len(en), en)
	}
	if s.net != net || s.step != step || fmt.Sprint(s.settings) != c {
		t.Errorf("%v: the session is another", ask["do"])
	}
}

func TestWrongMessages(t *testing.T) {
	empty := New()
	empty.refused(t, Fields{"do": "build"}, "images are not there yet")
	empty.refused(t, Fields{"do": "begin", "images": []byte("PK\x03\x04 no archive")}, "the page's images")
	empty.refused(t, Fields{"do": "begin"}, "the page's images")
	empty.refused(t, Fields{}, "there is no message")
	s, _ := begun(t)
	for _, do := range []string{"start", "pause", "step", "look", "gradients", "weights", "save"} {
		s.refused(t, Fields{"do": do}, "there is no network yet")
	}
	if said, more := s.Turn(); said != nil || more {
		t.Errorf("without a network it does %v", said)
	}
	s.said(t, Fields{"do": "build"})
	s.refused(t, Fields{"do": "constructor"}, `there is no message "constructor"`)
	for want, settings := range map[string]Fields{
		"filters is []":        {"filters": []any{}},
		"filters is [8 8 8 8]": {"filters": numbers(8, 8, 8, 8)},
		"filters is [1.5]":     {"filters": numbers(1.5)},
		"filters is [1000]":    {"filters": numbers(1000)},
		`filters is "eight"`:   {"filters": "eight"},
		"size is 0":            {"size": 0.0},
		"size is NaN":          {"size": math.NaN()},
		"pad is -1":            {"pad": -1.0},
		"pool is +Inf":         {"pool": math.Inf(1)},
		"hidden is 1e+09":      {"hidden": 1e9},
		"dropout is 1;":        {"dropout": 1.0},
		`std is "big"`:         {"std": "big"},
		"rate is 0;":           {"rate": 0.0},
		"rate is -Inf":         {"rate": math.Inf(-1)},
		"batch is 101":         {"batch": 101.0},
		"seed is -1":           {"seed": -1.0},
		"train is 0":           {"train": 0.0},
		`optimizer is "lion"`:  {"optimizer": "lion"},
		`activation is "` + strings.Repeat("x", 39):                                     {"activation": strings.Repeat("x", 5000)},
		"there are no images of the kind":                                               {"kind": "cifar"},
		"Conv3: filters of shape (4, 4, 5, 5) are larger than what comes in, (4, 4, 4)": {"filters": numbers(4, 4, 4), "pool": 2.0, "pad": 0.0},
		"Pool2: a window of (4, 4) is larger than what comes in, (2, 2, 2)":             {"filters": numbers(2, 2), "pool": 4.0},
		"longer than ten seconds":                                                       {"filters": numbers(64, 64, 64), "pad": 2.0, "pool": 1.0, "batch": 100.0, "hidden": 10.0},
		"would learn":                                                                   {"filters": numbers(64), "pool": 1.0, "hidden": 500.0},
	} {
		s.refused(t, Fields{"do": "build", "settings": settings}, want)
	}
	s.refused(t, Fields{"do": "look"}, "there is no set")
	s.refused(t, Fields{"do": "look", "image": Fields{"set": "test", "index": 60.0}}, "there is no image 60; want a whole number from 0 to 59")
	s.refused(t, Fields{"do": "look", "image": Fields{"set": "test", "index": -1.0}}, "there is no image -1")
	s.refused(t, Fields{"do": "look", "image": Fields{"pixels": []byte{1, 2}}}, "an image of 2 pixels; want 784")
	s.refused(t, Fields{"do": "images", "set": "train", "from": 0.0, "count": 1e6}, "100 at most")
	s.refused(t, Fields{"do": "images", "set": "validation"}, "there is no set")
	s.refused(t, Fields{"do": "weights", "names": []any{"W9"}}, `there is no parameter "W9"`)
	s.refused(t, Fields{"do": "save", "format": "pkl"}, `the format is "pkl"`)
}

// TestDiverged trains a network that has diverged: the session says so, stops, and goes on with another network.
func TestDiverged(t *testing.T) {
	s, _ := begun(t)
	s.said(t, Fields{"do": "build", "settings": Fields{"optimizer": "sgd", "rate": 100.0}})
	s.said(t, Fields{"do": "start"})
	s.net.Params()["b3"].Data()[0] = float32(math.NaN())
	var last Fields
	for range 200 {
		said, more := s.Turn()
		for _, one := range said {
			last = one
		}
		if !more {
			break
		}
	}
	if en, _ := last["en"].(string); !strings.Contains(en, "the learning rate of 100 is too large") || s.training {
		t.Errorf("it says %v", last)
	}
	file := s.said(t, Fields{"do": "save", "format": "npz"})
	s.refused(t, Fields{"do": "load", "file": file}, "b3 holds NaN")
	if answer := s.said(t, Fields{"do": "build", "settings": Fields{"rate": 0.01, "std": "he"}}); answer["say"] != "built" {
		t.Errorf("it says %v", answer)
	}
}

// TestHostileFiles drops what is no file of ours, or only claims to be.
func TestHostileFiles(t *testing.T) {
	s, _ := begun(t)
	s.said(t, Fields{"do": "build", "settings": Fields{"filters": numbers(3), "hidden": 9.0}})
	s.said(t, Fields{"do": "step"})
	npz := s.said(t, Fields{"do": "save", "format": "npz"})["bytes"].([]byte)
	tensors := s.said(t, Fields{"do": "save", "format": "safetensors"})["bytes"].([]byte)
	huge := binary.LittleEndian.AppendUint64(nil, 1<<60)
	var bomb bytes.Buffer
	w := gzip.NewWriter(&bomb)
	fmt.Fprint(w, "\x00\x00\x08\x03\x7f\xff\xff\xff\x00\x00\x10\x00\x00\x00\x10\x00")
	w.Write(make([]byte, 1<<24))
	w.Close()
	var zipped bytes.Buffer
	archive := zip.NewWriter(&zipped)
	entry, _ := archive.Create("W1.npy")
	fmt.Fprint(entry, "\x93NUMPY\x01\x00\x76\x00{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 99999999), }")
	archive.Close()
	changed := bytes.Clone(tensors)
	changed[len(changed)-3] ^= 1
	for name, content := range map[string][]byte{
		"empty.npz": {}, "cut.npz": npz[:len(npz)/2], "cut.safetensors": tensors[:len(tensors)-10], "huge.safetensors": append(huge, '{'),
		"changed.safetensors": changed, "picture.png": []byte("\x89PNG\r\n\x1a\n"), "page.html": []byte("<!DOCTYPE html>"), "huge.npz": zipped.Bytes(),
		"text.txt": []byte("W1 = 3"), strings.Repeat("long", 900) + ".npz": {1, 2, 3}, "../../etc/passwd": []byte("root:x"),
	} {
		s.refused(t, Fields{"do": "load", "file": Fields{"name": name, "bytes": content}}, "")
		s.refused(t, Fields{"do": "data", "files": []any{Fields{"name": name, "bytes": content}}}, "")
	}
	s.refused(t, Fields{"do": "load"}, "there is no file")
	s.refused(t, Fields{"do": "load", "file": Fields{"name": "x", "bytes": "text"}}, "there is no file")
	s.refused(t, Fields{"do": "data"}, "drop the four files")
	s.refused(t, Fields{"do": "data", "files": numbers(1, 2)}, "there is no file")
	for want, arrays := range map[string]map[string][]int{
		"no arrays": {}, "W1 (2, 3, 5)": {"W1": {2, 3, 5}}, "no padding and pooling leads": {"W1": {3, 1, 5, 5}, "b1": {3}, "W2": {7, 9}, "b2": {9}, "W3": {9, 10}, "b3": {10}},
		"the last layer gives (11,), the images have 10 classes": {"W1": {3, 1, 5, 5}, "b1": {3}, "W2": {432, 9}, "b2": {9}, "W3": {9, 11}, "b3": {11}},
		"square": {"W1": {3, 1, 5, 3}, "b1": {3}, "W2": {432, 9}, "b2": {9}, "W3": {9, 10}, "b3": {10}},
		"b9":     {"W1": {3, 1, 5, 5}, "b9": {3}, "W2": {432, 9}, "b2": {9}, "W3": {9, 10}, "b3": {10}},
		"W1 has shape (3, 2, 5, 5), the images have 1 channel": {"W1": {3, 2, 5, 5}, "b1": {3}, "W2": {432, 9}, "b2": {9}, "W3": {9, 10}, "b3": {10}},
		"W2 does not follow W1, so it has branches":            {"W1": {3, 1, 5, 5}, "b1": {3}, "W2": {3, 1, 3, 3}, "b2": {3}, "W3": {432, 10}, "b3": {10}},
		"the affine layers do not follow each other":           {"W1": {3, 1, 5, 5}, "b1": {3}, "W2": {432, 9}, "b2": {9}, "W3": {8, 10}, "b3": {10}},
		"the file has no running_mean1":                        {"W1": {3, 1, 5, 5}, "b1": {3}, "gamma1": {3}, "beta1": {3}, "W2": {432, 10}, "b2": {10}},
		"the sizes of batch normalisation fit no layer":        {"W1": {3, 1, 5, 5}, "b1": {3}, "gamma1": {5}, "beta1": {5}, "running_mean1": {5}, "running_var1": {5}, "W2": {432, 10}, "b2": {10}},
		"running_mean1 has shape (4,), the network wants (3,)": {"W1": {3, 1, 5, 5}, "b1": {3}, "gamma1": {3}, "beta1": {3}, "running_mean1": {4}, "running_var1": {3}, "W2": {432, 10}, "b2": {10}},
		"the file has fewer":                                   {"W1": {3, 1, 5, 5}, "b1": {0}, "W2": {432, 10}, "b2": {10}},
		"these are of another network":                         {"W1": {784, 50}, "b1": {50}, "W2": {50, 10}, "b2": {10}},
	} {
		values := map[string]*ndarray.Array[float32]{}
		for name, shape := range arrays {
			values[name] = ndarray.Zeros[float32](shape...)
		}
		content, err := params.Encode(".npz", values)
		if err != nil {
			t.Fatal(err)
		}
		s.refused(t, Fields{"do": "load", "file": Fields{"name": "other.npz", "bytes": content}}, want)
	}
	s.hostileDescriptions(t)
	four := func(name string, content []byte) []any {
		var list []any
		for file, original := range drawn(5) {
			if strings.HasPrefix(file, name) {
				original = content
			}
			list = append(list, Fields{"name": "C:\\downloads\\" + file + ".gz", "bytes": original})
		}
		return list
	}
	s.refused(t, Fields{"do": "data", "files": four("train-images", bomb.Bytes())}, "train-images")
	s.refused(t, Fields{"do": "data", "files": four("train-labels", []byte{0, 0, 8, 1, 0, 0, 0, 4, 1, 2, 3, 4})}, "5 images but")
	s.refused(t, Fields{"do": "data", "files": four("none", nil)[:3]}, "these files are missing")
	if answer := s.said(t, Fields{"do": "data", "files": four("none", nil)}); answer["say"] != "data" || answer["data"].(Fields)["kind"] != "own" {
		t.Errorf("it says %v", answer)
	}
	if answer := s.said(t, Fields{"do": "build", "settings": Fields{"kind": "own", "train": 500.0}}); answer["say"] != "built" || answer["settings"].(Fields)["train"] != 5 {
		t.Errorf("it says %v", answer)
	}
}

// hostileDescriptions loads files that say of themselves what is not so, or what no memory holds.
func (s *Session) hostileDescriptions(t *testing.T) {
	t.Helper()
	arrays := map[string]*ndarray.Array[float32]{"W1": ndarray.Zeros[float32](3, 1, 5, 5), "b1": ndarray.Zeros[float32](3), "W2": ndarray.Zeros[float32](432, 10), "b2": ndarray.Zeros[float32](10)}
	for description, want := range map[string]string{
		"(1, 28, 28) Conv(3, 5, 1, 0), Relu(), Pool(2, 2), Affine(99), Affine(10)": "the file has fewer",
		"(1, 28, 28) Conv(3, 5, 1, 0), Relu(), Pool(2, 2), Affine(11)":             "the last layer gives (11,), the images have 10 classes",
		"(1, 28, 28) Conv(3, 5, 1, 0), Relu(), Pool(2, 2)":                         "the last layer gives (3, 12, 12)",
		"(1, 28, 28) Conv(2, 5, 1, 0), Pool(2, 2), Affine(10)":                     "W1 has shape (3, 1, 5, 5), the network wants (2, 1, 5, 5)",
		"(3, 28, 28) Conv(3, 5, 1, 0), Pool(2, 2), Affine(10)":                     "the network takes images of shape (3, 28, 28), these are (1, 28, 28)",
		"(1, 28, 28) Conv(4096, 1, 1, 0), Affine(4096), Affine(10)":                "the network learns",
		"(1, 28, 28) Conv(4096, 1, 1, 4096), Affine(10)":                           "want 1 to 4194304 values",
		"(1, 28, 28) Conv(3, 29, 1, 0), Affine(10)":                                "larger than what comes in",
		"(1, 28, 28) Residual(Conv(3, 5, 1, 0)), Affine(10)":                       "Residual joins (1, 28, 28) and (3, 24, 24)",
		"(1, 28, 28) Leaky()":                                                                                 "the description cannot be read at",
		"(1, 28, 28) Conv(3, 5, 1, 0), Relu(), Affine(1e9)":                                                   "the description cannot be read at",
		"(1, 28, 28) Conv(3, 5, 0, 0), Relu(), Affine(10)":                                                    "want a number from 1",
		"(1, 28, 28) " + strings.Repeat("Residual(", 2000):                                                    "the description cannot be read at",
		"(1, 28, 28) " + strings.Repeat("Relu(), ", 600) + "Conv(3, 5, 1, 0), Relu(), Pool(2, 2), Affine(10)": "the network has 604 layers, 150 at most",
	} {
		content, err := params.Encode(".npz", arrays, params.Network(description))
		if err != nil {
			t.Fatal(err)
		}
		s.refused(t, Fields{"do": "load", "file": Fields{"name": "x.npz", "bytes": content}}, want)
	}
}

// FuzzLoad loads and drops anything: a session answers, and stays as it was.
func FuzzLoad(f *testing.F) {
	content, err := params.Encode(".npz", map[string]*ndarray.Array[float32]{"W1": ndarray.Zeros[float32](1, 1, 3, 3)})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content)
	tensors, _ := params.Encode(".safetensors", map[string]*ndarray.Array[float32]{"W1": ndarray.Zeros[float32](1, 1, 3, 3)})
	f.Add(tensors)
	f.Fuzz(func(t *testing.T, content []byte) {
		s, _ := begun(t)
		for _, ask := range []Fields{{"do": "load", "file": Fields{"name": "x", "bytes": content}}, {"do": "data", "files": []any{Fields{"name": "train-images-idx3-ubyte", "bytes": content}}}} {
			if answer := s.said(t, ask); answer["say"] == "error" && answer["ko"] == "" {
				t.Errorf("it says %v", answer)
			}
		}
	})
}

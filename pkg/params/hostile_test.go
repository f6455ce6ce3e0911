package params

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"convbook/pkg/ndarray"
)

// tensors makes a .safetensors file of a header and content.
func tensors(header string, content ...byte) []byte {
	file := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(file, header...), content...)
}

func TestBadPickles(t *testing.T) {
	const open = "\x80\x04"
	for _, c := range []struct{ name, file, want string }{
		{"cut off", open + "}", "cut off"},
		{"protocol 1", "\x80\x01}.", "protocol 1, want 2 to 5"},
		{"os.system", open + "cos\nsystem\n\x8c\x07echo hi\x85R.", "os.system, which is not needed for arrays and not done"},
		{"os.system by protocol 4", open + "\x8c\x02os\x8c\x06system\x93.", "os.system"},
		{"builtins.eval", open + "cbuiltins\neval\n.", "builtins.eval"},
		{"numpy's own loader", open + "cnumpy.core.multiarray\nfrombuffer\n.", "numpy.core.multiarray.frombuffer"},
		{"a long text", open + "X\xff\xff\xff\x7f", "cut off"},
		{"bytes of 2^63", open + "\x8e\xff\xff\xff\xff\xff\xff\xff\x7f", "cut off"},
		{"bytes of 2^64-1", open + "\x8e\xff\xff\xff\xff\xff\xff\xff\xff", "cut off"},
		{"never remembered", open + "h\x07.", "never remembered"},
		{"no dict", open + "K\x01.", "it holds a number, want a dict of arrays"},
		{"two values", open + "}}.", "ends with 2 values"},
		{"no mark", open + "}u.", "a mark is missing"},
		{"items into a number", open + "K\x01(K\x01K\x01u.", "takes none"},
		{"not a text as key", open + "}K\x01K\x02s.", "a key of its dict is a number"},
		{"not an array", open + "}\x8c\x02W1\x8c\x02abs.", `"W1" is a text, want an array: leave it out`},
		{"a path as name", open + "}\x8c\x05../W1K\x02s.", "not a name of a parameter"},
		{"calls a text", open + "\x8c\x01x)R.", "something that has no name"},
		{"another instruction", open + "\x81.", "none that an array needs"},
		{"empty array", open + "}\x8c\x02W1cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87Rs.", `"W1" cannot be read: it has no content`},
		{"arguments that NumPy does not write", open + "cnumpy.core.multiarray\n_reconstruct\n)R.", "in a way that NumPy does not write"},
		{"deep tuples", open + strings.Repeat("(", 200_000), "cut off"},
		{"endless", open + strings.Repeat("N0", 200_000), "none that an array needs"},
		{"many values", open + strings.Repeat("N", 300_000), "more than 262144 instructions"},
	} {
		if _, err := decode[float64]([]byte(c.file)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: the error is %v, want %q in it", c.name, err, c.want)
		}
	}
}

// arrayPickle is a pickle of one array under some names, whose state says the given
// shape and elements of 8 bytes.
func arrayPickle(names []string, shape []byte, content string) []byte {
	file := "\x80\x04}("
	for i, name := range names {
		file += "\x8c" + string(rune(len(name))) + name
		if i > 0 {
			file += "h\x00"
			continue
		}
		file += "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87R" +
			"(K\x01" + string(shape) + "cnumpy\ndtype\n\x8c\x02f8\x89\x88\x87R(K\x03\x8c\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89"
		length := binary.LittleEndian.AppendUint32(nil, uint32(len(content)))
		file += "B" + string(length) + content + "tbq\x00"
	}
	return []byte(file + "u.")
}

func TestPicklesThatLieAboutTheirSize(t *testing.T) {
	const eight = "\x00\x00\x00\x00\x00\x00\xf0\x3f"
	if arrays, err := decode[float64](arrayPickle([]string{"W1", "W2"}, []byte("K\x01\x85"), eight)); err != nil || arrays["W2"].At(0) != 1 {
		t.Fatalf("an array with two names: %v, %v", arrays, err)
	}
	if _, err := decode[float64](arrayPickle([]string{"W1", "W1"}, []byte("K\x01\x85"), eight)); err == nil || !strings.Contains(err.Error(), `"W1" is there twice`) {
		t.Errorf("one name twice: %v", err)
	}
	// 2^32 elements of 8 bytes are 32 GiB.
	for _, shape := range []string{"\x8a\x05\x00\x00\x00\x00\x01\x85", "J\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x86"} {
		if _, err := decode[float64](arrayPickle([]string{"W1"}, []byte(shape), eight)); err == nil || !strings.Contains(err.Error(), "has 8 bytes") {
			t.Errorf("a shape of 32 GiB: %v", err)
		}
	}
	if _, err := decode[float64](arrayPickle([]string{"W1"}, []byte("J\xff\xff\xff\xff\x85"), eight)); err == nil {
		t.Error("a negative size is read")
	}
	// One array of a megabyte under 300 names would unpack to 300.
	var names []string
	for i := range 300 {
		names = append(names, "W"+string(rune('a'+i%26))+string(rune('a'+i/26)))
	}
	file := arrayPickle(names, []byte("J\x00\x00\x02\x00\x85"), strings.Repeat(eight, 1<<17))
	// A text of half a megabyte made into bytes again and again, and the type of an
	// array that grows by a letter each time.
	encode := "\x80\x02c_codecs\nencode\nq\x01X\x00\x00\x08\x00" + strings.Repeat("a", 1<<19) + "q\x00X\x06\x00\x00\x00latin1q\x02" +
		strings.Repeat("h\x01h\x00h\x02\x86R", 30_000)
	grow := "\x80\x04cnumpy\ndtype\n\x8c\x02f8\x89\x88\x87R" + strings.Repeat("(K\x03\x8c\x01<tb", 40_000)
	for name, c := range map[string]struct{ file, want string }{
		"an array under many names": {string(file), "many times as large as the file"},
		"bytes many times":          {encode, "many times as large as the file"},
		"a type that grows":         {grow, "a state is none"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := decode[float64]([]byte(c.file))
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 100<<20 {
			t.Errorf("%s takes %d bytes", name, grown)
		}
	}
}

func TestBadSafetensors(t *testing.T) {
	one := []byte{0, 0, 128, 63}
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"header beyond the end", binary.LittleEndian.AppendUint64(nil, 1<<40), "neither"},
		{"long header", append(binary.LittleEndian.AppendUint64(nil, 1<<40), '{'), "its header has 1099511627776 bytes"},
		{"header of 2^64-1", append(binary.LittleEndian.AppendUint64(nil, 1<<64-1), '{'), "its header has"},
		{"no JSON", tensors("{hello"), "header is damaged"},
		{"deep", tensors("{\"a\":" + strings.Repeat("[", 100_000)), "header is damaged"},
		{"twice", tensors(`{"W1":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"W1":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 0, 0, 0, 0, 0, 0, 0, 0), `"W1" is there twice`},
		{"overlap", tensors(`{"W1":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b1":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, one...), "without gap or overlap"},
		{"gap", tensors(`{"W1":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 0, 0, 0, 0, 0, 0, 0, 0), "without gap"},
		{"backwards", tensors(`{"W1":{"dtype":"F32","shape":[1],"data_offsets":[0,-4]}}`, one...), "header is damaged"},
		{"offsets overflow", tensors(`{"W1":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551615]}}`, one...), "without gap"},
		{"32 GiB", tensors(`{"W1":{"dtype":"F32","shape":[8589934592],"data_offsets":[0,34359738368]}}`), "without gap"},
		{"shape and size", tensors(`{"W1":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}`, one...), "shape (2,) of 4-byte elements, but has 4 bytes"},
		{"negative shape", tensors(`{"W1":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}`, one...), "no shape"},
		{"one offset", tensors(`{"W1":{"dtype":"F32","shape":[1],"data_offsets":[0]}}`, one...), "1 offsets"},
		{"a path", tensors(`{"../W1":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, one...), "not a name"},
		{"floats of 8 bits", tensors(`{"W1":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,4]}}`, one...), `"F8_E4M3", want F16`},
		{"more content", tensors(`{"W1":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, append(one, 9)...), "1 bytes follow"},
		{"behind the header", tensors(`{}{}`), "behind its end"},
	} {
		if _, err := decode[float64](c.file); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: the error is %v, want %q in it", c.name, err, c.want)
		}
	}
	arrays, err := decode[float64](tensors(`{"b":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]},"h":{"dtype":"F16","shape":[1,2],"data_offsets":[0,4]},"__metadata__":{"by":"hand"}}`,
		0, 0x3c, 0, 0xc0, 0x80, 0x3f, 0, 0xc0))
	if err != nil || arrays["h"].At(0, 1) != -2 || arrays["b"].At(0) != 1 || arrays["b"].At(1) != -2 {
		t.Errorf("16-bit floats: %v, %v", arrays, err)
	}
}

// TestContentTellsTheFormat gives a file every ending.
func TestContentTellsTheFormat(t *testing.T) {
	want := map[string]*ndarray.Array[float32]{"W1": ndarray.Arange[float32](6).Reshape(2, 3), "b1": ndarray.Zeros[float32](0)}
	folder := t.TempDir()
	for _, ending := range []string{".npz", ".safetensors"} {
		written := filepath.Join(folder, "params"+ending)
		if err := Save(written, want); err != nil {
			t.Fatal(err)
		}
		for _, other := range []string{".npz", ".pkl", ".safetensors", ""} {
			path := filepath.Join(folder, "other"+other)
			content, err := os.ReadFile(written)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := Load[float32](path)
			if err != nil || !got["W1"].Equal(want["W1"]) || got["b1"].Size() != 0 {
				t.Errorf("%s named %s: %v, %v", ending, other, got, err)
			}
		}
	}
	if err := Save(filepath.Join(folder, "params.pkl"), want); err == nil || !strings.Contains(err.Error(), "save as .npz") {
		t.Errorf("writing a pickle: %v", err)
	}
}

// TestMemoryIsBounded measures what small files take that ask for much.
func TestMemoryIsBounded(t *testing.T) {
	const open = "\x80\x04"
	large := npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (16777216,), }", make([]byte, 128<<20)...)
	bomb := archive(t, "W1.npy", large)
	// The same bomb, which says in both of its headers that it unpacks to 1,000 bytes.
	lies := bytes.ReplaceAll(bomb, binary.LittleEndian.AppendUint32(nil, uint32(len(large))), binary.LittleEndian.AppendUint32(nil, 1000))
	if bytes.Equal(lies, bomb) {
		t.Fatal("the bomb does not say how large it is")
	}
	for name, file := range map[string][]byte{
		"an .npz of 32 GiB":           archive(t, "W1.npy", npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296,), }")),
		"a zip bomb":                  bomb,
		"a zip bomb that lies":        lies,
		"a .safetensors of 32 GiB":    tensors(`{"W1":{"dtype":"F32","shape":[8589934592],"data_offsets":[0,34359738368]}}`),
		"deep JSON":                   tensors("{\"a\":" + strings.Repeat("[", 100_000)),
		"a shape of many axes":        tensors(`{"W1":{"dtype":"F32","shape":[` + strings.Repeat("1,", 100_000) + `1],"data_offsets":[0,4]}}`),
		"a pickle of 32 GiB":          arrayPickle([]string{"W1"}, []byte("\x8a\x05\x00\x00\x00\x00\x01\x85"), "\x00\x00\x00\x00\x00\x00\xf0\x3f"),
		"nested tuples":               []byte(open + ")" + strings.Repeat("\x85", 200_000)),
		"lists":                       []byte(open + strings.Repeat("]", 200_000)),
		"dicts":                       []byte(open + strings.Repeat("}", 200_000)),
		"one value remembered often":  []byte(open + "N" + strings.Repeat("\x94", 200_000)),
		"bytes of 2^63 in 12 of them": []byte(open + "\x8e\xff\xff\xff\xff\xff\xff\xff\x7f."),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := decode[float64](file)
		runtime.ReadMemStats(&after)
		const fixed, times = 40 << 20, 8 // a pickle has up to 262,144 instructions
		if took := after.TotalAlloc - before.TotalAlloc; err == nil || took > fixed+times*uint64(len(file)) {
			t.Errorf("%s: %d bytes of file take %d bytes of memory, error %v", name, len(file), took, err)
		}
	}
}

// seeds are the files of Python and a few that are wrong.
func seeds(f *testing.F, ending string, more ...[]byte) {
	f.Helper()
	files, err := filepath.Glob("testdata/*" + ending)
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, path := range files {
		content, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	for _, content := range more {
		f.Add(content)
	}
}

// holds checks that what came out of a file is bounded by it.
func holds(t *testing.T, file []byte, arrays map[string]*ndarray.Array[float32]) {
	t.Helper()
	size := 0
	for _, a := range arrays {
		size += a.Size()
	}
	if size > freeGrowth+maxGrowth*len(file) {
		t.Errorf("%d bytes give %d numbers", len(file), size)
	}
}

func FuzzPickle(f *testing.F) {
	seeds(f, ".pkl", arrayPickle([]string{"W1", "W2"}, []byte("K\x01\x85"), "\x00\x00\x00\x00\x00\x00\xf0\x3f"), []byte("\x80\x04cos\nsystem\n."))
	f.Fuzz(func(t *testing.T, file []byte) {
		arrays, err := decodePickle[float32](file, freeGrowth)
		if err == nil {
			holds(t, file, arrays)
		}
	})
}

func FuzzSafetensors(f *testing.F) {
	seeds(f, ".safetensors", tensors(`{"W1":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 0, 0, 128, 63))
	f.Fuzz(func(t *testing.T, file []byte) {
		arrays, err := decodeSafetensors[float32](file)
		if err == nil {
			holds(t, file, arrays)
		}
	})
}

func FuzzNpz(f *testing.F) {
	seeds(f, ".npz")
	f.Fuzz(func(t *testing.T, file []byte) {
		arrays, err := decodeNpz[float32](file, 1<<20)
		if err == nil {
			holds(t, file, arrays)
		}
	})
}

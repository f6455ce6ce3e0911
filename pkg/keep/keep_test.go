package keep

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/internal/kept"
	"convbook/pkg/internal/runfile"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/trainer"
)

// inNotebook lets the test be a notebook of its own, and returns what is said.
func inNotebook(t *testing.T) *bytes.Buffer {
	t.Helper()
	said := new(bytes.Buffer)
	log = said
	t.Cleanup(func() { log = os.Stdout })
	t.Setenv(kept.FolderVariable, t.TempDir())
	return said
}

// twice asks for a value in two cells. It must be computed once.
func twice[T any](t *testing.T, name string, compute func() T) {
	t.Helper()
	said := inNotebook(t)
	times := 0
	cell := func() T { return Value(name, func() T { times++; return compute() }) }
	first, second := cell(), cell()
	if times != 1 || !reflect.DeepEqual(first, second) {
		t.Errorf("%s is computed %d times: %v, then %v", name, times, first, second)
	}
	if want := name + ": computed, and kept for later cells · 계산한 값을 다음 셀을 위해 저장했습니다\n"; said.String() != want {
		t.Errorf("the cells say %q, want %q", said, want)
	}
}

func TestValuesOfAllKinds(t *testing.T) {
	array := ndarray.Randn[float64](nprandom.New(0), 2, 3)
	array.Set(math.NaN(), 0, 0)
	twice(t, "whole", func() int { return 3 })
	twice(t, "text", func() string { return "x\n한글" })
	twice(t, "numbers", func() map[string][]float64 { return map[string][]float64{"a": {0.1, 1e-300}, "b": nil} })
	twice(t, "nothing", func() []int { return nil })
	twice(t, "history", func() *trainer.History {
		return &trainer.History{Dataset: "fashion", Loss: []float64{2.3, 1.1}, Epochs: []trainer.Epoch{{Epoch: 1, Step: 1, TrainAcc: 0.1}}, Complete: true}
	})
	twice(t, "single", func() *ndarray.Array[float32] { return ndarray.Arange[float32](6).Reshape(1, 2, 3) })
	twice(t, "scalar", func() *ndarray.Array[float64] { return ndarray.Full[float64](2.5) })
	twice(t, "empty", func() *ndarray.Array[float64] { return ndarray.Zeros[float64](0, 4) })
	twice(t, "list", func() []*ndarray.Array[float64] {
		return []*ndarray.Array[float64]{ndarray.Zeros[float64](2), ndarray.Full[float64](1, 3, 1)}
	})
	twice(t, "params", func() map[string]*ndarray.Array[float32] {
		return map[string]*ndarray.Array[float32]{"W1": ndarray.Zeros[float32](2), "b/1": ndarray.Zeros[float32](1)}
	})
	said := inNotebook(t)
	for range 2 {
		again := Value("nan", func() *ndarray.Array[float64] { return array })
		if !math.IsNaN(again.At(0, 0)) || again.At(1, 2) != array.At(1, 2) {
			t.Errorf("an array with NaN comes back as\n%v", again)
		}
	}
	if strings.Count(said.String(), "\n") != 1 {
		t.Errorf("the cells say %q", said)
	}
}

// A network keeps the weights that training gave it.
func TestNetwork(t *testing.T) {
	inNotebook(t)
	trained := 0
	var digests []string
	for range 2 {
		net := Network("net", func() *convnet.SimpleConvNet[float32] {
			return convnet.NewSimpleConvNet[float32](nprandom.New(0), convnet.SimpleConvNetConfig{FilterNum: 2, HiddenSize: 3})
		}, func(net *convnet.SimpleConvNet[float32]) {
			trained++
			net.Params()["b1"].Fill(0.25)
		})
		digests = append(digests, net.Digest())
		if net.Params()["b1"].At(1) != 0.25 {
			t.Error("the weights are not those of the training")
		}
	}
	if trained != 1 || digests[0] != digests[1] {
		t.Errorf("trained %d times, the digests are %v", trained, digests)
	}
}

// Another text, other inputs, another kind and a damaged file compute anew.
func TestOutOfDate(t *testing.T) {
	said := inNotebook(t)
	a := Value("v", func() int { return 1 })
	b := Value("v", func() int { return 2 })
	if a != 1 || b != 2 || !strings.HasSuffix(said.String(), "v: computed anew, since its function or what it leads to has changed · 함수가 바뀌어 다시 계산했습니다\n") {
		t.Errorf("%d and %d; said %q", a, b, said)
	}
	for n := range 3 {
		if got := Value("w", func() int { return n }, n, "text", ndarray.Full[float64](float64(n), 2)); got != n {
			t.Errorf("with the input %d the value is %d", n, got)
		}
	}
	said.Reset()
	three := func() int { return 3 }
	Value("x", three)
	files, err := filepath.Glob(filepath.Join(os.Getenv(kept.FolderVariable), "*", "x.kept"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the files are %q, %v", files, err)
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	said.Reset()
	flips := 0
	for bit := 0; bit < 8*len(content); bit += 13 {
		flips++
		flipped := bytes.Clone(content)
		flipped[bit/8] ^= 1 << (bit % 8)
		if err := os.WriteFile(files[0], flipped, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := Value("x", three); got != 3 {
			t.Fatalf("with bit %d flipped the value is %d", bit, got)
		}
	}
	if got := strings.Count(said.String(), "computed anew, since"); got != flips {
		t.Errorf("%d of %d flips are noticed", got, flips)
	}
}

// Cells at the same time compute a value once.
func TestAtOnce(t *testing.T) {
	inNotebook(t)
	log = io.Discard // they say so at once, too
	var times atomic.Int64
	compute := func() int { return int(times.Add(1)) }
	var cells sync.WaitGroup
	for range 8 {
		cells.Go(func() {
			if got := Value("once", compute); got != 1 {
				t.Errorf("the value is %d", got)
			}
		})
	}
	cells.Wait()
}

func TestWhatCannotBeKept(t *testing.T) {
	inNotebook(t)
	for want, do := range map[string]func(){
		"not a name":        func() { Value("a/b", func() int { return 1 }) },
		"unsupported value": func() { Value("nan", func() float64 { return math.NaN() }) },
		"kept by keep.Network": func() {
			Value("net", func() *convnet.SimpleConvNet[float32] {
				return convnet.NewSimpleConvNet[float32](nprandom.New(0), convnet.SimpleConvNetConfig{FilterNum: 2})
			})
		},
		"is not a network": func() { Network("n", func() int { return 1 }, func(int) {}) },
		"an array is nil":  func() { Value("nil", func() *ndarray.Array[float64] { return nil }) },
		"an input is a":    func() { Value("in", func() int { return 1 }, t) },
	} {
		func() {
			defer func() {
				if text, _ := recover().(string); !strings.Contains(text, want) {
					t.Errorf("the panic is %q, want it to say %q", text, want)
				}
			}()
			do()
		}()
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(kept.FolderVariable, file)
	if got := Value("v", func() int { return 7 }); got != 7 {
		t.Errorf("where nothing can be kept the value is %d", got)
	}
}

// FuzzDecode gives any header and any bytes behind it a valid digest: a value is decoded,
// or refused.
func FuzzDecode(f *testing.F) {
	var w runfile.Writer
	w.Start(runfile.Header{})
	if err := encode(&w, reflect.TypeFor[*ndarray.Array[float64]](), ndarray.Arange[float64](4).Reshape(2, 2)); err != nil {
		f.Fatal(err)
	}
	file, err := w.Seal()
	if err != nil {
		f.Fatal(err)
	}
	const atLength, atHeader = 12, 16
	length := int(binary.LittleEndian.Uint32(file[atLength:]))
	f.Add(string(file[atHeader:atHeader+length]), file[atHeader+length:len(file)-sha256.Size])
	f.Add(`{"parts":[{"name":"json","kind":"bytes","shape":[1]}]}`, []byte("3"))
	f.Add(`{"parts":[{"name":"x","kind":"float64","shape":[0,4611686018427387904]}]}`, []byte{})
	f.Fuzz(func(t *testing.T, head string, rest []byte) {
		whole := binary.LittleEndian.AppendUint32(bytes.Clone(file[:atLength]), uint32(len(head)))
		whole = append(append(whole, head...), rest...)
		sum := sha256.Sum256(whole)
		read, err := runfile.Read(append(whole, sum[:]...))
		if err != nil {
			return
		}
		for _, kind := range []reflect.Type{reflect.TypeFor[*ndarray.Array[float64]](), reflect.TypeFor[[]*ndarray.Array[float32]](),
			reflect.TypeFor[map[string]*ndarray.Array[float64]](), reflect.TypeFor[int](), reflect.TypeFor[*trainer.History]()} {
			if value, err := decode(kind, read); err == nil && reflect.TypeOf(value) != kind {
				t.Errorf("a %v is decoded as %T", kind, value)
			}
		}
	})
}

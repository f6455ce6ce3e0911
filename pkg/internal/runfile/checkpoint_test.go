package runfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"runtime"
	"slices"
	"strings"
	"testing"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// sealed gives a body its digest, so that what stands behind the digest is tested.
func sealed(body []byte) []byte {
	sum := sha256.Sum256(body)
	return append(bytes.Clone(body), sum[:]...)
}

func withHeader(text string, rest ...byte) []byte {
	body := binary.LittleEndian.AppendUint32([]byte(magic), version)
	body = binary.LittleEndian.AppendUint32(body, uint32(len(text)))
	return append(append(body, text...), rest...)
}

func TestCheckpointThereAndBack(t *testing.T) {
	var w Writer
	for step := range 3 { // the memory is used again
		array := ndarray.Randn[float32](nprandom.New(uint32(step)), 2, 3)
		w.Start(Header{Settings: "s", Step: step, Rate: 0.1, Random: []nprandom.State{nprandom.New(1).State()}})
		w.Bytes("callback/0", []byte("memory"))
		w.Numbers("loss", []float64{1, 2, 3}, 3)
		Add(&w, "net/W1", array)
		file, err := w.Seal()
		if err != nil {
			t.Fatal(err)
		}
		c, err := Read(file)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Array[float32](c.Contents["net/W1"])
		if err != nil || !got.Equal(array) || c.Step != step || string(c.Contents["callback/0"].Data) != "memory" ||
			!slices.Equal(c.Contents["loss"].Floats(), []float64{1, 2, 3}) || !bytes.Equal(c.Random[0].Twister, nprandom.New(1).State().Twister) {
			t.Errorf("step %d comes back as %+v, %v", step, c, err)
		}
		if _, err := Array[float64](c.Contents["net/W1"]); err == nil || !strings.Contains(err.Error(), "holds float32, want float64") {
			t.Errorf("read as float64: %v", err)
		}
	}
}

// Each contradiction in a file that is whole has words of its own.
func TestWhatIsNoCheckpoint(t *testing.T) {
	for want, body := range map[string][]byte{
		"longer than the file":       withHeader(`{"parts":[{"name":"net/W1","kind":"float32","shape":[8589934592]}]}`),
		`part "net/W2" is longer`:    withHeader(`{"parts":[{"name":"net/W2","kind":"float32","shape":[4294967296,4294967296]}]}`),
		`part "net/W3" is longer`:    withHeader(`{"parts":[{"name":"net/W3","kind":"float32","shape":[-1]}]}`),
		`part "net/W4" is longer`:    withHeader(`{"parts":[{"name":"net/W4","kind":"float64","shape":[2]}]}`, make([]byte, 15)...),
		`unknown kind, "float16"`:    withHeader(`{"parts":[{"name":"x","kind":"float16","shape":[1]}]}`, 0, 0),
		"there twice":                withHeader(`{"parts":[{"name":"loss","kind":"float64","shape":[0]},{"name":"loss","kind":"float64","shape":[0]}]}`),
		"3 bytes that its header":    withHeader(`{"parts":[{"name":"loss","kind":"float64","shape":[0]}]}`, 1, 2, 3),
		"header cannot be read":      withHeader(`{"step":`),
		"header of 4294967295 bytes": append(binary.LittleEndian.AppendUint32([]byte(magic), 1), 255, 255, 255, 255),
		"version 9":                  append(binary.LittleEndian.AppendUint32([]byte(magic), 9), 0, 0, 0, 0),
		"not a checkpoint":           []byte("PK\x03\x04 something else, and long enough for it"),
	} {
		if _, err := Read(sealed(body)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want it to say %q", err, want)
		}
	}
}

// FuzzCheckpoint gives any header and any bytes behind it a valid length and digest. The
// bytes alone are tried, too.
func FuzzCheckpoint(f *testing.F) {
	var w Writer
	w.Start(Header{Settings: "s", Step: 1, Rate: 0.1, Random: []nprandom.State{nprandom.New(1).State()}})
	w.Numbers("loss", []float64{1}, 1)
	Add(&w, "net/W1", ndarray.Full[float32](1, 2, 3))
	file, err := w.Seal()
	if err != nil {
		f.Fatal(err)
	}
	length := int(binary.LittleEndian.Uint32(file[len(magic)+4:]))
	f.Add(string(file[preamble:preamble+length]), file[preamble+length:len(file)-sha256.Size])
	f.Add(`{"parts":[{"name":"loss","kind":"float64","shape":[0]}]}`, file)
	f.Add(`{"step":1,"parts":[{"name":"loss","kind":"float64","shape":[1]},{"name":"b","kind":"bytes","shape":[8,1,8]}]}`, make([]byte, 72))
	f.Add(`{"parts":[{"name":"net/W1","kind":"float32","shape":[8589934592]}]}`, []byte{})
	f.Fuzz(func(t *testing.T, head string, rest []byte) {
		Read(rest)
		c, err := Read(sealed(withHeader(head, rest...)))
		if err != nil {
			return
		}
		size := 0
		for name, p := range c.Contents {
			size += len(p.Data)
			switch p.Kind {
			case "float32":
				_, err = Array[float32](p)
			case "float64":
				_, err = Array[float64](p)
			}
			if err != nil || name != p.Name {
				t.Errorf("%q comes as %q, %v", name, p.Name, err)
			}
		}
		if size != len(rest) {
			t.Errorf("%d bytes come as %d", len(rest), size)
		}
	})
}

// Small files that ask for much get little memory.
func TestMemoryIsBounded(t *testing.T) {
	for name, body := range map[string][]byte{
		"a header that asks for 32 GiB": withHeader(`{"parts":[{"name":"net/W1","kind":"float32","shape":[8589934592]}]}`),
		"many parts":                    withHeader(`{"parts":[` + strings.Repeat(`{},`, 100_000) + `{}]}`),
		"many random sources":           withHeader(`{"random":[` + strings.Repeat(`{},`, 100_000) + `{}]}`),
		"deep nesting":                  withHeader(strings.Repeat(`{"a":`, 100_000)),
		"a header of 40 MB":             withHeader(`{"parts":[` + strings.Repeat(`{},`, 40<<20/3) + `{}]}`),
	} {
		file := sealed(body)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		Read(file)
		runtime.ReadMemStats(&after)
		const fixed, times = 48 << 20, 4
		t.Logf("%s: %d bytes of file, %d of memory", name, len(file), after.TotalAlloc-before.TotalAlloc)
		if took := after.TotalAlloc - before.TotalAlloc; took > fixed+times*uint64(len(file)) {
			t.Errorf("%s: %d bytes of file take %d bytes of memory", name, len(file), took)
		}
	}
}

package trainer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"convbook/pkg/nprandom"
)

// sealed gives a body its digest, so that what stands behind the digest is tested.
func sealed(body []byte) []byte {
	sum := sha256.Sum256(body)
	return append(bytes.Clone(body), sum[:]...)
}

func withHeader(text string, rest ...byte) []byte {
	body := binary.LittleEndian.AppendUint32([]byte(checkpointMagic), checkpointVersion)
	body = binary.LittleEndian.AppendUint32(body, uint32(len(text)))
	return append(append(body, text...), rest...)
}

const (
	losses   = `{"name":"loss","kind":"float64","shape":[0]}`
	noEpochs = `{"name":"epochs","kind":"float64","shape":[0,8]}`
	oneEpoch = `{"name":"epochs","kind":"float64","shape":[1,8]}`
)

// Each contradiction in a file that is whole has words of its own.
func TestWhatIsNoCheckpoint(t *testing.T) {
	for want, body := range map[string][]byte{
		"longer than the file":       withHeader(`{"parts":[{"name":"net/W1","kind":"float32","shape":[8589934592]}]}`),
		`part "net/W2" is longer`:    withHeader(`{"parts":[{"name":"net/W2","kind":"float32","shape":[4294967296,4294967296]}]}`),
		`part "net/W3" is longer`:    withHeader(`{"parts":[{"name":"net/W3","kind":"float32","shape":[-1]}]}`),
		`part "net/W4" is longer`:    withHeader(`{"parts":[{"name":"net/W4","kind":"float64","shape":[2]}]}`, make([]byte, 15)...),
		`unknown kind, "float16"`:    withHeader(`{"parts":[{"name":"x","kind":"float16","shape":[1]}]}`, 0, 0),
		"there twice":                withHeader(`{"parts":[` + losses + `,` + losses + `]}`),
		"3 bytes that its header":    withHeader(`{"parts":[`+losses+`]}`, 1, 2, 3),
		"it has no losses":           withHeader(`{"parts":[]}`),
		"0 losses after 5 steps":     withHeader(`{"step":5,"parts":[` + losses + `,` + noEpochs + `]}`),
		"counts -1 updates":          withHeader(`{"updates":-1,"parts":[` + losses + `,` + noEpochs + `]}`),
		"its epoch 1 is called 0":    withHeader(`{"parts":[`+losses+`,`+oneEpoch+`]}`, make([]byte, 64)...),
		"header cannot be read":      withHeader(`{"step":`),
		"header of 4294967295 bytes": append(binary.LittleEndian.AppendUint32([]byte(checkpointMagic), 1), 255, 255, 255, 255),
		"version 9":                  append(binary.LittleEndian.AppendUint32([]byte(checkpointMagic), 9), 0, 0, 0, 0),
		"not a checkpoint":           []byte("PK\x03\x04 something else, and long enough for it"),
	} {
		if _, err := readCheckpoint(sealed(body)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want it to say %q", err, want)
		}
	}
}

// aCheckpoint is a real one.
func aCheckpoint(t testing.TB) (file []byte, tiny tinyRun[float32], folder string) {
	t.Helper()
	tiny = tinyRun[float32]{data: openTiny(t, writeTiny(t)), optimizer: "adam"}
	folder = t.TempDir()
	tr, _ := tiny.start(t, folder, &EarlyStopping{RestoreBest: true, Patience: 50})
	if _, err := tr.Train(context.Background()); err != nil {
		t.Fatal(err)
	}
	found, _ := filepath.Glob(filepath.Join(folder, checkpointPrefix+"*"))
	file, err := os.ReadFile(found[len(found)-1])
	if err != nil {
		t.Fatal(err)
	}
	return file, tiny, folder
}

// FuzzCheckpoint gives any header and any bytes behind it a valid length and digest:
// reading and restoring them must not panic. The bytes alone are tried, too.
func FuzzCheckpoint(f *testing.F) {
	file, tiny, _ := aCheckpoint(f)
	length := int(binary.LittleEndian.Uint32(file[len(checkpointMagic)+4:]))
	f.Add(string(file[preamble:preamble+length]), file[preamble+length:len(file)-sha256.Size])
	f.Add(`{"parts":[`+losses+`,`+noEpochs+`]}`, file)
	f.Add(`{"step":1,"parts":[{"name":"loss","kind":"float64","shape":[1]},`+oneEpoch+`]}`, make([]byte, 72))
	f.Add(`{"parts":[{"name":"net/W1","kind":"float32","shape":[8589934592]}]}`, []byte{})
	folder := f.TempDir()
	tr, _ := tiny.start(f, folder, &EarlyStopping{RestoreBest: true, Patience: 50})
	tr.run = &run{folder: folder}
	f.Fuzz(func(t *testing.T, head string, rest []byte) {
		readCheckpoint(rest)
		c, err := readCheckpoint(sealed(withHeader(head, rest...)))
		if err != nil {
			return
		}
		before := tr.net.Digest()
		if err := tr.restore(c); err != nil {
			if tr.net.Digest() != before {
				t.Errorf("a checkpoint that is refused (%v) changes the network", err)
			}
			return
		}
		if tr.done != len(tr.history.Loss) {
			t.Errorf("%d steps are done, with %d losses", tr.done, len(tr.history.Loss))
		}
	})
}

func FuzzSettings(f *testing.F) {
	tiny := tinyRun[float32]{data: openTiny(f, writeTiny(f)), optimizer: "adam"}
	tr, _ := tiny.start(f, f.TempDir())
	own, err := tr.settings.file()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(own)
	f.Add([]byte(`{"format":1,"settings":[{"name":"epochs","value":"20"},{"name":"epochs","value":"30"}]}`))
	f.Add([]byte(strings.Repeat("[", 1000)))
	f.Fuzz(func(t *testing.T, file []byte) {
		s, err := readSettings(file)
		if err != nil {
			return
		}
		text, err := s.file()
		if err != nil {
			t.Fatal(err)
		}
		again, err := readSettings(text)
		if err != nil || again.digest() != s.digest() || len(s.differences(again)) > 0 {
			t.Errorf("%q is read again as %q, %v", file, text, err)
		}
	})
}

// FuzzHistory: what is read can be written and read again.
func FuzzHistory(f *testing.F) {
	f.Add([]byte(`{"dataset":"fashion","loss":[2.3,null],"epochs":[{"epoch":1,"step":1,"loss":null,"lr":0.01}],"complete":true}`))
	f.Add([]byte(`{"loss":[1e400]}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, text []byte) {
		h, again := new(History), new(History)
		if json.Unmarshal(text, h) != nil {
			return
		}
		written, err := json.Marshal(h)
		if err != nil {
			t.Fatalf("%q is read but cannot be written: %v", text, err)
		}
		if err := json.Unmarshal(written, again); err != nil || len(again.Loss) != len(h.Loss) || len(again.Epochs) != len(h.Epochs) {
			t.Errorf("%q is read again as %+v, %v", text, again, err)
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
		if _, err := readCheckpoint(file); err == nil {
			t.Errorf("%s: no error", name)
		}
		runtime.ReadMemStats(&after)
		const fixed, times = 48 << 20, 4
		t.Logf("%s: %d bytes of file, %d of memory", name, len(file), after.TotalAlloc-before.TotalAlloc)
		if took := after.TotalAlloc - before.TotalAlloc; took > fixed+times*uint64(len(file)) {
			t.Errorf("%s: %d bytes of file take %d bytes of memory", name, len(file), took)
		}
	}
}

// A checkpoint whose parts do not fit the network changes nothing.
func TestRestoreChecksFirst(t *testing.T) {
	file, tiny, folder := aCheckpoint(t)
	whole, err := readCheckpoint(file)
	if err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(c *checkpoint){
		"b1 (4,) is missing": func(c *checkpoint) { delete(c.parts, "net/b1") },
		"holds bytes, want":  func(c *checkpoint) { c.parts["net/b1"] = c.parts["callback/0"] },
		"which no parameter": func(c *checkpoint) { c.parts["moment/m/b9"] = c.parts["moment/m/b1"] },
		`no moment "z"`:      func(c *checkpoint) { c.parts["moment/z/b1"] = c.parts["moment/m/b1"] },
		"2 random sources":   func(c *checkpoint) { c.Random = append(c.Random, c.Random[0]) },
		"bytes of twister":   func(c *checkpoint) { c.Random = []nprandom.State{{}} },
		"the callback":       func(c *checkpoint) { delete(c.parts, "callback/0") },
	} {
		tr, rng := tiny.start(t, folder, &EarlyStopping{RestoreBest: true, Patience: 50})
		tr.run = &run{folder: folder}
		before, drawn := tr.net.Digest(), rng.State()
		c := &checkpoint{header: whole.header, parts: map[string]content{}}
		for name, p := range whole.parts {
			c.parts[name] = p
		}
		spoil(c)
		err := tr.restore(c)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want it to say %q", err, want)
		}
		if tr.net.Digest() != before || !bytes.Equal(rng.State().Twister, drawn.Twister) || tr.done != 0 || tr.optimizer.State().Updates != 0 {
			t.Errorf("%s: something changed", want)
		}
	}
}

package trainer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convbook/pkg/internal/runfile"
	"convbook/pkg/internal/runfolder"
	"convbook/pkg/nprandom"
)

// Each contradiction in a checkpoint that is whole has words of its own.
func TestWhatIsNoCheckpoint(t *testing.T) {
	for _, c := range []struct {
		want   string
		header runfile.Header
		rows   []float64 // of the epochs
		parts  int       // how many of loss and epochs are there
	}{
		{"it has no losses", runfile.Header{}, nil, 0},
		{"it has no epochs", runfile.Header{}, nil, 1},
		{"0 losses after 5 steps", runfile.Header{Step: 5}, nil, 2},
		{"counts -1 updates", runfile.Header{Updates: -1}, nil, 2},
		{"at a rate of -0.5", runfile.Header{Rate: -0.5}, nil, 2},
		{"its epoch 1 is called 0", runfile.Header{}, make([]float64, epochNumbers), 2},
	} {
		var w runfile.Writer
		w.Start(c.header)
		if c.parts > 0 {
			w.Numbers("loss", nil, 0)
		}
		if c.parts > 1 {
			w.Numbers("epochs", c.rows, len(c.rows)/epochNumbers, epochNumbers)
		}
		file, err := w.Seal()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := readWhole(file); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("the error is %v, want it to say %q", err, c.want)
		}
		if _, err := readWhole(file[:len(file)-1]); err == nil || !strings.Contains(err.Error(), "digest") {
			t.Errorf("cut off, the error is %v", err)
		}
	}
}

// aCheckpoint is a real one.
func aCheckpoint(t testing.TB) (file []byte, tiny tinyRun[float32], folder string) {
	t.Helper()
	tiny = tinyRun[float32]{data: openTiny(t, writeTiny(t)), optimizer: "adam"}
	folder = t.TempDir()
	tr, _ := tiny.start(t, folder, &remembering{})
	if _, err := tr.Train(context.Background()); err != nil {
		t.Fatal(err)
	}
	found, _ := filepath.Glob(filepath.Join(where(t, folder), runfolder.CheckpointPrefix+"*"))
	file, err := os.ReadFile(found[len(found)-1])
	if err != nil {
		t.Fatal(err)
	}
	return file, tiny, folder
}

// FuzzRestore gives any header and any bytes behind it a valid length and digest: a
// checkpoint is restored, or refused without a change.
func FuzzRestore(f *testing.F) {
	const atLength, atHeader = 12, 16
	file, tiny, _ := aCheckpoint(f)
	length := int(binary.LittleEndian.Uint32(file[atLength:]))
	f.Add(string(file[atHeader:atHeader+length]), file[atHeader+length:len(file)-sha256.Size])
	f.Add(`{"parts":[{"name":"loss","kind":"float64","shape":[0]},{"name":"epochs","kind":"float64","shape":[0,8]}]}`, []byte{})
	f.Add(`{"step":1,"parts":[{"name":"loss","kind":"float64","shape":[1]},{"name":"epochs","kind":"float64","shape":[1,8]}]}`, make([]byte, 72))
	folder := f.TempDir()
	tr, _ := tiny.start(f, folder, &remembering{})
	f.Fuzz(func(t *testing.T, head string, rest []byte) {
		whole := binary.LittleEndian.AppendUint32(bytes.Clone(file[:atLength]), uint32(len(head)))
		whole = append(append(whole, head...), rest...)
		sum := sha256.Sum256(whole)
		c, err := readWhole(append(whole, sum[:]...))
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

// A checkpoint whose parts do not fit the network changes nothing.
func TestRestoreChecksFirst(t *testing.T) {
	file, tiny, folder := aCheckpoint(t)
	whole, err := readWhole(file)
	if err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(c checkpoint){
		"b1 (4,) is missing": func(c checkpoint) { delete(c.Contents, "net/b1") },
		"holds bytes, want":  func(c checkpoint) { c.Contents["net/b1"] = c.Contents["callback/0"] },
		"which no parameter": func(c checkpoint) { c.Contents["moment/m/b9"] = c.Contents["moment/m/b1"] },
		`no moment "z"`:      func(c checkpoint) { c.Contents["moment/z/b1"] = c.Contents["moment/m/b1"] },
		"2 random sources":   func(c checkpoint) { c.Random = append(c.Random, c.Random[0]) },
		"bytes of twister":   func(c checkpoint) { c.Random = []nprandom.State{{}} },
		"the callback":       func(c checkpoint) { delete(c.Contents, "callback/0") },
	} {
		tr, rng := tiny.start(t, folder, &remembering{})
		before, drawn := tr.net.Digest(), rng.State()
		c := checkpoint{&runfile.Checkpoint{Header: whole.Header, Contents: map[string]runfile.Content{}}}
		for name, p := range whole.Contents {
			c.Contents[name] = p
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

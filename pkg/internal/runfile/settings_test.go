package runfile

import (
	"slices"
	"strings"
	"testing"
)

func TestDifferences(t *testing.T) {
	before, now := NewSettings(), NewSettings()
	before.Add("epochs", 20)
	before.Add("callback", "a")
	before.Add("callback", "b")
	before.Add("seed", 1)
	now.Add("callback", "a")
	now.Add("seed", 1)
	now.Add("augmentation", "shift")
	want := []string{"epochs: 20 before, none now", "callback: a and b before, a now", "augmentation: none before, shift now"}
	if got := before.Differences(now); !slices.Equal(got, want) {
		t.Errorf("the differences are %q, want %q", got, want)
	}
	long, longer := NewSettings(), NewSettings()
	long.Add("network", "W1 (16, 1, 5, 5), b1 (16,), Conv1, Relu1")
	long.Add("optimizer's settings", "{LR:0.001 Momentum:0 Rho:0}")
	long.AddFollowing("initial weights", "abc")
	longer.Add("network", "W1 (32, 1, 5, 5), b1 (32,), Conv1, Relu1")
	longer.Add("optimizer's settings", "{LR:0.01 Momentum:0 Rho:0}")
	longer.AddFollowing("initial weights", "def")
	want = []string{"network: W1 (16, 1, 5, 5), b1 (16,) before, W1 (32, 1, 5, 5), b1 (32,) now", "optimizer's settings: LR:0.001 before, LR:0.01 now"}
	if got := long.Differences(longer); !slices.Equal(got, want) {
		t.Errorf("the differences are %q, want %q", got, want)
	}
	few, many := NewSettings(), NewSettings()
	few.Add("network", "W1 (8, 1, 5, 5), W2 (1152, 100), b1 (8,), Conv1 (8 filters 5x5, stride 1, pad 0), Relu1, Dropout1 (ratio 0.2)")
	many.Add("network", "W1 (30, 1, 5, 5), W2 (4320, 100), b1 (30,), Conv1 (30 filters 5x5, stride 1, pad 0), Relu1, Dropout1 (ratio 0.2)")
	want = []string{"network: Conv1 (8 filters 5x5, stride 1, pad 0) before, Conv1 (30 filters 5x5, stride 1, pad 0) now"}
	if got := few.Differences(many); !slices.Equal(got, want) {
		t.Errorf("the differences are %q, want %q: the shapes follow from the layer", got, want)
	}
	if got := now.Differences(now); got != nil {
		t.Errorf("settings differ from themselves by %q", got)
	}
}

func TestWhatAreNoSettings(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "damaged",
		"{":                          "damaged",
		strings.Repeat("[", 1<<20):   "damaged",
		strings.Repeat(" ", 1<<20+1): "more than any settings",
		string(Seal([]byte(`{"format":7,"settings":[]}`))):  "format 7",
		string(Seal([]byte(`{"format":2,"settings":[]}`))):  "no settings",
		string(Seal([]byte(`{"format":2,"settings":[1]}`))): "damaged",
	} {
		if _, err := ReadSettings([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: the error is %v, want %q in it", text, err, want)
		}
	}
}

func FuzzSettings(f *testing.F) {
	own := NewSettings()
	own.Add("data", "fashion")
	own.Add("epochs", 20)
	file, err := own.File()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Add(Seal([]byte(`{"format":2,"settings":[{"name":"epochs","value":"20"},{"name":"epochs","value":"30"}]}`)))
	f.Add([]byte(strings.Repeat("[", 1000)))
	f.Fuzz(func(t *testing.T, file []byte) {
		s, err := ReadSettings(file)
		if err != nil {
			return
		}
		text, err := s.File()
		if err != nil {
			t.Fatal(err)
		}
		again, err := ReadSettings(text)
		if err != nil || again.Digest() != s.Digest() || len(s.Differences(again)) > 0 {
			t.Errorf("%q is read again as %q, %v", file, text, err)
		}
	})
}

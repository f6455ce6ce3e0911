package sweep

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"convbook/pkg/internal/runfile"
)

// A key keeps the results of its last trainings.
func TestFolderKeepsTheLatest(t *testing.T) {
	folder := t.TempDir()
	s, err := openFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	for i := range versions + 5 {
		for _, key := range []string{"often", "once"} {
			if key == "often" || i == 0 {
				if err := s.add(Result{Key: key, Digest: fmt.Sprint(i), Code: fmt.Sprint(i)}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	again, err := openFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	often, err := again.results("often")
	once, onceErr := again.results("once")
	if err != nil || onceErr != nil || len(often) != versions || len(once) != 1 || often[0].Code != fmt.Sprint(versions+4) {
		t.Errorf("%d and %d results are kept, the newest is %+v; %v, %v", len(often), len(once), often[0], err, onceErr)
	}
	if again.damaged != 0 {
		t.Errorf("%d lines are called damaged", again.damaged)
	}
}

// FuzzResult seals any text as a result: it is read, and can be written again, or refused.
func FuzzResult(f *testing.F) {
	f.Add([]byte(`{"settings":{"filters":16,"rate":0.001},"seed":3,"key":"k","train":[0.1],"test":[0.2],"digest":"d","trained":[{"name":"epochs","value":"2"}]}`))
	f.Add([]byte(`{"digest":"d","settings":null}`))
	f.Add([]byte("{}\n{}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if r, err := readResult(text); err == nil {
			t.Errorf("%q without a digest is read as %+v", text, r)
		}
		r, err := readResult(runfile.Seal(text))
		if err != nil {
			return
		}
		value, err := json.Marshal(r)
		if err != nil || bytes.ContainsRune(value, '\n') {
			t.Errorf("%q is read but cannot be written: %q, %v", text, value, err)
		}
	})
}

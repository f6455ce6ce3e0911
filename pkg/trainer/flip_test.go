package trainer

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"convbook/pkg/internal/runfile"
	"convbook/pkg/internal/runfolder"
	"convbook/pkg/nprandom"
)

// A bit that flips in a file of a run is noticed, or changes nothing.
func TestFlippedBits(t *testing.T) {
	checkpoint, _, folder := aCheckpoint(t)
	read := func(name string) []byte {
		file, err := os.ReadFile(filepath.Join(where(t, folder), name))
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	path := filepath.Join(t.TempDir(), "history.json")
	for name, c := range map[string]struct {
		file []byte
		read func(file []byte) (any, error)
	}{
		"checkpoint":           {checkpoint, func(file []byte) (any, error) { return runfile.Read(file) }},
		runfolder.SettingsFile: {read(runfolder.SettingsFile), func(file []byte) (any, error) { return runfile.ReadSettings(file) }},
		runfolder.HistoryFile: {read(runfolder.HistoryFile), func(file []byte) (any, error) {
			if err := os.WriteFile(path, file, 0o600); err != nil {
				t.Fatal(err)
			}
			return LoadHistory(path)
		}},
	} {
		want, err := c.read(c.file)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		bits, noticed := nprandom.New(7), 0
		for range 2000 {
			at := bits.RandInt(0, 8*len(c.file))
			flipped := bytes.Clone(c.file)
			flipped[at/8] ^= 1 << (at % 8)
			got, err := c.read(flipped)
			if err != nil {
				noticed++
			} else if !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: bit %d flips without a word", name, at)
			}
		}
		t.Logf("%s: %d of 2000 flips are refused, the others change nothing", name, noticed)
	}
}

// A run whose settings or history are damaged is opened all the same, and both are
// written anew.
func TestDamagedFilesAreRepaired(t *testing.T) {
	_, tiny, folder := aCheckpoint(t)
	whole := files(t, where(t, folder))
	for _, name := range []string{runfolder.SettingsFile, runfolder.HistoryFile, runfolder.ParamsFile, runfolder.EpochsFile} {
		spoiled := []byte(whole[name])
		spoiled[len(spoiled)/2] ^= 4
		if err := os.WriteFile(filepath.Join(where(t, folder), name), spoiled, 0o600); err != nil {
			t.Fatal(err)
		}
		calls := new(counter)
		tr, _ := tiny.start(t, folder, &remembering{}, calls)
		if _, err := tr.Train(context.Background()); err != nil || !calls.opened {
			t.Errorf("%s: opened %v, %v", name, calls.opened, err)
		}
		if got := files(t, where(t, folder)); got[name] != whole[name] {
			t.Errorf("%s is not as it was:\n%q, want\n%q", name, got[name], whole[name])
		}
	}
}

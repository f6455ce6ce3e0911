package trainer

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"convbook/pkg/dataset"
	"convbook/pkg/internal/runfolder"
)

// foreignCheckpoint returns a whole checkpoint of a run with other settings.
func foreignCheckpoint(t testing.TB, data *dataset.Data) []byte {
	t.Helper()
	folder := t.TempDir()
	r := tinyRun[float32]{data: data, optimizer: "momentum"}
	tr, _ := r.start(t, folder)
	if _, err := tr.Train(context.Background()); err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(where(t, folder), runfolder.CheckpointPrefix+"*"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no checkpoint in %s, %v", folder, err)
	}
	file, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	return file
}

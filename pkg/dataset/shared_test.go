package dataset

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convbook/pkg/dataset/internal/catalog"
)

// A data set that was installed for all users is opened from there, whatever the user's
// own cache has or lacks, and only where nobody else can have changed it.
func TestSharedData(t *testing.T) {
	t.Setenv(FolderVariable, "")
	shared := t.TempDir()
	os.Chmod(shared, 0o755)
	t.Setenv(sharedVariable, shared)
	drawn, err := Open("mnist", Folder(standInValue))
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(shared, "data")
	if err := drawn.Unpack(folder); err == nil {
		t.Error("a stand-in is shared")
	}
	drawn.StandIn = false // as if these were the teacher's own files
	drawn.markOwn()
	if err := drawn.Unpack(folder); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{folder, filepath.Join(folder, "mnist")} {
		os.Chmod(path, 0o755) // as the installer does
	}
	var log bytes.Buffer
	data, err := Open("mnist", Log(&log))
	if err != nil || log.Len() > 0 || !data.Own || data.StandIn || data.Source != filepath.Join(folder, "mnist") || !bytes.Equal(data.Train.pixels, drawn.Train.pixels) {
		t.Fatalf("%v, %v, %s", data, err, &log)
	}
	image := filepath.Join(folder, "mnist", keptNames[0])
	content, err := os.ReadFile(image)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)/2] ^= 1
	e, err := catalog.Find("mnist")
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(){
		"open to all": func() { os.Chmod(folder, 0o777) },
		"damaged":     func() { os.Chmod(folder, 0o755); os.WriteFile(image, content, 0o644) },
	} {
		if name == "open to all" && os.PathSeparator == '\\' {
			continue
		}
		log.Reset()
		spoil()
		if data, ok := openShared(e, &log); ok || !strings.Contains(log.String(), "tell your teacher") {
			t.Errorf("%s: %v, %q", name, data, &log)
		}
		os.Chmod(folder, 0o755)
	}
}

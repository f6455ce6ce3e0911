package dataset

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convbook/pkg/dataset/internal/catalog"
)

func compareSum(t *testing.T, file []byte, want string) error {
	if got := contentSum(t, file); got != want {
		return fmt.Errorf("the checksum is %s, want %s", got, want)
	}
	return nil
}

// small holds a data set of 20 training and 10 test images under the names of
// the four files.
func small() map[string][]byte {
	return map[string][]byte{
		fileNames[0]: imagesFile(20, 28, 28), fileNames[1]: labelsFile(20),
		fileNames[2]: imagesFile(10, 28, 28), fileNames[3]: labelsFile(10),
	}
}

// write puts files into dir/… and returns dir.
func write(t *testing.T, dir string, files map[string][]byte) string {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func under(folder string, files map[string][]byte) map[string][]byte {
	moved := map[string][]byte{}
	for name, content := range files {
		moved[folder+"/"+name] = content
	}
	return moved
}

func TestOpenFolder(t *testing.T) {
	packed := map[string][]byte{}
	for name, content := range small() {
		packed[name+".gz"] = zipped(content)
	}
	mixed := small()
	mixed[fileNames[0]+".gz"] = zipped(mixed[fileNames[0]])
	delete(mixed, fileNames[0])
	for _, c := range []struct {
		name, data string
		files      map[string][]byte
	}{
		{"plain", "fashion", small()},
		{"packed", "fashion", packed},
		{"mixed", "fashion", mixed},
		{"in a folder", "fashion", under("fashion", packed)},
		{"in a folder under another name", "fashion", under("fashion-mnist", packed)},
		{"mnist", "mnist", under("mnist", small())},
		{"data set under another name", "FashionMNIST", small()},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := write(t, t.TempDir(), c.files)
			for _, byEnvironment := range []bool{false, true} {
				t.Setenv(FolderVariable, "")
				options := []Option{Folder(dir)}
				if byEnvironment {
					t.Setenv(FolderVariable, dir)
					options = nil
				}
				data, err := Open(c.data, options...)
				if err != nil {
					t.Fatal(err)
				}
				if data.Train.Len() != 20 || data.Test.Len() != 10 || data.StandIn || data.Notice() != "" || len(data.Classes) != 10 {
					t.Errorf("%v, notice %q", data, data.Notice())
				}
				if !strings.HasPrefix(data.Source, dir) {
					t.Errorf("it says it came from %s, not from %s", data.Source, dir)
				}
			}
		})
	}
}

// A folder that was named must hold the data: nothing else is taken instead.
func TestOpenFolderRefuses(t *testing.T) {
	change := func(name string, content []byte) map[string][]byte {
		files := small()
		delete(files, fileNames[0])
		files[name] = content
		return files
	}
	sized := small()
	sized[fileNames[2]] = imagesFile(10, 14, 14)
	uneven := small()
	uneven[fileNames[3]] = labelsFile(9)
	for _, c := range []struct {
		name  string
		files map[string][]byte
		words []string
	}{
		{"empty folder", nil, []string{"neither " + fileNames[0] + ".gz nor " + fileNames[0], "put the four Fashion-MNIST files there"}},
		{"cut off", change(fileNames[0]+".gz", zipped(imagesFile(20, 28, 28))[:99]), []string{fileNames[0] + ".gz cannot be read", "cut off", "replace the file"}},
		{"web page", change(fileNames[0]+".gz", []byte("<!DOCTYPE html><html></html>")), []string{fileNames[0] + ".gz", "magic number is 0x3c21444f"}},
		{"plain and cut off", change(fileNames[0], imagesFile(20, 28, 28)[:5000]), []string{fileNames[0] + " cannot be read", "20 images", "4984 bytes follow"}},
		{"different sizes", sized, []string{"28x28", "14x14"}},
		{"different lengths", uneven, []string{fileNames[2] + " holds 10 images", fileNames[3] + " holds 9 labels"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := write(t, t.TempDir(), c.files)
			_, err := Open("fashion", Folder(dir))
			wantError(t, err, append(c.words, dir, "naming a folder")...)
			t.Setenv(FolderVariable, dir)
			_, err = Open("fashion")
			wantError(t, err, append(c.words, dir, "unset CONVBOOK_DATA")...)
		})
	}
}

func TestOpenFolderRefusesWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	_, err := Open("mnist", Folder(filepath.Join(dir, "missing")))
	wantError(t, err, "missing cannot be opened", "no such file")

	path := filepath.Join(dir, "note")
	write(t, dir, map[string][]byte{"note": nil})
	_, err = Open("mnist", Folder(path))
	wantError(t, err, path+" is not a folder")

	files := small()
	delete(files, fileNames[1])
	directory := write(t, t.TempDir(), files)
	if err := os.Mkdir(filepath.Join(directory, fileNames[1]), 0o755); err != nil {
		t.Fatal(err)
	}
	_, err = Open("mnist", Folder(directory))
	wantError(t, err, fileNames[1]+" is not a file")
}

func TestOpenFolderWithoutPermission(t *testing.T) {
	dir := write(t, t.TempDir(), small())
	if err := os.Chmod(filepath.Join(dir, fileNames[0]), 0); err != nil {
		t.Fatal(err)
	}
	if f, err := os.Open(filepath.Join(dir, fileNames[0])); err == nil {
		f.Close()
		t.Skip("skipped: this user may read everything")
	}
	_, err := Open("mnist", Folder(dir))
	wantError(t, err, fileNames[0]+" cannot be opened", "permission denied")
}

// The files of all data sets have the same names, so only what they hold can
// tell that the wrong ones lie in a folder.
func TestOpenFolderOfAnotherDataSet(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir()) // for what is kept was judged by another catalog
	e := smallEntry(t)
	e.Name = "small"
	entries := catalog.Entries
	catalog.Entries = append(slices.Clone(entries), e)
	defer func() { catalog.Entries = entries }()
	dir := write(t, t.TempDir(), small())
	_, err := Open("fashion", Folder(dir))
	wantError(t, err, "those of Small, not of Fashion-MNIST", `dataset.Open("small")`)
	if data, err := Open("small", Folder(dir)); err != nil || data.Own || data.Title != "Small" {
		t.Error(data, err)
	}
}

func TestOpenUnknownName(t *testing.T) {
	_, err := Open("cifar10")
	wantError(t, err, `"cifar10"`, `"mnist"`, `"fashion"`)
}

func TestMust(t *testing.T) {
	data := &Data{Name: "mnist"}
	if Must(data, nil) != data {
		t.Error("Must does not return the data")
	}
	defer func() {
		if recover() != context.Canceled {
			t.Error("Must does not panic with the error")
		}
	}()
	Must(nil, context.Canceled)
}

// The real files, where they are, have the checksums of the catalog, and begin
// as everybody knows them.
func TestRealData(t *testing.T) {
	folder := os.Getenv(FolderVariable)
	if folder == "" || folder == standInValue {
		folder = filepath.Join("..", "..", "..", "shared", "data")
	}
	for _, e := range catalog.Entries[:2] {
		t.Run(e.Name, func(t *testing.T) {
			files, from, err := readFolder(e, folder)
			if err != nil {
				t.Skipf("skipped: needs the real %s data; put it into a folder and set %s", e.Title, FolderVariable)
			}
			for i, file := range files {
				if err := compareSum(t, file.bytes, e.Sums[i]); err != nil {
					t.Errorf("%s of %s: %v", file.name, from, err)
				}
			}
			data, err := Open(e.Name, Folder(folder), Log(io.Discard))
			if err != nil {
				t.Fatal(err)
			}
			if data.Train.Len() != 60000 || data.Test.Len() != 10000 {
				t.Errorf("%v", data)
			}
			first := map[string][5]int{"mnist": {5, 0, 4, 1, 9}, "fashion": {9, 0, 0, 3, 0}}[e.Name]
			if got := [5]int(data.Train.Head(5).Labels()); got != first {
				t.Errorf("the first labels are %v, want %v", got, first)
			}
		})
	}
}

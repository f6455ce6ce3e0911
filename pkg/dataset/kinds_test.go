package dataset

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convbook/pkg/dataset/internal/catalog"
	"convbook/pkg/internal/idx"
	"convbook/pkg/internal/idx/idxtest"
)

// realFolder is the folder of the real files; the test is skipped without them.
func realFolder(t *testing.T, name string) string {
	folder := os.Getenv(FolderVariable)
	if folder == "" || folder == standInValue {
		folder = filepath.Join("..", "..", "..", "shared", "data")
	}
	folder = filepath.Join(folder, name)
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("skipped: needs the real data; put it into a folder and set %s", FolderVariable)
	}
	return folder
}

// link makes a folder with the files of others under other names.
func link(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, from := range files {
		path := filepath.Join(dir, name)
		absolute, err := filepath.Abs(from)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(path), 0o755)
		}
		if err == nil {
			err = os.Symlink(absolute, path)
		}
		if err != nil {
			t.Skipf("skipped: no links here (%v)", err)
		}
	}
	return dir
}

// Files are known by what they hold, whatever folder they lie in.
func TestKnownFiles(t *testing.T) {
	mnist, fashion := realFolder(t, "mnist"), realFolder(t, "fashion")
	from := func(folders ...string) map[string]string {
		files := map[string]string{}
		for i, name := range fileNames {
			files[name+".gz"] = filepath.Join(folders[i], name+".gz")
		}
		return files
	}
	swapped := from(fashion, fashion, fashion, fashion)
	swapped[fileNames[0]+".gz"], swapped[fileNames[2]+".gz"] = swapped[fileNames[2]+".gz"], swapped[fileNames[0]+".gz"]
	for name, c := range map[string]struct {
		open  string
		files map[string]string
		words []string
	}{
		"all of another":       {"fashion", from(mnist, mnist, mnist, mnist), []string{"those of MNIST, not of Fashion-MNIST", `dataset.Open("mnist")`}},
		"in a folder fashion":  {"fashion", map[string]string{"fashion/" + fileNames[0] + ".gz": mnist + "/" + fileNames[0] + ".gz", "fashion/" + fileNames[1] + ".gz": mnist + "/" + fileNames[1] + ".gz", "fashion/" + fileNames[2] + ".gz": mnist + "/" + fileNames[2] + ".gz", "fashion/" + fileNames[3] + ".gz": mnist + "/" + fileNames[3] + ".gz"}, []string{"those of MNIST"}},
		"test of another":      {"fashion", from(fashion, fashion, mnist, mnist), []string{"is the test images of MNIST, where the test images of Fashion-MNIST should be"}},
		"training of another":  {"mnist", from(fashion, fashion, mnist, mnist), []string{"is the training images of Fashion-MNIST"}},
		"labels of another":    {"mnist", from(mnist, fashion, mnist, mnist), []string{"train-labels-idx1-ubyte.gz is the training labels of Fashion-MNIST"}},
		"training and test":    {"fashion", swapped, []string{"is the test images of Fashion-MNIST, where the training images"}},
		"as they should be":    {"fashion", from(fashion, fashion, fashion, fashion), nil},
		"as they should be, M": {"mnist", from(mnist, mnist, mnist, mnist), nil},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := Open(c.open, Folder(link(t, c.files)))
			if c.words != nil {
				wantError(t, err, c.words...)
			} else if err != nil || data.Own || strings.Contains(data.Title, "own") {
				t.Errorf("%v, %v", data, err)
			}
		})
	}
	// One byte of the real images, and one of the labels.
	for i, name := range []string{fileNames[0], fileNames[3]} {
		packed, err := os.ReadFile(filepath.Join(fashion, name+".gz"))
		if err != nil {
			t.Fatal(err)
		}
		content, err := idx.Unpack(packed)
		if err != nil {
			t.Fatal(err)
		}
		content = bytes.Clone(content)
		content[len(content)-1-i] ^= 1
		files := from(fashion, fashion, fashion, fashion)
		delete(files, name+".gz")
		dir := link(t, files)
		write(t, dir, map[string][]byte{name: content})
		_, err = Open("fashion", Folder(dir))
		wantError(t, err, name+" is damaged or of another data set")
	}
}

// Files that nobody knows are somebody's own, and say so.
func TestOwnFiles(t *testing.T) {
	data, err := Open("mnist", Folder(write(t, t.TempDir(), small())))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{data.Title, data.Label(), data.String()} {
		if !strings.Contains(text, "MNIST (your own files)") {
			t.Errorf("%q does not say that the files are one's own", text)
		}
	}
	if !data.Own || data.StandIn || data.Name != "mnist" {
		t.Errorf("%+v", data)
	}
}

// labelled returns labels first, first+1, …, in a circle of count.
func labelled(n, first, count int) []byte {
	labels := make([]byte, n)
	for i := range labels {
		labels[i] = byte(first + i%count)
	}
	return idxtest.File(idx.Labels, []uint32{uint32(n)}, labels)
}

func TestOtherDataSets(t *testing.T) {
	rows := func(n int) []byte {
		var data []byte
		for i := range n {
			for k := range 8 {
				data = binary.BigEndian.AppendUint32(data, uint32(i%10+100*k))
			}
		}
		return idxtest.File(idx.LabelRows, []uint32{uint32(n), 8}, data)
	}
	emnist := func(part string, first, count int) map[string][]byte {
		return map[string][]byte{
			"emnist-" + part + "-train-images-idx3-ubyte.gz": zipped(imagesFile(60, 28, 28)), "emnist-" + part + "-train-labels-idx1-ubyte.gz": zipped(labelled(60, first, count)),
			"emnist-" + part + "-test-images-idx3-ubyte.gz": zipped(imagesFile(50, 28, 28)), "emnist-" + part + "-test-labels-idx1-ubyte.gz": zipped(labelled(50, first, count)),
		}
	}
	qmnist := map[string][]byte{"qmnist-train-images-idx3-ubyte": imagesFile(60, 28, 28), "qmnist-train-labels-idx2-int": rows(60),
		"qmnist-test-images-idx3-ubyte": imagesFile(50, 28, 28), "qmnist-test-labels-idx2-int": rows(50)}
	standard := map[string][]byte{fileNames[0]: imagesFile(60, 28, 28), fileNames[1]: labelled(60, 0, 10), fileNames[2]: imagesFile(50, 28, 28), fileNames[3]: labelled(50, 0, 10)}
	for _, c := range []struct {
		name    string
		files   map[string][]byte
		classes int
		last    string
		upright bool
	}{
		{"kmnist", under("KMNIST/raw", standard), 10, "wo", true},
		{"KMNIST", under("kmnist", standard), 10, "wo", true},
		{"qmnist", under("QMNIST/raw", qmnist), 10, "9", true},
		{"qmnist", qmnist, 10, "9", true},
		{"emnist-digits", under("EMNIST/raw", emnist("digits", 0, 10)), 10, "9", false},
		{"emnist-letters", under("gzip", emnist("letters", 1, 26)), 26, "Z", false},
		{"emnist-letters", emnist("letters", 1, 26), 26, "Z", false},
		{"emnist-balanced", under("emnist", emnist("balanced", 0, 47)), 47, "t", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := write(t, t.TempDir(), c.files)
			if c.name == "emnist-letters" && c.files["gzip/emnist-letters-train-images-idx3-ubyte.gz"] != nil {
				os.Rename(filepath.Join(dir, "gzip"), filepath.Join(dir, "emnist"))
			}
			for range 2 { // as it is unpacked, and as it is kept
				data, err := Open(c.name, Folder(dir))
				if err != nil {
					t.Fatal(err)
				}
				if len(data.Classes) != c.classes || data.Classes[c.classes-1] != c.last || data.Train.Len() != 60 || data.Test.Len() != 50 || !data.Own {
					t.Errorf("%v, own %v, classes %v", data, data.Own, data.Classes)
				}
				labels := data.Train.Labels()
				if slices.Min(labels) != 0 || labels[9] != 9 || slices.Max(labels) != min(c.classes, 60)-1 {
					t.Errorf("labels %v", labels)
				}
				want := idxtest.Ramp(28 * 28)
				first := data.Train.Pixels(0)
				if place := 3*28 + 5; c.upright && first[place] != want[place] || !c.upright && first[place] != want[5*28+3] {
					t.Errorf("row 3, column 5 is %d", first[place])
				}
			}
		})
	}
	_, err := Open("emnist-letters", Folder(write(t, t.TempDir(), emnist("letters", 0, 10))))
	wantError(t, err, "label 0 is 0", "1 to 26")
	t.Setenv(FolderVariable, "")
	_, err = Open("emnist-letters")
	wantError(t, err, "EMNIST letters is opened from a folder", "nist.gov", FolderVariable)
	t.Setenv(FolderVariable, standInValue)
	_, err = Open("kmnist")
	wantError(t, err, "no stand-in", "KMNIST")
}

// EMNIST has no published checksums: it is known by how many images it has.
func TestKnownByCounts(t *testing.T) {
	e := *catalog.Entries[len(catalog.Entries)-1]
	e.Counts = [2]int{60, 50}
	files := [4]dataFile{{"a", imagesFile(60, 28, 28)}, {"b", labelled(60, 0, 47)}, {"c", imagesFile(50, 28, 28)}, {"d", labelled(50, 0, 47)}}
	if data, err := openFiles(&e, files, options{}); err != nil || data.Own {
		t.Errorf("%v, %v", data, err)
	}
	e.Counts[1]++
	if data, err := openFiles(&e, files, options{}); err != nil || !data.Own {
		t.Errorf("%v, %v", data, err)
	}
}

// npyFile is an array as NumPy writes it.
func npyFile(kind string, shape string, data []byte) []byte {
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", kind, shape)
	header += strings.Repeat(" ", 63-(10+len(header))%64) + "\n"
	file := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), byte(len(header)>>8))
	return append(append(file, header...), data...)
}

func kerasFile(t *testing.T, arrays map[string][]byte) []byte {
	var file bytes.Buffer
	archive := zip.NewWriter(&file)
	for name, content := range arrays {
		w, err := archive.Create(name + ".npy")
		if err == nil {
			_, err = w.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestKeras(t *testing.T) {
	wide := make([]byte, 0, 80)
	for _, label := range idxtest.Cycle(10) {
		wide = binary.LittleEndian.AppendUint64(wide, uint64(label))
	}
	arrays := map[string][]byte{"x_train": npyFile("|u1", "(20, 28, 28)", idxtest.Ramp(20*28*28)), "y_train": npyFile("|u1", "(20,)", idxtest.Cycle(20)),
		"x_test": npyFile("|u1", "(10, 28, 28)", idxtest.Ramp(10*28*28)), "y_test": npyFile("<i8", "(10,)", wide)}
	dir := write(t, t.TempDir(), map[string][]byte{"mnist.npz": kerasFile(t, arrays)})
	for _, folder := range []string{dir, filepath.Join(dir, "mnist.npz")} {
		data, err := Open("mnist", Folder(folder))
		if err != nil || !bytes.Equal(data.Train.pixels, idxtest.Ramp(20*28*28)) || !bytes.Equal(data.Test.labels, idxtest.Cycle(10)) {
			t.Fatalf("%v, %v", data, err)
		}
	}
	for name, c := range map[string]struct {
		array, word string
		file        []byte
	}{
		"floats":      {"x_test", "type \"<f4\"", npyFile("<f4", "(10, 28, 28)", make([]byte, 4*10*28*28))},
		"cut off":     {"x_test", "says the shape", npyFile("|u1", "(10, 28, 28)", idxtest.Ramp(9))},
		"two axes":    {"x_test", "want 3 axes", npyFile("|u1", "(10, 784)", idxtest.Ramp(10*28*28))},
		"no array":    {"y_test", "does not begin as an .npy", []byte("hello, world")},
		"large label": {"y_test", "not from 0 to 255", npyFile("<i2", "(10,)", bytes.Repeat([]byte{0, 9}, 10))},
	} {
		changed := map[string][]byte{}
		for n, content := range arrays {
			changed[n] = content
		}
		changed[c.array] = c.file
		_, err := Open("mnist", Folder(write(t, t.TempDir(), map[string][]byte{"mnist.npz": kerasFile(t, changed)})))
		t.Run(name, func(t *testing.T) { wantError(t, err, c.array, c.word) })
	}
	delete(arrays, "y_test")
	_, err := Open("mnist", Folder(write(t, t.TempDir(), map[string][]byte{"mnist.npz": kerasFile(t, arrays)})))
	wantError(t, err, "y_test is missing")
	flipped := kerasFile(t, map[string][]byte{"x_train": npyFile("|u1", "(20, 28, 28)", make([]byte, 20*28*28))})
	flipped[60] ^= 1
	_, err = Open("mnist", Folder(write(t, t.TempDir(), map[string][]byte{"mnist.npz": flipped})))
	wantError(t, err, "x_train", "damaged")
}

// Folders as torchvision, Keras and Kaggle leave them.
func TestLayouts(t *testing.T) {
	dotted, nested, mixed := map[string][]byte{}, map[string][]byte{}, map[string][]byte{}
	for name, content := range small() {
		point := strings.Replace(name, "-idx", ".idx", 1)
		dotted[point] = content
		nested[name+"/"+name] = content
		mixed[point+"/"+name] = content
	}
	for name, files := range map[string]map[string][]byte{
		"torchvision": under("MNIST/raw", small()), "raw": under("raw", small()), "Kaggle": dotted, "Kaggle's folders": nested, "mixed": mixed,
		"in a folder": under("mnist", dotted), "title": under("MNIST", small()),
	} {
		dir := write(t, t.TempDir(), files)
		if name == "raw" {
			dir = filepath.Join(dir, "raw")
		}
		if data, err := Open("mnist", Folder(dir)); err != nil || data.Train.Len() != 20 {
			t.Errorf("%s: %v, %v", name, data, err)
		}
	}
	for _, folder := range []string{"FashionMNIST/raw", "fashion-mnist", "fashion_mnist", "Fashion-MNIST"} {
		if data, err := Open("fashion", Folder(write(t, t.TempDir(), under(folder, small())))); err != nil || data.Train.Len() != 20 {
			t.Errorf("%s: %v, %v", folder, data, err)
		}
	}
}

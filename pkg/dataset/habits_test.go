package dataset

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"convbook/pkg/internal/idx/idxtest"
)

// Names in capital letters are the same names.
func TestCapitalLetters(t *testing.T) {
	rename := func(change func(string) string) map[string][]byte {
		files := map[string][]byte{}
		for name, content := range small() {
			files[change(name)] = content
		}
		return files
	}
	packed := map[string][]byte{}
	for name, content := range small() {
		packed[strings.ToUpper(name)+".GZ"] = zipped(content)
	}
	dotted := rename(func(name string) string { return strings.ToUpper(strings.Replace(name, "-idx", ".idx", 1)) })
	for name, files := range map[string]map[string][]byte{
		"upper": rename(strings.ToUpper), "packed": packed, "Kaggle": dotted, "capital": rename(func(name string) string { return strings.ToUpper(name[:1]) + name[1:] }),
		"folder": under("Mnist/Raw", small()), "folder, packed": under("MNist/GZIP", packed),
		"nested": {"TRAIN-IMAGES-IDX3-UBYTE/Train-Images-idx3-ubyte": small()[fileNames[0]], fileNames[1]: small()[fileNames[1]],
			fileNames[2]: small()[fileNames[2]], fileNames[3]: small()[fileNames[3]]},
	} {
		if data, err := Open("mnist", Folder(write(t, t.TempDir(), files))); err != nil || data.Train.Len() != 20 || data.Test.Len() != 10 {
			t.Errorf("%s: %v, %v", name, data, err)
		}
	}
}

// What gzip reads is read: zeros behind the end, and several streams in one file.
func TestFilesAsGzipReadsThem(t *testing.T) {
	two := func(content []byte) []byte {
		return append(zipped(content[:len(content)/2]), zipped(content[len(content)/2:])...)
	}
	named := func(content []byte) []byte {
		var file bytes.Buffer
		w, _ := gzip.NewWriterLevel(&file, gzip.BestSpeed)
		w.Name, w.Comment = "train-images", "made on a tape"
		w.Write(content)
		w.Close()
		return file.Bytes()
	}
	for name, c := range map[string]struct {
		pack func([]byte) []byte
		word string
	}{
		"zeros":                 {func(content []byte) []byte { return append(zipped(content), make([]byte, 512)...) }, ""},
		"one zero":              {func(content []byte) []byte { return append(zipped(content), 0) }, ""},
		"two streams":           {two, ""},
		"two streams and zeros": {func(content []byte) []byte { return append(two(content), make([]byte, 3)...) }, ""},
		"zeros between":         {func(content []byte) []byte { return append(append(zipped(content[:9]), 0, 0), zipped(content[9:])...) }, ""},
		"with a name":           {named, ""},
		"an empty stream":       {func(content []byte) []byte { return append(zipped(nil), zipped(content)...) }, ""},
		"something else":        {func(content []byte) []byte { return append(zipped(content), "more"...) }, "damaged"},
		"cut off":               {func(content []byte) []byte { file := zipped(content); return file[:len(file)-4] }, "cut off"},
		"cut off, then zeros": {func(content []byte) []byte {
			file := zipped(content)
			return append(file[:len(file)-8], make([]byte, 64)...)
		}, "damaged"},
	} {
		files := map[string][]byte{}
		for file, content := range small() {
			files[file+".gz"] = c.pack(content)
		}
		data, err := Open("mnist", Folder(write(t, t.TempDir(), files)))
		switch {
		case c.word != "":
			wantError(t, err, c.word)
		case err != nil || !bytes.Equal(data.Train.pixels, idxtest.Ramp(20*28*28)):
			t.Errorf("%s: %v, %v", name, data, err)
		}
	}
}

// What is near to a data set is told from it.
func TestRelatedNames(t *testing.T) {
	for name, words := range map[string]string{
		"emnist": "emnist-letters", "EMNIST": "emnist-letters", "emnist-byclass": "emnist-balanced", "EMNIST ByClass": "emnist-balanced", "emnist-bymerge": "emnist-balanced",
		"byclass": "emnist-balanced", "letters": `open "emnist-letters"`, "emnist-mnist": `"mnist"`, "cifar10": "grey", "CIFAR-10": "grey", "k49": "grey", "mnst": "choose one of",
	} {
		_, err := Open(name)
		wantError(t, err, words)
	}
}

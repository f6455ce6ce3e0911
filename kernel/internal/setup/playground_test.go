package setup

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPlayground builds what the site's playground needs from a folder with a few images, and is told in words that
// there is none.
func TestPlayground(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	root, err := Root(".")
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	for name, axes := range map[string][]uint32{"train-images-idx3-ubyte": {3, 28, 28}, "train-labels-idx1-ubyte": {3}, "t10k-images-idx3-ubyte": {2, 28, 28}, "t10k-labels-idx1-ubyte": {2}} {
		file, size := []byte{0, 0, 8, byte(len(axes))}, 1
		for _, n := range axes {
			file, size = binary.BigEndian.AppendUint32(file, n), size*int(n)
		}
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write(append(file, make([]byte, size)...)); err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(data, name+".gz"), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("CONVBOOK_DATA", data)
	var log bytes.Buffer
	p, err := BuildPlayground(context.Background(), root, &log)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(p.Program, []byte("\x00asm")) || !strings.Contains(p.WasmExec, "globalThis.Go") || !strings.Contains(log.String(), "MNIST (your own files)") {
		t.Errorf("the program begins with %q; said: %s", p.Program[:4], &log)
	}
	if !bytes.Contains(p.Cover, []byte("<svg")) || len(p.Cover) > 60_000 {
		t.Errorf("the figure of the index has %d bytes: %.100s", len(p.Cover), p.Cover)
	}
	archive, err := zip.NewReader(bytes.NewReader(p.Images), int64(len(p.Images)))
	if err != nil {
		t.Fatal(err)
	}
	images, err := archive.Open("fashion/train-images-idx3-ubyte")
	if err != nil {
		t.Fatal(err)
	}
	if content, err := io.ReadAll(images); err != nil || len(content) != 16+3*28*28 {
		t.Errorf("%d bytes of images, %v", len(content), err)
	}
	t.Setenv("CONVBOOK_DATA", filepath.Join(data, "nowhere"))
	if _, err := BuildPlayground(context.Background(), root, io.Discard); err == nil || !strings.Contains(err.Error(), "nowhere cannot be opened") {
		t.Errorf("it says %v", err)
	}
}

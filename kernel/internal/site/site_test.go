package site

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestWrite writes the playground, and unpacks what lies beside the page as its script does.
func TestWrite(t *testing.T) {
	folder := t.TempDir()
	parts := Parts{Program: bytes.Repeat([]byte("\x00asm"), 5000), Images: []byte("PK images"), WasmExec: "globalThis.Go = class {};"}
	sizes, err := Write(folder, parts)
	if err != nil {
		t.Fatal(err)
	}
	held, err := os.ReadFile(filepath.Join(folder, ProgramFile))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]byte{"convbookProgram": parts.Program, "convbookImages": parts.Images} {
		m := regexp.MustCompile(`(?m)^window\.` + name + ` = "([A-Za-z0-9+/=]*)";$`).FindSubmatch(held)
		if m == nil {
			t.Fatalf("the script beside the page lacks %s: %.300s", name, held)
		}
		packed, err := base64.StdEncoding.DecodeString(string(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		r, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s comes out as %.100q, %v", name, got, err)
		}
	}
	text, err := os.ReadFile(filepath.Join(folder, PageFile))
	if err != nil {
		t.Fatal(err)
	}
	worker, _, _ := strings.Cut(strings.SplitN(string(text), `id="worker">`, 2)[1], "</script>")
	if !strings.HasPrefix(worker, parts.WasmExec) || !strings.Contains(worker, "convbookTurn()") {
		t.Errorf("the Worker's script is %.200s", worker)
	}
	if sizes.Page != len(text) || sizes.Program+sizes.Images >= len(held) || sizes.Program == 0 {
		t.Errorf("the sizes are %+v", sizes)
	}
	if _, err := Write(filepath.Join(folder, "missing"), parts); err == nil {
		t.Error("a folder that is not there is written into")
	}
	parts.WasmExec = "// </script>"
	if _, err := Write(folder, parts); err == nil {
		t.Error("a script that ends its element is taken")
	}
}

// Package site makes the playground of the site: a page that trains networks in the browser, with the course's packages
// compiled to WebAssembly. All that it needs lies in the page and in one script beside it, so that it works from a file
// server and from a disk alike; it asks nothing of anybody.
package site

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"path/filepath"

	"convbook/pkg/system/atomicfile"
)

// Parts are what `go run ./kernel site` builds.
type Parts struct {
	Program  []byte // pkg/playground, compiled to WebAssembly
	Images   []byte // as pkg/playground/images packs them
	WasmExec string // Go's wasm_exec.js, of the version that compiled the program
	Cover    []byte // a figure for the index, as SVG
}

// Sizes are those of what was written, in bytes.
type Sizes struct{ Page, Program, Images int }

// Write writes the playground into a folder: the page, and the script beside it that holds the program and the images.
func Write(folder string, p Parts) (Sizes, error) {
	text, err := Page(p.WasmExec + "\n" + read("worker.js"))
	if err != nil {
		return Sizes{}, err
	}
	program, err := packed(p.Program)
	if err != nil {
		return Sizes{}, err
	}
	images, err := packed(p.Images)
	if err != nil {
		return Sizes{}, err
	}
	script := fmt.Appendf(nil, "window.convbookProgram = %q;\nwindow.convbookImages = %q;\n", program, images)
	for name, content := range map[string][]byte{PageFile: text, ProgramFile: script} {
		if err := atomicfile.Write(filepath.Join(folder, name), content); err != nil {
			return Sizes{}, fmt.Errorf("%s could not be written: %w", name, err)
		}
	}
	return Sizes{len(text), len(program), len(images)}, nil
}

// packed returns content compressed, as text: what a script that is opened from a disk can hold.
func packed(content []byte) (string, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(content); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

package display

import (
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unicode"

	"convbook/pkg/figure"
	"convbook/pkg/internal/bilingual"
	"convbook/pkg/system/atomicfile"
)

// plainText renders a value without leaving anything behind: a figure or an image
// is only named.
func plainText(v any) string {
	switch v := v.(type) {
	case alive:
		return plainText(v.Still())
	case *figure.Figure:
		if v == nil {
			return "no figure"
		}
		return strings.TrimSpace("[figure] " + v.Title())
	case *Table:
		if v == nil {
			return "no table"
		}
		return v.text()
	case Tabular:
		return tableOf(v).text()
	case image.Image:
		return fmt.Sprintf("[image] %dx%d pixels", v.Bounds().Dx(), v.Bounds().Dy())
	}
	return fmt.Sprint(v)
}

// terminalText is plainText, except that figures are saved and named by their path.
func terminalText(v any) string {
	if v, ok := v.(alive); ok {
		return terminalText(v.Still())
	}
	f, ok := v.(*figure.Figure)
	if !ok || f == nil {
		return plainText(v)
	}
	path, err := saved.add(f)
	if err != nil {
		return fmt.Sprintf("%s: %v", plainText(v), err)
	}
	return plainText(v) + ": " + path
}

// album is the folder of the figures that this process has saved.
type album struct {
	mu     sync.Mutex
	folder string
	count  int
}

var saved album

// add saves a figure under a number and its title, and returns the path.
func (a *album) add(f *figure.Figure) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.folder == "" {
		folder, err := newFolder()
		if err != nil {
			return "", err
		}
		a.folder = folder
	}
	for {
		a.count++
		path := filepath.Join(a.folder, fmt.Sprintf("%02d%s.svg", a.count, slug(bilingual.Of(f.Title()).English)))
		if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) && a.count < 1e6 {
			continue // keep the figures of earlier runs
		}
		svg, err := f.SVG() // not Save, with which every cell would link what PNG needs
		if err != nil {
			return path, err
		}
		return path, atomicfile.Write(path, svg)
	}
}

func newFolder() (string, error) {
	if folder := os.Getenv("CONVBOOK_FIGURES"); folder != "" {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return "", fmt.Errorf("display: the folder for figures, from CONVBOOK_FIGURES: %w", err)
		}
		return folder, nil
	}
	folder, err := os.MkdirTemp("", "convbook-figures-")
	if err != nil {
		return "", fmt.Errorf("display: no folder for figures: %w; name one in CONVBOOK_FIGURES", err)
	}
	return folder, nil
}

// slug turns a title into the end of a file name: "-simpleconvnet-on-mnist".
func slug(title string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(strings.ToLower(title), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) {
		if b.Len()+len(word) > 60 {
			break
		}
		b.WriteString("-" + word)
	}
	return b.String()
}

package page

import (
	"encoding/base64"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestAttachmentsAreThereOnce has 2,800 references to one picture of a megabyte.
func TestAttachmentsAreThereOnce(t *testing.T) {
	picture := base64.StdEncoding.EncodeToString(make([]byte, 1<<20))
	c := cell{"cell_type": "markdown", "source": strings.Repeat("![](attachment:w.png)", 1400), "attachments": map[string]any{"w.png": map[string]any{"image/png": picture}}}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	page := pageOf(t, c, c)
	runtime.ReadMemStats(&after)
	if n := strings.Count(page, picture); n != 1 || strings.Count(page, `<img class="attached-1"`) != 2800 {
		t.Errorf("the picture is there %d times, shown %d times", n, strings.Count(page, `class="attached-1"`))
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 300<<20 {
		t.Errorf("the page took %d MB", used>>20)
	}
}

func TestPagesHaveALimit(t *testing.T) {
	stream := func(text string) any { return map[string]any{"output_type": "stream", "name": "stdout", "text": text} }
	for _, c := range []struct {
		name  string
		cells []cell
		most  int // bytes of the page
	}{
		{"a long text", []cell{code("", stream(strings.Repeat("line\n", 1<<20)))}, 2 << 20},
		{"a long page", []cell{code("", display(map[string]any{"text/html": strings.Repeat("<b>a</b>", 1<<20+1)}))}, 1 << 20},
		{"many", slicesOf(16, code("", stream(strings.Repeat("<", 1<<20)))), pageLimit + 1<<20},
		{"a long source", []cell{code(strings.Repeat("x := 1 // a\n", 100_000))}, 3 << 20},
		{"a long Markdown cell", []cell{markdownCell(strings.Repeat("*a _b ", 200_000))}, 2 << 20},
		{"half a letter at the limit", []cell{code("", stream(strings.Repeat("합", 1<<20)))}, 2 << 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			began := time.Now()
			page := pageOf(t, c.cells...)
			if len(page) > c.most || !strings.Contains(page, `class="left-out"`) {
				t.Errorf("the page has %d bytes, and may have %d", len(page), c.most)
			}
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func slicesOf(n int, c cell) (cells []cell) {
	for range n {
		cells = append(cells, c)
	}
	return cells
}

// TestMarkdownInTime gives what readers of Markdown take long for.
func TestMarkdownInTime(t *testing.T) {
	for _, part := range []string{"*a _b ", "[a](", "![[", "`", "> ", "- ", "<details>", "| a ", "$x$ ", "$$", "&amp;", "**a*", "<!--", "[a]: /x\n", "~~a", "\\", "1. ", "#", "http://a.b ", "<b", "_"} {
		began := time.Now()
		pageOf(t, markdownCell(strings.Repeat(part, markdownLimit/len(part))))
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("32 kB of %q took %v", part, took)
		}
	}
}

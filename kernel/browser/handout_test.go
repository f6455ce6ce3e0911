package browser

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestHandedOutInLab is a student with a handed-out notebook in JupyterLab: the check is
// read-only and stays, an answer is written and checked, and saving keeps what the
// notebook was handed out with.
func TestHandedOutInLab(t *testing.T) {
	chromium(t)
	const name = "04_pooling.ipynb"
	original, err := os.ReadFile(filepath.Join("../../notebooks", name))
	if err != nil {
		t.Fatal(err)
	}
	root := copyCourse(t, map[string]string{name: string(original)})
	l := startLab(t, root)
	for _, args := range [][]string{
		{"run", "./kernel", "handout", filepath.Join("notebooks", "handed"), "04"},
		{"build", "./pkg/..."}, // a page has no time for what cells compile first
	} {
		c := exec.Command("go", args...)
		c.Dir = root
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	path := filepath.Join(root, "notebooks", "handed", name)
	type file struct {
		Metadata struct{ Convbook map[string]any }
		Cells    []struct {
			ID       string
			Type     string `json:"cell_type"`
			Source   []string
			Metadata map[string]any
		}
	}
	read := func() (f file, text string) {
		t.Helper()
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(content, &f); err != nil {
			return file{}, "" // it is being written
		}
		return f, string(content)
	}
	before, _ := read()
	answer, code := -1, 0
	for _, c := range before.Cells {
		if c.Type == "code" {
			if tags, _ := c.Metadata["tags"].([]any); answer < 0 && len(tags) > 0 && tags[0] == "exercise" {
				answer = code
			}
			code++
		}
	}
	check := answer + 1
	p := openPage(t, l)
	p.open("handed/" + name)
	p.run(0)
	p.idle()
	p.run(answer)
	cell := func(n int, part string) string {
		return fmt.Sprintf(`document.querySelectorAll('.jp-Notebook .jp-CodeCell')[%d].querySelector('%s')`, n, part)
	}
	runCheck := func() { // which cannot be typed in, so that it is chosen first
		t.Helper()
		p.click("the check", cell(check, ".jp-InputPrompt"))
		p.do("running the check", chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(kb.ModifierShift)))
	}
	runCheck()
	p.shows(check, 2*time.Minute, "not written yet")
	// The check takes neither the keys that delete a cell nor letters.
	p.click("the check", cell(check, ".jp-InputPrompt"))
	p.do("deleting the check", chromedp.KeyEvent("d"), chromedp.KeyEvent("d"), chromedp.Sleep(time.Second))
	p.do("typing into the check", chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent("letters"), chromedp.KeyEvent(kb.Escape), chromedp.Sleep(time.Second))
	p.do("typing the answer", chromedp.Evaluate[chromedp.Void](cell(answer, ".cm-content")+".focus()"),
		chromedp.KeyEvent("a", chromedp.KeyModifiers(kb.ModifierCtrl)), chromedp.KeyEvent(kb.Backspace),
		chromedp.KeyEvent("func myPooling(x *ndarray.Array[float64], poolH, poolW, stride, pad int) *ndarray.Array[float64] { return x "), chromedp.Sleep(time.Second))
	p.run(answer)
	runCheck()
	p.shows(check, 2*time.Minute, "✗ Pooling:")
	p.shot("handed_out")
	p.menu("File", "docmanager:save")
	var after file
	eventually(p.ctx, t, "the notebook is saved with the answer", 30*time.Second, func() bool {
		found, text := read()
		after = found
		return strings.Contains(text, "{ return x ")
	})
	if !reflect.DeepEqual(before.Metadata, after.Metadata) {
		t.Errorf("the notebook's metadata became %v, want %v", after.Metadata, before.Metadata)
	}
	if len(before.Cells) != len(after.Cells) {
		t.Fatalf("%d cells became %d", len(before.Cells), len(after.Cells))
	}
	changed := 0
	for i, was := range before.Cells {
		is := after.Cells[i]
		for _, name := range []string{"tags", "editable", "deletable", "convbook"} {
			if !reflect.DeepEqual(was.Metadata[name], is.Metadata[name]) {
				t.Errorf("cell %d: %s is %v, was %v", i+1, name, is.Metadata[name], was.Metadata[name])
			}
		}
		if was.ID != is.ID {
			t.Errorf("cell %d: the id %s became %s", i+1, was.ID, is.ID)
		}
		if !reflect.DeepEqual(was.Source, is.Source) {
			changed++
		}
	}
	if changed != 1 {
		t.Errorf("%d cells changed, want the answer only", changed)
	}
}

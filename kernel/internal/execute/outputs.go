package execute

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/notebook"
)

// outputs gathers what the cells of one notebook show. Displays that are
// updated later hold their last form. What is more than a limit is left out, and the
// last output says so.
type outputs struct {
	cell     *notebook.Cell
	displays map[string][]notebook.Output // by display id
	sizes    map[string]int               // of the displays, by their ids
	texts    map[string][]byte            // of the cell's streams, by their names
	clear    bool                         // before the next output

	total   int // size of what earlier cells show
	size    int // of what this cell shows
	dropped int // bytes of this cell that are left out
}

// Limits on what is kept, as it is written into a file: so much that people read of one
// cell, and so much that the notebook can be read again.
const (
	cellLimit     = 64 << 20
	notebookLimit = 192 << 20
)

// each is what an output takes besides its content, about.
const each = 256

func newOutputs() *outputs {
	return &outputs{displays: map[string][]notebook.Output{}, sizes: map[string]int{}}
}

// begin takes the outputs of another cell from now on.
func (o *outputs) begin(c *notebook.Cell) {
	o.total += o.size
	o.cell, o.clear, o.texts, o.size, o.dropped = c, false, map[string][]byte{}, 0, 0
}

// room returns how much more may be kept.
func (o *outputs) room() int {
	return max(0, min(cellLimit-o.size, notebookLimit-o.total-o.size))
}

// written is about how many bytes a letter takes in a notebook file, where each line of
// a text stands in a line.
func written(ch byte) int {
	switch {
	case ch == '\n':
		return 16
	case ch < 0x20:
		return 6
	case ch == '"' || ch == '\\':
		return 2
	}
	return 1
}

// fitting returns how much of a text fits into room, in bytes, and what it takes.
func fitting(text string, room int) (length, size int) {
	for i := range len(text) {
		if size += written(text[i]); size > room {
			for i > 0 && !utf8.RuneStart(text[i]) {
				i--
			}
			return i, room
		}
	}
	return len(text), size
}

// add takes an output message. It returns the text that a stream printed, as far as it
// is kept.
func (o *outputs) add(m *jupyter.Message) (text string) {
	if len(m.Content) > cellLimit {
		o.dropped += len(m.Content)
		return ""
	}
	var content map[string]any
	if json.Unmarshal(m.Content, &content) != nil {
		return ""
	}
	switch m.Header.Type {
	case "stream":
		name, _ := content["name"].(string)
		text, _ = content["text"].(string)
		if text == "" {
			return ""
		}
		o.clearIfAsked()
		return o.stream(name, text)
	case "display_data", "execute_result":
		o.clearIfAsked()
		if !o.fits(m) {
			return ""
		}
		output := notebook.Output{"output_type": m.Header.Type, "data": content["data"], "metadata": object(content["metadata"])}
		if m.Header.Type == "execute_result" {
			output["execution_count"] = content["execution_count"]
		}
		o.cell.Outputs = append(o.cell.Outputs, output)
		if id := displayID(content); id != "" {
			o.displays[id] = append(o.displays[id], output)
			o.sizes[id] = size(m)
		}
	case "update_display_data":
		id := displayID(content)
		if len(o.displays[id]) == 0 {
			return ""
		}
		o.size -= o.sizes[id]
		o.sizes[id] = 0
		if !o.fits(m) {
			return ""
		}
		o.sizes[id] = size(m)
		for _, output := range o.displays[id] {
			maps.Copy(output, notebook.Output{"data": content["data"], "metadata": object(content["metadata"])})
		}
	case "error":
		o.clearIfAsked()
		if !o.fits(m) {
			return ""
		}
		o.cell.Outputs = append(o.cell.Outputs, notebook.Output{"output_type": "error",
			"ename": content["ename"], "evalue": content["evalue"], "traceback": content["traceback"]})
	case "clear_output":
		o.clear = true
		if wait, _ := content["wait"].(bool); !wait {
			o.clearIfAsked()
		}
	}
	return ""
}

func size(m *jupyter.Message) int {
	return each + len(m.Content) + 14*bytes.Count(m.Content, []byte(`\n`))
}

// fits counts an output that is kept as a whole or not at all.
func (o *outputs) fits(m *jupyter.Message) bool {
	if size(m) > o.room() {
		o.dropped += len(m.Content)
		return false
	}
	o.size += size(m)
	return true
}

func (o *outputs) clearIfAsked() {
	if o.clear {
		o.cell.Outputs, o.texts, o.size, o.dropped, o.clear = nil, map[string][]byte{}, 0, 0, false
	}
}

// stream adds text to the cell's output of that stream, and returns what it adds. GoNB
// sends text and displays on separate ways, so their order says nothing and changes from
// run to run: text is kept in one piece before the displays.
func (o *outputs) stream(name, text string) string {
	length, size := fitting(text, o.room())
	o.dropped += len(text) - length
	o.size += size
	if text = text[:length]; text == "" {
		return ""
	}
	before, there := o.texts[name]
	o.texts[name] = append(before, text...)
	if there {
		return text
	}
	o.size += each
	at := 0
	for i, output := range o.cell.Outputs {
		if output["output_type"] != "stream" {
			break
		}
		if name == "stderr" {
			at = i + 1
		}
	}
	added := notebook.Output{"output_type": "stream", "name": name, "text": ""}
	o.cell.Outputs = slices.Insert(o.cell.Outputs, at, added)
	return text
}

// finish tidies the texts of the cell that has run.
func (o *outputs) finish(folder string) {
	if o.dropped > 0 {
		note := fmt.Sprintf("(%.1f MB more are not kept: a notebook keeps %d MB of a cell's output, and %d MB of all cells)",
			float64(o.dropped)/1e6, cellLimit>>20, notebookLimit>>20)
		o.cell.Outputs = append(o.cell.Outputs, notebook.Output{"output_type": "display_data", "data": map[string]any{"text/plain": note}, "metadata": map[string]any{}})
	}
	for _, output := range o.cell.Outputs {
		switch output["output_type"] {
		case "stream":
			name, _ := output["name"].(string)
			output["text"] = tidy(folder, string(o.texts[name]))
			delete(o.texts, name)
		case "error":
			for _, name := range []string{"ename", "evalue"} {
				text, _ := output[name].(string)
				output[name] = tidy(folder, text)
			}
			lines, _ := output["traceback"].([]any)
			tidied := make([]any, len(lines))
			for i, line := range lines {
				text, _ := line.(string)
				tidied[i] = tidy(folder, text)
			}
			output["traceback"] = tidied
		}
	}
}

// program is the name that GoNB gives to the program of the cells, with a random
// number.
var program = regexp.MustCompile(`\bgonb_[0-9a-f]{8}\b`)

// tidy takes out of a text what is different in every run and tells the student
// nothing: the folder of the run, and the name of the program that GoNB makes.
func tidy(folder, text string) string {
	if folder != "" {
		text = strings.ReplaceAll(text, filepath.Join(folder, "tmp")+string(filepath.Separator), "")
	}
	text = strings.ReplaceAll(program.ReplaceAllString(text, "cell"), "cell/main.go", "main.go")
	return text
}

func object(v any) any {
	if v == nil {
		return map[string]any{}
	}
	return v
}

func displayID(content map[string]any) string {
	transient, _ := content["transient"].(map[string]any)
	id, _ := transient["display_id"].(string)
	return id
}

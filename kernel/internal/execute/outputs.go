package execute

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"regexp"
	"strings"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/notebook"
)

// outputs gathers what the cells of one notebook show. Displays that are
// updated later hold their last form.
type outputs struct {
	cell     *notebook.Cell
	displays map[string][]notebook.Output // by display id
	clear    bool                         // before the next output
}

// add takes an output message. It returns the text that a stream printed.
func (o *outputs) add(m *jupyter.Message) (text string) {
	var content map[string]any
	if json.Unmarshal(m.Content, &content) != nil {
		return ""
	}
	switch m.Header.Type {
	case "stream":
		name, _ := content["name"].(string)
		text, _ = content["text"].(string)
		if text != "" {
			o.clearIfAsked()
			o.stream(name, text)
		}
	case "display_data", "execute_result":
		o.clearIfAsked()
		output := notebook.Output{"output_type": m.Header.Type, "data": content["data"], "metadata": object(content["metadata"])}
		if m.Header.Type == "execute_result" {
			output["execution_count"] = content["execution_count"]
		}
		o.cell.Outputs = append(o.cell.Outputs, output)
		if id := displayID(content); id != "" {
			o.displays[id] = append(o.displays[id], output)
		}
	case "update_display_data":
		for _, output := range o.displays[displayID(content)] {
			maps.Copy(output, notebook.Output{"data": content["data"], "metadata": object(content["metadata"])})
		}
	case "error":
		o.clearIfAsked()
		o.cell.Outputs = append(o.cell.Outputs, notebook.Output{"output_type": "error",
			"ename": content["ename"], "evalue": content["evalue"], "traceback": content["traceback"]})
	case "clear_output":
		if wait, _ := content["wait"].(bool); wait {
			o.clear = true
		} else {
			o.cell.Outputs = nil
		}
	}
	return text
}

func (o *outputs) clearIfAsked() {
	if o.clear {
		o.cell.Outputs, o.clear = nil, false
	}
}

// stream adds text to the cell's output of that stream. GoNB sends text and
// displays on separate ways, so their order says nothing and changes from run to
// run: text is kept in one piece before the displays.
func (o *outputs) stream(name, text string) {
	at := 0
	for i, output := range o.cell.Outputs {
		if output["output_type"] != "stream" {
			break
		}
		if output["name"] == name {
			output["text"] = output["text"].(string) + text
			return
		}
		if name == "stderr" {
			at = i + 1
		}
	}
	added := notebook.Output{"output_type": "stream", "name": name, "text": text}
	o.cell.Outputs = append(o.cell.Outputs[:at], append([]notebook.Output{added}, o.cell.Outputs[at:]...)...)
}

// finish tidies the texts of the cell that has run.
func (o *outputs) finish(folder string) {
	for _, output := range o.cell.Outputs {
		switch output["output_type"] {
		case "stream":
			output["text"] = tidy(folder, output["text"].(string))
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

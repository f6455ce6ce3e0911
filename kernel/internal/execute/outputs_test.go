package execute

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/notebook"
)

// gather gives messages, as kind and content in turn, to a cell.
func gather(t *testing.T, messages ...string) (cell *notebook.Cell, text string) {
	t.Helper()
	cell = &notebook.Cell{Kind: "code"}
	o := newOutputs()
	o.begin(cell)
	for i := 0; i < len(messages); i += 2 {
		text += o.add(message(messages[i], messages[i+1]))
	}
	o.finish("/cache/runs/17-1234")
	return cell, text
}

func message(kind, content string) *jupyter.Message {
	return &jupyter.Message{Header: jupyter.Header{Type: kind}, Content: json.RawMessage(content)}
}

func TestOutputs(t *testing.T) {
	show := func(id, text string) string {
		return `{"data": {"text/plain": "` + text + `"}, "metadata": {}, "transient": {"display_id": "` + id + `"}}`
	}
	shown := func(text string) string {
		return `{"output_type": "display_data", "data": {"text/plain": "` + text + `"}, "metadata": {}}`
	}
	stream := func(name, text string) string {
		return `{"output_type": "stream", "name": "` + name + `", "text": "` + text + `"}`
	}
	for _, c := range []struct {
		name     string
		messages []string
		want     []string
		text     string
	}{
		{"nothing", nil, nil, ""},
		{"text in pieces", []string{"stream", `{"name": "stdout", "text": "a"}`, "stream", `{"name": "stdout", "text": "b\n"}`},
			[]string{stream("stdout", `ab\n`)}, "ab\n"},
		{"empty text", []string{"stream", `{"name": "stdout", "text": ""}`}, nil, ""},
		{"text stands before displays, whatever came first",
			[]string{"display_data", show("", "figure"), "stream", `{"name": "stdout", "text": "b"}`, "stream", `{"name": "stderr", "text": "c"}`},
			[]string{stream("stdout", "b"), stream("stderr", "c"), shown("figure")}, "bc"},
		{"words aside come after the text", []string{"stream", `{"name": "stderr", "text": "c"}`, "stream", `{"name": "stdout", "text": "b"}`},
			[]string{stream("stdout", "b"), stream("stderr", "c")}, "cb"},
		{"a display that is updated", []string{"display_data", show("x", "1"), "display_data", show("y", "other"),
			"update_display_data", show("x", "2"), "update_display_data", show("x", "3")},
			[]string{shown("3"), shown("other")}, ""},
		{"a display shown twice", []string{"display_data", show("x", "1"), "display_data", show("x", "2"), "update_display_data", show("x", "3")},
			[]string{shown("3"), shown("3")}, ""},
		{"an update of nothing", []string{"update_display_data", show("x", "1"), "update_display_data", show("", "2")}, nil, ""},
		{"a result", []string{"execute_result", `{"data": {"text/plain": "3"}, "execution_count": 4}`},
			[]string{`{"output_type": "execute_result", "data": {"text/plain": "3"}, "metadata": {}, "execution_count": 4}`}, ""},
		{"an error", []string{"error", `{"ename": "ERROR", "evalue": "# gonb_0123abcd", "traceback": ["/cache/runs/17-1234/tmp/gonb_0123abcd/main.go:12 +0x65"]}`},
			[]string{`{"output_type": "error", "ename": "ERROR", "evalue": "# cell", "traceback": ["main.go:12 +0x65"]}`}, ""},
		{"a panic", []string{"stream", `{"name": "stderr", "text": "at /cache/runs/17-1234/tmp/gonb_0123abcd/main.go:12 and /home/kim/main.go"}`},
			[]string{stream("stderr", "at main.go:12 and /home/kim/main.go")}, "at /cache/runs/17-1234/tmp/gonb_0123abcd/main.go:12 and /home/kim/main.go"},
		{"cleared at once", []string{"display_data", show("", "1"), "clear_output", `{"wait": false}`}, nil, ""},
		{"cleared at the next output", []string{"display_data", show("", "1"), "clear_output", `{"wait": true}`, "display_data", show("", "2")},
			[]string{shown("2")}, ""},
		{"cleared without a next output", []string{"display_data", show("", "1"), "clear_output", `{"wait": true}`}, []string{shown("1")}, ""},
		{"other messages", []string{"comm_open", `{}`, "execute_input", `{"code": "x"}`}, nil, ""},
		{"content that is no object", []string{"stream", `[]`, "display_data", `"x"`}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			cell, text := gather(t, c.messages...)
			var want []notebook.Output
			for _, o := range c.want {
				var output notebook.Output
				if err := json.Unmarshal([]byte(o), &output); err != nil {
					t.Fatal(err)
				}
				want = append(want, output)
			}
			if len(cell.Outputs)+len(want) > 0 && !reflect.DeepEqual(cell.Outputs, want) {
				t.Errorf("outputs %v\nwant    %v", cell.Outputs, want)
			}
			if text != c.text {
				t.Errorf("text %q, want %q", text, c.text)
			}
		})
	}
}

func TestUpdateReachesEarlierCells(t *testing.T) {
	first, second := &notebook.Cell{}, &notebook.Cell{}
	o := newOutputs()
	o.begin(first)
	o.add(message("display_data", `{"data": {"text/plain": "0 %"}, "transient": {"display_id": "progress"}}`))
	o.begin(second)
	o.add(message("update_display_data", `{"data": {"text/plain": "100 %"}, "transient": {"display_id": "progress"}}`))
	if data := first.Outputs[0]["data"].(map[string]any); data["text/plain"] != "100 %" || len(second.Outputs) != 0 {
		t.Errorf("first cell %v, second cell %v", first.Outputs, second.Outputs)
	}
}

func TestTailKeepsTheLastLines(t *testing.T) {
	log := new(tail)
	for range 1000 {
		log.Write([]byte("a line of the kernel's log\n"))
	}
	log.Write([]byte("the last \x1b[31mbut one\x1b[0m\nI1126 06:31:18.140343   15284 goexec.go:209] [7838f615] GoNB\n\nthe last\x1b[2J\u009b\n"))
	if got := log.String(); got != "the last but one; the last\\u009b" || len(log.text) > 4096 {
		t.Errorf("%q of %d bytes", got, len(log.text))
	}
	log.Write([]byte("```\nthe kernel: GoNB ended: signal: killed\n"))
	if got := log.String(); got != "GoNB ended: signal: killed" {
		t.Errorf("%q", got)
	}
}

// FuzzOutputs takes messages with any content; what comes of them can always be
// written.
func FuzzOutputs(f *testing.F) {
	f.Add("stream", `{"name": "stdout", "text": "a"}`, "display_data", `{"data": {}, "transient": {"display_id": "x"}}`)
	f.Add("stream", `{"name": 1, "text": null}`, "update_display_data", `{"transient": []}`)
	f.Add("error", `{"traceback": "x"}`, "clear_output", `{"wait": 1}`)
	f.Add("error", `{"traceback": [1]}`, "execute_result", `{"data": 7, "execution_count": {}}`)
	f.Fuzz(func(t *testing.T, kind, content, kind2, content2 string) {
		if !json.Valid([]byte(content)) || !json.Valid([]byte(content2)) {
			return // such messages are refused before
		}
		cell, _ := gather(t, kind, content, kind2, content2, kind, content)
		nb, err := notebook.Parse([]byte(`{"nbformat": 4, "cells": [{"cell_type": "code", "source": ""}]}`))
		if err != nil {
			t.Fatal(err)
		}
		nb.Cells[0].Outputs = cell.Outputs
		text, err := nb.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if again, err := notebook.Parse(text); err != nil && !strings.Contains(err.Error(), "nested deeper") {
			t.Errorf("%v: %v", err, again)
		}
	})
}

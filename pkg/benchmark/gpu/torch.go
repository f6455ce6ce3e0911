package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"convbook/pkg/benchmark/internal/work"
)

//go:embed torch.py
var torchProgram string

// torch runs the same works in PyTorch on the same card and puts its times beside ours.
func (m *measured) torch(python string, few bool, log io.Writer) error {
	list := map[string]work.Work{}
	for _, w := range works(few) {
		list[w.name] = w.work
	}
	input, err := json.Marshal(list)
	if err != nil {
		return err
	}
	fmt.Fprintln(log, "measuring PyTorch")
	run := exec.Command(python, "-c", torchProgram)
	var out, said bytes.Buffer
	run.Stdin, run.Stdout, run.Stderr = bytes.NewReader(input), &out, &said
	if err := run.Run(); err != nil {
		lines := strings.Split(strings.TrimSpace(said.String()), "\n")
		return fmt.Errorf("%w: %s", err, lines[len(lines)-1])
	}
	var answer struct {
		Torch string                `json:"torch"`
		Rows  map[string][2]float64 `json:"rows"`
	}
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		return err
	}
	m.Torch = answer.Torch
	for i := range m.Rows {
		times := answer.Rows[m.Rows[i].Name]
		m.Rows[i].Eager, m.Rows[i].Graph = times[0], times[1]
	}
	return nil
}

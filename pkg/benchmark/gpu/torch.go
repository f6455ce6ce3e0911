package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"

	"convbook/pkg/benchmark/internal/work"
)

//go:embed torch.py
var torchProgram string

// longestTorch is how long PyTorch may take: imports, twelve networks, and its own searches.
const longestTorch = 150 * time.Second

// torch runs the same works in PyTorch on the same card and puts its times beside ours. What it
// has said before it failed or took too long counts.
func (m *measured) torch(python string, few bool, log io.Writer) error {
	list := []torchWork{}
	for _, w := range works(few) {
		list = append(list, torchWork{w.name, w.work})
	}
	input, err := json.Marshal(list)
	if err != nil {
		return err
	}
	fmt.Fprintln(log, "measuring PyTorch")
	ctx, stop := context.WithTimeout(context.Background(), longestTorch)
	defer stop()
	run := exec.CommandContext(ctx, python, "-c", torchProgram)
	run.WaitDelay = time.Second
	var out, said bytes.Buffer
	run.Stdin, run.Stdout, run.Stderr = bytes.NewReader(input), &out, &said
	err = run.Run()
	if ctx.Err() != nil {
		err = fmt.Errorf("stopped after %v", longestTorch)
	} else if err != nil {
		lines := strings.Split(strings.TrimSpace(said.String()), "\n")
		err = fmt.Errorf("%w: %s", err, lines[len(lines)-1])
	}
	said.WriteTo(log)
	m.beside(&out)
	return err
}

// torchWork is a work as torch.py reads it.
type torchWork struct {
	Name string    `json:"name"`
	Work work.Work `json:"work"`
}

// beside puts what torch.py has written, a line for its version and one for each work, beside our
// times.
func (m *measured) beside(out io.Reader) {
	for lines := json.NewDecoder(out); ; {
		var answer struct {
			Torch, Name  string
			Eager, Graph float64
		}
		if lines.Decode(&answer) != nil {
			return
		}
		if answer.Torch != "" {
			m.Torch = answer.Torch
		}
		for i := range m.Rows {
			if m.Rows[i].Name == answer.Name {
				m.Rows[i].Eager, m.Rows[i].Graph = answer.Eager, answer.Graph
			}
		}
	}
}

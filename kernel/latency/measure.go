package main

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"convbook/kernel/internal/lab"
	"convbook/kernel/internal/setup"
)

// requirements pins the Python kernel and matplotlib, with hashes. It is made by
//
//	uv pip compile --universal --generate-hashes --python-version 3.10 --no-header requirements.in -o requirements.txt
//
//go:embed requirements.txt
var requirements []byte

// programs returns our kernel and, where there is Python, the other one.
func programs(ctx context.Context, root string, log io.Writer) ([]program, error) {
	tools, err := setup.Prepare(ctx, root, log)
	if err != nil {
		return nil, err
	}
	list := []program{{"convbook", tools.Command, tools.Env, goLesson}}
	python, err := lab.Python(ctx, "the Python kernel", requirements, log)
	if err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		fmt.Fprintf(log, "without the Python kernel: %v\n", err)
		return list, nil
	}
	return append(list, program{"Python", func(file string) []string {
		return []string{python, "-m", "ipykernel_launcher", "-f", file}
	}, os.Environ(), pythonLesson}), nil
}

// measure does all steps, in turn with every kernel. The trials' numbers differ from
// run to run, so that no earlier run has built their code.
func measure(ctx context.Context, list []program, rounds int, cold bool, log io.Writer) (*table, error) {
	t := newTable(list)
	trial := int(time.Now().UnixMilli() % 1_000_000 * 1000)
	for _, p := range list { // what is built once for all cells
		if err := (&table{times: map[string]map[string][]time.Duration{}}).warm(ctx, p, trial); err != nil {
			return nil, err
		}
	}
	for round := range rounds {
		fmt.Fprintf(log, "round %d of %d\n", round+1, rounds)
		for _, p := range list {
			trial += 10
			if err := t.warm(ctx, p, trial); err != nil {
				return nil, err
			}
		}
	}
	if !cold {
		return t, nil
	}
	fmt.Fprintln(log, "from empty caches")
	for _, p := range list {
		trial += 10
		if err := t.cold(ctx, p, trial); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// warm measures one round of a kernel.
func (t *table) warm(ctx context.Context, p program, trial int) error {
	began := time.Now()
	k, err := p.start(ctx)
	if err != nil {
		return err
	}
	defer k.stop()
	t.add(firstAnswer, p, time.Since(began))
	// The whole notebook comes first, in a kernel that has done nothing yet.
	for _, code := range p.lesson.all(trial) {
		if _, err := k.cell(ctx, code); err != nil {
			return err
		}
	}
	t.add(wholeNotebook, p, time.Since(began))
	for i := range 3 {
		took, err := k.cell(ctx, p.lesson.trivial(trial+3+i))
		if err != nil {
			return err
		}
		t.add(trivialCell, p, took)
		if took, err = k.cell(ctx, p.lesson.plot(trial+3+i)); err != nil {
			return err
		}
		t.add(plotCell, p, took)
	}
	return nil
}

// cold measures the first cells of a kernel that finds nothing built.
func (t *table) cold(ctx context.Context, p program, trial int) error {
	empty, err := os.MkdirTemp("", "convbook-latency-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(empty)
	k, err := p.start(ctx, "GOCACHE="+filepath.Join(empty, "go"),
		"PYTHONPYCACHEPREFIX="+filepath.Join(empty, "python"), "MPLCONFIGDIR="+filepath.Join(empty, "matplotlib"))
	if err != nil {
		return err
	}
	defer k.stop()
	took, err := k.cell(ctx, p.lesson.prepare)
	if err != nil {
		return err
	}
	plot, err := k.cell(ctx, p.lesson.plot(trial))
	if err != nil {
		return err
	}
	t.add(coldCells, p, took+plot)
	return nil
}

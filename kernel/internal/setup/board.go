package setup

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"convbook/kernel/internal/progress"
	"convbook/pkg/system/companion"
)

var board = []string{"board"}

// Board returns the program by which machines share a sweep, building it from
// kernel/board where it is not there yet.
func Board(ctx context.Context, root string, log io.Writer) (program string, err error) {
	t := &Tools{Root: root}
	if t.goCommand, err = findGo(); err != nil {
		return "", err
	}
	if t.goEnv, _, err = goEnvironment(t.goCommand, root); err != nil {
		return "", err
	}
	return t.buildBoard(ctx, log)
}

func (t *Tools) buildBoard(ctx context.Context, log io.Writer) (program string, err error) {
	bin, err := builtFrom(t.Root, "board-", "kernel/board/*.go", "kernel/board/go.mod", "kernel/board/go.sum", "pkg/system/*/*.go")
	if err != nil {
		return "", err
	}
	return filepath.Join(bin, board[0]+executable), t.make(ctx, log, "Board", bin, board, func(step *progress.Step, at stage) error {
		err := t.compile(ctx, step, filepath.Join(t.Root, "kernel", "board"), at.tmp, filepath.Join(at.bin, board[0]+executable), ".")
		if err != nil {
			return t.mend(err, "the program of the board could not be built")
		}
		return nil
	})
}

// addBoard gives the kernel the program that talks to the board, where the sweeps of
// this run are shared.
func (t *Tools) addBoard(ctx context.Context, log io.Writer) error {
	if !companion.IsBoard(os.Getenv(companion.BoardVariable)) {
		return nil
	}
	program, err := t.buildBoard(ctx, log)
	if err == nil {
		t.Env = append(t.Env, companion.ProgramVariable+"="+program)
	}
	return err
}

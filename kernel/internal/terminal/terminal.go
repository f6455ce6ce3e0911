package terminal

import (
	"io"
	"os"

	"github.com/mattn/go-isatty"
)

// Is says whether what is written is read on a terminal.
func Is(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && (isatty.IsTerminal(file.Fd()) || isatty.IsCygwinTerminal(file.Fd()))
}

// Moves says whether a line of up to 79 letters can be written over: on a terminal that
// is wide enough for it.
func Moves(w io.Writer) bool {
	if !Is(w) {
		return false
	}
	wide := columns(w.(*os.File))
	return wide == 0 || wide >= 80
}

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

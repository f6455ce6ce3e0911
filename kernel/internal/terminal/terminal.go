package terminal

import (
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/mattn/go-isatty"
)

const windows = runtime.GOOS == "windows"

// Is says whether what is written is read on a terminal.
func Is(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && (isatty.IsTerminal(file.Fd()) || isatty.IsCygwinTerminal(file.Fd()))
}

// IsSimple says that a terminal is only to get lines of letters: it cannot do more
// (TERM=dumb), or the language is set to one without other signs (LC_ALL=C).
func IsSimple() bool {
	if term := os.Getenv("TERM"); term == "dumb" || term == "" && !windows {
		return true
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToUpper(os.Getenv(name)); locale != "" {
			return !strings.Contains(locale, "UTF-8") && !strings.Contains(locale, "UTF8")
		}
	}
	return false
}

// Moves says whether a line of up to 79 letters can be written over: on a terminal that
// can do that and is wide enough for it.
func Moves(w io.Writer) bool {
	if !Is(w) || IsSimple() {
		return false
	}
	wide := columns(w.(*os.File))
	return wide == 0 || wide >= 80
}

package handout

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// FitName says why a name of a file or folder would make trouble on one of the systems
// that students use, nil where it would not: Windows and macOS are among them, and
// letters of all languages fit.
func FitName(name string) error {
	base, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch {
	case name == "":
		return errors.New("has no name")
	case name == "." || name == "..":
		return nil
	case !utf8.ValidString(name):
		return errors.New("has a name that is not UTF-8")
	case len(name) > 200:
		return errors.New("has a name longer than 200 bytes")
	case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return errors.New("has a name with letters that cannot be seen")
	case strings.ContainsAny(name, `<>:"/\|?*`):
		return errors.New(`has a name with one of < > : " / \ | ? *, which Windows does not allow`)
	case strings.HasPrefix(name, "-"), strings.HasPrefix(name, "."):
		return errors.New("has a name that begins with a dash or a dot")
	case strings.HasPrefix(name, " "), strings.HasSuffix(name, " "), strings.HasSuffix(name, "."):
		return errors.New("has a name that begins or ends with a blank, or ends with a dot")
	case slices.Contains(devices, base):
		return errors.New("has the name of a device of Windows")
	}
	return nil
}

var devices = strings.Fields("CON PRN AUX NUL COM1 COM2 COM3 COM4 COM5 COM6 COM7 COM8 COM9 LPT1 LPT2 LPT3 LPT4 LPT5 LPT6 LPT7 LPT8 LPT9")

// Package npy reads the header of NumPy's .npy files. Nothing that a file claims is
// believed beyond its bytes. (NumPy: numpy/lib/format.py)
package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Magic is how a file begins. A version follows, the length of the header, the header
// (a Python dict that says type, order and shape) and the elements.
const Magic = "\x93NUMPY"

const (
	maxHeader = 1 << 16 // bytes
	maxAxes   = 32
)

// Header is what a file says of its array.
type Header struct {
	Type    string // such as "<f8": byte order, kind and size of an element
	Fortran bool
	Shape   []int
}

// Split reads the header and returns it with the bytes of the elements.
func Split(file []byte) (h Header, elements []byte, err error) {
	if len(file) < 12 || string(file[:6]) != Magic {
		return h, nil, errors.New("it does not begin as an .npy file")
	}
	var length, at int
	switch file[6] {
	case 1:
		length, at = int(binary.LittleEndian.Uint16(file[8:])), 10
	case 2, 3:
		length, at = int(binary.LittleEndian.Uint32(file[8:])), 12
	default:
		return h, nil, fmt.Errorf("its version is %d.%d, want 1.0 to 3.0", file[6], file[7])
	}
	if length > maxHeader || length > len(file)-at {
		return h, nil, fmt.Errorf("its header has %d bytes, but the file only %d", length, len(file))
	}
	text := string(file[at : at+length])
	if h, err = parse(text); err != nil {
		return h, nil, fmt.Errorf("its header %q %w", Shorten(text), err)
	}
	return h, file[at+length:], nil
}

// parse reads the dict, as NumPy writes it: {'descr': '<f8', 'fortran_order': False,
// 'shape': (2, 3), }.
func parse(text string) (h Header, err error) {
	unlike := errors.New("is not of an array of numbers")
	rest, ok := strings.CutPrefix(text, "{'descr': '")
	if !ok {
		return h, unlike
	}
	if h.Type, rest, ok = strings.Cut(rest, "', 'fortran_order': "); !ok || len(h.Type) < 3 || !strings.Contains("<>|=", h.Type[:1]) || strings.ContainsAny(h.Type, "'\"[(, ") {
		return h, unlike
	}
	order, rest, ok := strings.Cut(rest, ", 'shape': (")
	if h.Fortran = order == "True"; !ok || !h.Fortran && order != "False" {
		return h, unlike
	}
	shape, rest, ok := strings.Cut(rest, ")")
	if end := strings.TrimSpace(rest); !ok || end != ", }" && end != "}" && end != ",}" {
		return h, unlike
	}
	h.Shape = []int{}
	for _, field := range strings.Split(shape, ",") {
		if field = strings.TrimSpace(field); field == "" {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSuffix(field, "L")) // Python 2 wrote 3L
		if err != nil || n < 0 || len(h.Shape) == maxAxes {
			return h, fmt.Errorf("says the shape (%s)", Shorten(shape))
		}
		h.Shape = append(h.Shape, n)
	}
	return h, nil
}

// Shorten cuts a text that comes from a file, for an error.
func Shorten(text string) string {
	if len(text) > 80 {
		return text[:80] + "…"
	}
	return text
}

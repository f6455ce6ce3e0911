package params

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"convbook/pkg/ndarray"
)

// An .npy file is a magic string, a version, the length of a header, the header
// (a Python dict that says type, order and shape) and the elements. (NumPy:
// numpy/lib/format.py)
//
// The reader is our own because it must not trust the lengths that a file claims:
// codeberg.org/sbinet/npyio sets aside whatever a header asks for.
const npyMagic = "\x93NUMPY"

const (
	maxHeader = 1 << 16 // bytes
	maxAxes   = 32
)

var header = regexp.MustCompile(`^\{'descr': '([<>|=][a-z][0-9]+)', 'fortran_order': (True|False), 'shape': \(([0-9, ]*)\), ?\}\s*$`)

// encodeNpy returns an array as the bytes of an .npy file, version 1.0.
func encodeNpy[T ndarray.Float](a *ndarray.Array[T]) []byte {
	var zero T
	descr := "<f8"
	if _, ok := any(zero).(float32); ok {
		descr = "<f4"
	}
	dict := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", descr, ndarray.ShapeText(a.Shape()))
	// The elements begin at a multiple of 64 bytes.
	padding := 63 - (len(npyMagic)+4+len(dict))%64
	dict += strings.Repeat(" ", padding) + "\n"
	file := append([]byte(npyMagic), 1, 0)
	file = binary.LittleEndian.AppendUint16(file, uint16(len(dict)))
	file = append(file, dict...)
	for _, v := range a.Data() {
		if descr == "<f4" {
			file = binary.LittleEndian.AppendUint32(file, math.Float32bits(float32(v)))
		} else {
			file = binary.LittleEndian.AppendUint64(file, math.Float64bits(float64(v)))
		}
	}
	return file
}

// decodeNpy reads the bytes of an .npy file. Elements may be floats of 2, 4 or 8
// bytes in either byte order, in C or Fortran order; they are converted to T,
// rounding to the nearest where T is narrower.
func decodeNpy[T ndarray.Float](file []byte) (*ndarray.Array[T], error) {
	dict, elements, err := splitNpy(file)
	if err != nil {
		return nil, err
	}
	parts := header.FindStringSubmatch(dict)
	if parts == nil {
		return nil, fmt.Errorf("its header %q is not of an array of floats", shorten(dict))
	}
	shape, err := parseShape(parts[3])
	if err != nil {
		return nil, err
	}
	read, size := element(parts[1])
	if read == nil {
		return nil, fmt.Errorf("its elements are of the type %q, want floats of 2, 4 or 8 bytes; in Python, a.astype(\"f8\") makes them so", parts[1])
	}
	return arranged[T](shape, parts[2] == "True", elements, read, size)
}

func splitNpy(file []byte) (dict string, elements []byte, err error) {
	if len(file) < 12 || string(file[:6]) != npyMagic {
		return "", nil, errors.New("it does not begin as an .npy file")
	}
	var length, at int
	switch file[6] {
	case 1:
		length, at = int(binary.LittleEndian.Uint16(file[8:])), 10
	case 2, 3:
		length, at = int(binary.LittleEndian.Uint32(file[8:])), 12
	default:
		return "", nil, fmt.Errorf("its version is %d.%d, want 1.0 to 3.0", file[6], file[7])
	}
	if length > maxHeader || length > len(file)-at {
		return "", nil, fmt.Errorf("its header has %d bytes, but the file only %d", length, len(file))
	}
	return string(file[at : at+length]), file[at+length:], nil
}

// element returns how an element of a NumPy type is read, and its size.
func element(descr string) (read func([]byte) float64, size int) {
	var order binary.ByteOrder = binary.LittleEndian
	if descr[0] == '>' {
		order = binary.BigEndian
	}
	switch descr[1:] {
	case "f2":
		return func(b []byte) float64 { return half(order.Uint16(b)) }, 2
	case "f4":
		return func(b []byte) float64 { return float64(math.Float32frombits(order.Uint32(b))) }, 4
	case "f8":
		return func(b []byte) float64 { return math.Float64frombits(order.Uint64(b)) }, 8
	}
	return nil, 0
}

// half returns the value of a 16-bit float: a sign, 5 bits of exponent, 10 of
// fraction.
func half(bits uint16) float64 {
	sign := 1.0
	if bits&0x8000 != 0 {
		sign = -1
	}
	exponent, fraction := int(bits>>10&0x1f), float64(bits&0x3ff)
	switch exponent {
	case 0:
		return sign * math.Ldexp(fraction, -24)
	case 31:
		if fraction != 0 {
			return math.NaN()
		}
		return math.Inf(int(sign))
	}
	return sign * math.Ldexp(1024+fraction, exponent-25)
}

func parseShape(text string) ([]int, error) {
	shape := []int{}
	for _, field := range strings.Split(text, ",") {
		if field = strings.TrimSpace(field); field == "" {
			continue
		}
		n, err := strconv.Atoi(field)
		if err != nil || len(shape) == maxAxes {
			return nil, fmt.Errorf("its header says the shape (%s)", shorten(text))
		}
		shape = append(shape, n)
	}
	return shape, nil
}

// product multiplies the sizes of a shape; fits is false when the result is above
// limit.
func product(shape []int, limit int) (count int, fits bool) {
	count = 1
	for _, n := range shape {
		if n == 0 {
			return 0, true
		}
	}
	for _, n := range shape {
		if n > limit/count {
			return 0, false
		}
		count *= n
	}
	return count, true
}

func shorten(text string) string {
	if len(text) > 80 {
		return text[:80] + "…"
	}
	return text
}

package params

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"convbook/pkg/internal/npy"
	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

const maxAxes = 32

// encodeNpy returns an array as the bytes of an .npy file, version 1.0.
func encodeNpy[T ndarray.Float](a *ndarray.Array[T]) []byte {
	var zero T
	descr := "<f8"
	if _, ok := any(zero).(float32); ok {
		descr = "<f4"
	}
	dict := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", descr, shapes.Text(a.Shape()))
	// The elements begin at a multiple of 64 bytes.
	padding := 63 - (len(npy.Magic)+4+len(dict))%64
	dict += strings.Repeat(" ", padding) + "\n"
	file := append([]byte(npy.Magic), 1, 0)
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
// bytes or whole numbers, in either byte order, in C or Fortran order; they are
// converted to T, rounding to the nearest where T is narrower.
func decodeNpy[T ndarray.Float](file []byte) (*ndarray.Array[T], error) {
	h, elements, err := npy.Split(file)
	if err != nil {
		return nil, err
	}
	read, size := number(h.Type)
	if read == nil {
		return nil, unreadable(h.Type)
	}
	return arranged[T](h.Shape, h.Fortran, elements, read, size)
}

// unreadable says which types can be read, and what to do with another.
func unreadable(kind string) error {
	do := `in Python, a.astype("f8") makes them so`
	switch letter := strings.TrimLeft(kind, "<>=|"); {
	case strings.HasPrefix(letter, "U"), strings.HasPrefix(letter, "S"), strings.HasPrefix(letter, "M"), strings.HasPrefix(letter, "m"):
		do = "texts and dates are no parameters: leave it out"
	case strings.HasPrefix(letter, "c"):
		do = "in Python, a.real and a.imag are two arrays of floats"
	case strings.HasPrefix(letter, "O"), strings.HasPrefix(letter, "V"):
		do = "in Python, write each of its numbers or fields as an array of its own"
	}
	return fmt.Errorf("its elements are of the type %q, want floats of 2, 4 or 8 bytes or whole numbers; %s", npy.Shorten(kind), do)
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

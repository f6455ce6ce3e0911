package params

import (
	"encoding/binary"
	"fmt"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// number returns how an element of a NumPy type is read, and its size: floats as
// element does, and whole numbers. Types without a byte order (|i1) have one byte.
func number(descr string) (read func([]byte) float64, size int) {
	if len(descr) < 3 {
		return nil, 0
	}
	if read, size := element(descr); read != nil {
		return read, size
	}
	var order binary.ByteOrder = binary.LittleEndian
	if descr[0] == '>' {
		order = binary.BigEndian
	}
	switch descr[1:] {
	case "i1":
		return func(b []byte) float64 { return float64(int8(b[0])) }, 1
	case "u1", "b1":
		return func(b []byte) float64 { return float64(b[0]) }, 1
	case "i2":
		return func(b []byte) float64 { return float64(int16(order.Uint16(b))) }, 2
	case "u2":
		return func(b []byte) float64 { return float64(order.Uint16(b)) }, 2
	case "i4":
		return func(b []byte) float64 { return float64(int32(order.Uint32(b))) }, 4
	case "u4":
		return func(b []byte) float64 { return float64(order.Uint32(b)) }, 4
	case "i8":
		return func(b []byte) float64 { return float64(int64(order.Uint64(b))) }, 8
	case "u8":
		return func(b []byte) float64 { return float64(order.Uint64(b)) }, 8
	}
	return nil, 0
}

// arranged makes an array of the bytes of its elements, in C or Fortran order. It
// refuses a shape that asks for another number of them.
func arranged[T ndarray.Float](shape []int, fortran bool, elements []byte, read func([]byte) float64, size int) (*ndarray.Array[T], error) {
	count, fits := product(shape, len(elements)/size)
	if !fits || count*size != len(elements) {
		return nil, fmt.Errorf("it says shape %s of %d-byte elements, but has %d bytes", shapes.Text(shape), size, len(elements))
	}
	data := make([]T, count)
	for i := range data {
		data[i] = T(read(elements[i*size:]))
	}
	if !fortran || len(shape) < 2 {
		return ndarray.FromSlice(data).Reshape(shape...), nil
	}
	reversed := make([]int, len(shape))
	for i, n := range shape {
		reversed[len(shape)-1-i] = n
	}
	return ndarray.FromSlice(data).Reshape(reversed...).Transpose(), nil
}

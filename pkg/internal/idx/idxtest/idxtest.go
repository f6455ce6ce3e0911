// Package idxtest makes IDX files for tests.
package idxtest

import "encoding/binary"

// File returns an IDX file with the given magic number, axes and data, which need not
// fit each other.
func File(magic uint32, axes []uint32, data []byte) []byte {
	file := binary.BigEndian.AppendUint32(nil, magic)
	for _, n := range axes {
		file = binary.BigEndian.AppendUint32(file, n)
	}
	return append(file, data...)
}

// Ramp returns n bytes that all differ from their neighbours.
func Ramp(n int) []byte {
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(i * 7)
	}
	return data
}

// Cycle returns n labels: 0, 1, …, 9, 0, ….
func Cycle(n int) []byte {
	labels := make([]byte, n)
	for i := range labels {
		labels[i] = byte(i % 10)
	}
	return labels
}

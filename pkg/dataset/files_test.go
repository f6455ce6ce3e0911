package dataset

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"strings"
	"testing"

	"convbook/pkg/internal/idx"
)

// idxFile returns an IDX file with the given magic number, axes and data.
func idxFile(magic uint32, axes []uint32, data []byte) []byte {
	file := binary.BigEndian.AppendUint32(nil, magic)
	for _, n := range axes {
		file = binary.BigEndian.AppendUint32(file, n)
	}
	return append(file, data...)
}

// ramp returns n bytes that all differ from their neighbours.
func ramp(n int) []byte {
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(i * 7)
	}
	return data
}

// cycle returns n labels: 0, 1, …, 9, 0, ….
func cycle(n int) []byte {
	labels := make([]byte, n)
	for i := range labels {
		labels[i] = byte(i % 10)
	}
	return labels
}

func imagesFile(count, height, width int) []byte {
	return idxFile(idx.Images, []uint32{uint32(count), uint32(height), uint32(width)}, ramp(count*height*width))
}

func labelsFile(count int) []byte {
	return idxFile(idx.Labels, []uint32{uint32(count)}, cycle(count))
}

func zipped(content []byte) []byte {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(content)
	z.Close()
	return packed.Bytes()
}

// wantError fails the test unless err says every one of the words.
func wantError(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one that says %q", words)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the error %q does not say %q", err, word)
		}
	}
}

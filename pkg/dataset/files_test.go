package dataset

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"convbook/pkg/internal/idx"
	"convbook/pkg/internal/idx/idxtest"
)

func imagesFile(count, height, width int) []byte {
	return idxtest.File(idx.Images, []uint32{uint32(count), uint32(height), uint32(width)}, idxtest.Ramp(count*height*width))
}

func labelsFile(count int) []byte {
	return idxtest.File(idx.Labels, []uint32{uint32(count)}, idxtest.Cycle(count))
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

package params

import (
	"bytes"
	"strings"
	"testing"

	"convbook/pkg/ndarray"
)

// TestNetwork writes what a network says of itself into files, in which the digest covers it, and reads it again.
func TestNetwork(t *testing.T) {
	arrays := map[string]*ndarray.Array[float32]{"W1": ndarray.Zeros[float32](2, 3)}
	const network = `(1, 28, 28) Conv(3, 5, 1, 0), Residual(Relu()), Affine(10)`
	for _, ending := range []string{".npz", ".safetensors"} {
		for _, description := range []string{"", network, `"__metadata__": {"convbook_sha256":"x"}, <&>`, strings.Repeat("Relu(), ", 2000), "합성곱"} {
			file, err := Encode(ending, arrays, Network(description))
			if err != nil {
				t.Fatal(err)
			}
			if got := NetworkOf(file); got != description {
				t.Errorf("%s: it says %.80q, want %.80q", ending, got, description)
			}
			if read, err := Decode[float32](file); err != nil || !read["W1"].Equal(arrays["W1"]) {
				t.Errorf("%s with %.80q is read as %v, %v", ending, description, read, err)
			}
			if at := bytes.Index(file, []byte("Residual")); at >= 0 {
				file[at] = 'r'
				if _, err := Decode[float32](file); err == nil || !strings.Contains(err.Error(), "damaged") {
					t.Errorf("%s: a changed description gives %v", ending, err)
				}
			}
		}
		for _, bad := range []string{"two\nlines", "\xff", strings.Repeat("x", 30_000)} {
			if _, err := Encode(ending, arrays, Network(bad)); err == nil {
				t.Errorf("%s: %.20q is written", ending, bad)
			}
		}
	}
	for _, file := range []string{"", "PK", "PK\x03\x04", "\xff\xff\xff\xff\xff\x00\x00\x00{", "\x02\x00\x00\x00\x00\x00\x00\x00{}", "\x02\x00\x00\x00\x00\x00\x00\x00{"} {
		if got := NetworkOf([]byte(file)); got != "" {
			t.Errorf("%q says %q", file, got)
		}
	}
}

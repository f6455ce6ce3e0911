package kernelspec

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// Two thousand times a bit of kernel.json flips, and each time that is seen.
func TestFlippedBitsOfTheSpec(t *testing.T) {
	data := t.TempDir()
	if Unchanged(data) {
		t.Error("what is not there is unchanged")
	}
	dir, err := Write(data, tools("/clone"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "kernel.json")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		flipped := bytes.Clone(content)
		at := rng.IntN(len(flipped))
		flipped[at] ^= 1 << rng.IntN(8)
		if err := os.WriteFile(path, flipped, 0o600); err != nil {
			t.Fatal(err)
		}
		if Unchanged(data) {
			t.Fatalf("a flipped bit in byte %d is not seen:\n%s", at, flipped)
		}
	}
	if err := os.WriteFile(path, content, 0o600); err != nil || !Unchanged(data) {
		t.Errorf("what is as it was has changed, %v", err)
	}
}

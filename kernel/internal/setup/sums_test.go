package setup

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// Two thousand times a bit of a program, or of the list of digests, flips: each time
// the programs are built again.
func TestFlippedBitsOfPrograms(t *testing.T) {
	bin := t.TempDir()
	rng := rand.New(rand.NewPCG(1, 2))
	programs := []string{"gonb", "goimports"}
	for _, name := range programs {
		content := make([]byte, 3000)
		for i := range content {
			content[i] = byte(rng.Uint32())
		}
		if err := os.WriteFile(filepath.Join(bin, name+executable), content, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if holds(bin, programs) {
		t.Error("programs without digests are taken")
	}
	if err := note(bin, programs); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{programs[0] + executable, programs[1] + executable, sumsFile} {
		path := filepath.Join(bin, name)
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for range 2000 {
			flipped := bytes.Clone(content)
			flipped[rng.IntN(len(flipped))] ^= 1 << rng.IntN(8)
			if err := os.WriteFile(path, flipped, 0o700); err != nil {
				t.Fatal(err)
			}
			if holds(bin, programs) {
				t.Fatalf("a flipped bit in %s is not seen", name)
			}
		}
		if err := os.WriteFile(path, content, 0o700); err != nil {
			t.Fatal(err)
		}
		if !holds(bin, programs) {
			t.Fatalf("%s is as it was, and not taken", name)
		}
	}
}

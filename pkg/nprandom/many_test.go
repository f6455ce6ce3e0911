package nprandom

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"testing"
	"time"
)

// manyDraws are digests of 200,000 numbers of each kind (testdata/many.py).
type manyDraws struct {
	Seed    uint32
	Digests map[string]string
}

func TestManyDrawsAreNumPys(t *testing.T) {
	text, err := os.ReadFile("testdata/many.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range value[[]manyDraws](t, text) {
		want.check(t)
	}
}

// TestManyDrawsOfNewSeeds asks the NumPy of this machine.
func TestManyDrawsOfNewSeeds(t *testing.T) {
	if exec.Command("python3", "-c", "import numpy").Run() != nil {
		t.Skip("skipped: needs python3 with NumPy")
	}
	// log comes from another C library elsewhere, and without fused multiply-add
	// from another part of this one.
	sameLog := exec.Command("python3", "-c", `
import platform
name, version = platform.libc_ver()
assert name == "glibc" and tuple(map(int, version.split("."))) >= (2, 28) and platform.machine() == "x86_64"
assert " fma " in open("/proc/cpuinfo").read()`).Run() == nil
	seed := uint32(time.Now().UnixNano())
	text, err := exec.Command("python3", "testdata/many.py", fmt.Sprint(seed), fmt.Sprint(seed/2)).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, want := range value[[]manyDraws](t, text) {
		if !sameLog {
			delete(want.Digests, "randn")
			t.Log("skipped: randn is compared on x86-64 with glibc and fused multiply-add")
		}
		want.check(t)
	}
}

func (d manyDraws) check(t *testing.T) {
	t.Helper()
	const n = 200_000
	r := New(d.Seed)
	kinds := map[string]func() []uint64{
		"rand":        func() []uint64 { return asBits(floats(n, r.Rand)) },
		"randn":       func() []uint64 { return asBits(floats(n, r.Randn)) },
		"uniform":     func() []uint64 { return asBits(floats(n, func() float64 { return r.Uniform(-6, -2) })) },
		"choice":      func() []uint64 { return asWords(r.Choice(6000, n)) },
		"permutation": func() []uint64 { return asWords(r.Permutation(n)) },
		"randint": func() []uint64 {
			whole := make([]int, n)
			for i := range whole {
				whole[i] = r.RandInt(-100, 1<<31)
			}
			return asWords(whole)
		},
	}
	for kind, want := range d.Digests {
		r.Seed(d.Seed)
		var drawn []byte
		for _, word := range kinds[kind]() {
			drawn = binary.LittleEndian.AppendUint64(drawn, word)
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(drawn)); got != want {
			t.Errorf("seed %d: %d numbers of %s are not NumPy's", d.Seed, n, kind)
		}
	}
}

func asBits(numbers []float64) []uint64 {
	words := make([]uint64, len(numbers))
	for i, v := range numbers {
		words[i] = math.Float64bits(v)
	}
	return words
}

func asWords(numbers []int) []uint64 {
	words := make([]uint64, len(numbers))
	for i, v := range numbers {
		words[i] = uint64(v)
	}
	return words
}

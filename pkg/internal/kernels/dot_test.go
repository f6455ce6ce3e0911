package kernels

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// Sums of whole numbers, which are exact in any order, for every depth and tail.
func TestDot(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	for depth := range 2*octet + 5 {
		x, w := wholes(r, depth), wholes(r, depth*octet)
		var sum8, want8 [octet]float32
		var sum4, want4 [quad]float32
		for i := range sum8 {
			sum8[i], want8[i] = float32(i), float32(i)
		}
		for p, v := range x {
			for j := range want8 {
				want8[j] += v * w[p*octet+j]
			}
			for j := range want4 {
				want4[j] += v * w[p*quad+j]
			}
		}
		dot8(&sum8, x, w)
		if dot4(&sum4, x, w[:depth*quad]); sum8 != want8 || sum4 != want4 {
			t.Errorf("depth %d: %v and %v, want %v and %v", depth, sum8, sum4, want8, want4)
		}
	}
}

// A list of gradients of every length, with places that overlap.
func TestScatter(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	for n := range 11 {
		x, g, at := wholes(r, scatterPlaces+2*Group), wholes(r, n), make([]int32, n)
		want, y := make([]float32, 2*Group), make([]float32, 2*Group)
		for i := range at {
			at[i] = int32(r.IntN(scatterPlaces))
			if i == 0 {
				at[i] = scatterPlaces - 1
			}
			for j := range want {
				want[j] += g[i] * x[int(at[i])+j]
			}
		}
		var sum8 [octet]float32
		var sum9 [octet + 1]float32
		scatter8(&sum8, (*scattered[float32])(x), at, g)
		scatter9(&sum9, (*scattered[float32])(x), at, g)
		if axpys(y, x, at, g); [2 * Group]float32(y) != [2 * Group]float32(want) {
			t.Errorf("%d entries give %v, want %v", n, y, want)
		}
		if sum8 != [octet]float32(want) || sum9 != [octet + 1]float32(want) {
			t.Errorf("%d entries give %v and %v, want %v", n, sum8, sum9, want)
		}
	}
}

// The inner loops of plain Go check no index: the compiler says where it does.
func TestDotChecksNoIndex(t *testing.T) {
	if runtime.GOARCH != "amd64" || testing.Short() {
		t.Skip("skipped: the compiler is asked on amd64, without -short")
	}
	text, err := os.ReadFile("dot.go")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "test", "-c", "-o", filepath.Join(t.TempDir(), "test"), "-gcflags=-d=ssa/check_bce", ".")
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Skipf("skipped: the test cannot be built here: %v\n%s", err, said)
	}
	lines, checks := strings.Split(string(text), "\n"), 0
	for _, found := range regexp.MustCompile(`(?m)dot\.go:(\d+):\d+: Found`).FindAllSubmatch(said, -1) {
		at, _ := strconv.Atoi(string(found[1]))
		checks++
		for i := at - 1; i >= 0; i-- {
			if name, ok := strings.CutPrefix(lines[i], "func "); ok {
				if name, _, _ = strings.Cut(name, "["); name == "dot8" || name == "dot4" {
					t.Errorf("%s checks an index in line %d: %s", name, at, lines[at-1])
				}
				break
			}
		}
	}
	if checks == 0 {
		t.Errorf("the compiler names no check in dot.go, not even where there are some:\n%s", said)
	}
}

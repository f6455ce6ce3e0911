package source

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// cells is the program that a notebook's cells make.
const cells = `package main

import (
	"convbook/pkg/nprandom"
	"fmt"
)

var (
	filters = 16 // of the network
	unused  = 1
)

const (
	first = iota
	second
)

type rounding struct{ bits uint }

func (r rounding) StepEnd() { r.bits++ }

// network makes it.
func network() int { return filters + int(rounding{second}.bits) }

func try(points []int) int {
	seeds := 3
	return run(points, func(x int) int {
		rng := nprandom.New(0)
		return network() + x + rng.RandInt(0, 9)
	}, seeds)
}

func run(points []int, train func(int) int, seeds int) int { return train(seeds) }

func main() {
	size, shown := 8, 3
	size += 0
	fmt.Sprint(size)
	text := "a; b {"
	for _, size := range []int{1} {
		if size > 1 {
			size = 2
		}
	}
	made := rounding{bits: 4}
	chosen := func() int { return 5 }
	v := run(nil, func(x int) int { return x * size * made.bits * chosen() }, 2)
	fmt.Println(v, shown, text)
}
`

// sliceOf returns what a function on the line that holds a text leads to.
func sliceOf(t *testing.T, program, at string, literal bool) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	before, _, found := strings.Cut(program, at)
	p, err := readProgram(file)
	if err != nil || !found {
		t.Fatalf("%q is there: %v, %v", at, found, err)
	}
	text, err := p.leadsTo(file, 1+strings.Count(before, "\n"), literal)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(text)
	return text
}

// What a function leads to changes with each edit that can change its result, and with
// no other.
func TestEdits(t *testing.T) {
	for _, c := range []struct {
		at      string
		literal bool
		edit    [2]string
		other   bool // result
	}{
		{"return run(points, func", true, [2]string{"New(0)", "New(1)"}, true},
		{"return run(points, func", true, [2]string{"filters = 16", "filters = 32"}, true},
		{"return run(points, func", true, [2]string{"r.bits++", "r.bits--"}, true},
		{"return run(points, func", true, [2]string{"first = iota", "first = iota + 1"}, true},
		{"return run(points, func", true, [2]string{`"convbook/pkg/nprandom"`, `"elsewhere/nprandom"`}, true},
		{"return run(points, func", true, [2]string{"seeds := 3", "seeds := 5"}, false},
		{"return run(points, func", true, [2]string{"unused  = 1", "unused = 2"}, false},
		{"return run(points, func", true, [2]string{"// of the network", "// another comment"}, false},
		{"return run(points, func", true, [2]string{"\t\trng := nprandom", "\n\t\t// drawn\n\t\trng  :=  nprandom"}, false},
		{"return run(points, func", true, [2]string{"shown := 8, 3", "shown := 8, 4"}, false},
		{"return run(points, func", true, [2]string{"package main\n", "package main\n\nfunc added() {}\n"}, false},
		{"v := run(nil, func", true, [2]string{"size, shown := 8", "size, shown := 9"}, true},
		{"v := run(nil, func", true, [2]string{"x * size *", "x + size *"}, true},
		{"v := run(nil, func", true, [2]string{"size += 0", "size += 1"}, true},
		{"v := run(nil, func", true, [2]string{"fmt.Sprint(size)", "fmt.Sprint(size, 1)"}, false},
		{"v := run(nil, func", true, [2]string{`"a; b {"`, `"c"`}, false},
		{"v := run(nil, func", true, [2]string{"Println(v, shown", "Println(size, shown"}, false},
		{"v := run(nil, func", true, [2]string{"shown := 8, 3", "shown := 8, fmt.Sprint(9)"}, true}, // the same statement
		{"v := run(nil, func", true, [2]string{"bits: 4", "bits: 5"}, true},
		{"v := run(nil, func", true, [2]string{"return 5", "return 6"}, true},
		{"v := run(nil, func", true, [2]string{"size = 2", "size = 3"}, true},
		{"v := run(nil, func", true, [2]string{"range []int{1}", "range []int{2}"}, true},
		{"func network", false, [2]string{"filters + int", "filters - int"}, true},
		{"v := run(nil, func", true, [2]string{"shown := 8, 3", "shown := 8, fmt.Sprint(9)"}, true}, // the same statement
		{"func network", false, [2]string{"x * size *", "x + size *"}, false},
		{"func try", false, [2]string{"return train(seeds)", "return train(seeds + 1)"}, true},
	} {
		if strings.Count(cells, c.edit[0]) != 1 {
			t.Fatalf("%q is there %d times", c.edit[0], strings.Count(cells, c.edit[0]))
		}
		edited := strings.Replace(cells, c.edit[0], c.edit[1], 1)
		before, after := sliceOf(t, cells, c.at, c.literal), sliceOf(t, edited, c.at, c.literal)
		if slices.Equal(before, after) == c.other {
			t.Errorf("%q: after %q the text is another: %v\n%q", c.at, c.edit, !c.other, after)
		}
	}
}

func one() int { return 1 }

func two() int { return 2 }

// Running functions are found, literals too.
func TestDigest(t *testing.T) {
	three := func() int { return 3 }
	four := func() int { return 4 }
	digests := []string{Digest(one), Digest(two), Digest(three), Digest(four)}
	for i, d := range digests {
		if slices.Index(digests, d) != i || d == executable() {
			t.Errorf("the digests are %q, that of the program %s", digests, executable())
		}
	}
	if Digest(one) != digests[0] || Digest(three) != digests[2] {
		t.Error("a digest changes from call to call")
	}
	for name, literal := range map[string]bool{"main.try": false, "main.func1": false, "main.try.func1": true, "main.main.func2.1": true, "main.T.func": false} {
		if isLiteral(name) != literal {
			t.Errorf("%s is that of a literal: %v", name, !literal)
		}
	}
}

func BenchmarkDigest(b *testing.B) {
	for b.Loop() {
		Digest(one)
	}
}

package names

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestAt(t *testing.T) {
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	const imports = "import (\n\t\"convbook/pkg/layers\"\n\tnd \"convbook/pkg/ndarray\"\n)\n\n"
	for _, c := range []struct {
		before  string
		earlier []string
		prefix  string
		want    []string // are among the names
		not     []string
	}{
		{imports + "%%\nlayers.", nil, "", []string{"Affine", "Convolution", "Im2col"}, []string{"TestAffine"}},
		{imports + "%%\nx := layers.im", nil, "im", []string{"Im2col"}, []string{"Affine"}},
		{imports + "%%\nx := nd.Z", nil, "Z", []string{"Zeros"}, nil},
		{"%%\nlayers.Aff", []string{imports}, "Aff", []string{"Affine"}, nil},
		{"%%\nlayers.Aff", nil, "Aff", []string{"Affine"}, nil},
		{"%%\nfmt.Print", nil, "Print", []string{"Printf", "Println"}, []string{"Sprint"}},
		{"%%\nfmt.Println(math.P", nil, "P", []string{"Pi", "Pow"}, nil},
		{"func train() {}\n\n%%\nweights := 3\nwei", nil, "wei", []string{"weights"}, nil},
		{"%%\nlea", []string{"func learn() {}\n\n%%\nleaves := 1"}, "lea", []string{"learn"}, []string{"leaves"}},
		{"%%\nret", nil, "ret", []string{"return"}, nil},
		{"%%\nnet.Fo", nil, "Fo", nil, nil}, // a value: its methods are not known here
		{"%%\na.b.C", nil, "", nil, nil},
		{"!l", nil, "", nil, nil},
		{"", nil, "", nil, nil},
	} {
		found := At(c.before, c.before, c.earlier, root)
		if found.Prefix != c.prefix && len(found.Names) > 0 {
			t.Errorf("%q: prefix %q, want %q", c.before, found.Prefix, c.prefix)
		}
		for _, name := range c.want {
			if !slices.Contains(found.Names, name) {
				t.Errorf("%q: %s is not among %q", c.before, name, found.Names)
			}
		}
		for _, name := range c.not {
			if slices.Contains(found.Names, name) {
				t.Errorf("%q: %s is among them", c.before, name)
			}
		}
		if c.want == nil && len(found.Names) > 0 {
			t.Errorf("%q: %q, want nothing", c.before, found.Names)
		}
	}
}

func TestTidy(t *testing.T) {
	found := Found{offered: []string{"Affine", "Relu"}}
	if got := found.Tidy([]string{"Affine", "TestAffine", "Affine", "Relu()", "affineNumbers"}); !slices.Equal(got, []string{"Affine", "Relu()"}) {
		t.Errorf("%q", got)
	}
	if got := (Found{}).Tidy([]string{"W", "W", "Forward"}); strings.Join(got, " ") != "W Forward" {
		t.Errorf("%q", got)
	}
}

// The go command that the front has for GoNB stands first on PATH in a shared kernel.
func TestSourcesOfGoBehindAnotherCommand(t *testing.T) {
	folder := t.TempDir()
	first, second := filepath.Join(folder, "kernel", "bin"), filepath.Join(folder, "go", "bin")
	for _, dir := range []string{first, second, filepath.Join(folder, "go", "src", "fmt")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{first, second} {
		if err := os.WriteFile(filepath.Join(dir, "go"), []byte("#!/bin/sh\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	list := func(dirs ...string) string { return strings.Join(dirs, string(filepath.ListSeparator)) }
	want, err := filepath.EvalSymlinks(filepath.Join(folder, "go", "src"))
	if err != nil {
		t.Fatal(err)
	}
	if got := sourcesOf(list(first, second)); got != want {
		t.Errorf("the sources are in %q, want %q", got, want)
	}
	if got := sourcesOf(list(first, folder)); got != "" {
		t.Errorf("the sources are in %q, where there are none", got)
	}
}

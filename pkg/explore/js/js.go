// Package js holds the script of the figures that answer the pointer, and joins its files. It
// is one module that draws: figures in notebooks and the pages that are made of notebooks have it in them.
package js

import (
	"embed"
	"slices"
	"strings"
)

//go:embed *.js explore.css
var files embed.FS

// Each short script is by itself, so that the linker leaves out those of kinds that a cell does not show.
var (
	//go:embed short/convolution.js
	convolution string
	//go:embed short/im2col.js
	im2col string
	//go:embed short/network.js
	network string
	//go:embed short/training.js
	training string
	//go:embed short/whole.js
	whole string
)

// order is that of all files: each uses those before it only.
var order = []string{"page", "parts", "plot", "windows", "sixaxes", "im2colwords", "im2colcontrols", "im2col", "convolution", "net", "canvas", "atlas", "scores", "network", "training"}

// kinds are the figures that there are, in alphabetical order. Each is drawn by the file of its name.
var kinds = []string{"convolution", "im2col", "network", "training"}

// Kinds lists the kinds of figures.
func Kinds() []string { return slices.Clone(kinds) }

// Convolution returns the script that makes figures of explore.Convolution alive. It loads nothing, and leaves
// figures of other kinds as they are. It is the files, joined and shortened by .ci/scripts/check --write.
func Convolution() string { return convolution }

// Im2col is Convolution for figures of explore.Im2col.
func Im2col() string { return im2col }

// Network is Convolution for figures of explore.Network.
func Network() string { return network }

// Training is Convolution for figures of explore.Training.
func Training() string { return training }

// Whole returns the script for figures of all kinds.
func Whole() string { return whole }

// Style returns the style sheet of what the script draws.
func Style() string { return tight(read("explore.css")) }

// Joined makes one script of the files here and of modules that import from them and from each other, each from
// those before it. last is the statement that the script ends with. No two of the modules may have a name in common, or
// one of their own and another that it imports.
func Joined(modules []string, last string) string {
	return strict + block(texts(), block(modules, last))
}

const strict = "\"use strict\";\n"

// texts returns all files.
func texts() []string {
	all := make([]string, len(order))
	for i, name := range order {
		all[i] = read(name + ".js")
	}
	return all
}

// block puts modules into one block: what they import from each other stands before it, and
// comments, which are for those who edit the files, are left out.
func block(modules []string, last string) string {
	var b strings.Builder
	b.WriteString("{\n")
	for _, text := range modules {
		b.WriteString(tight(bare(text)))
	}
	b.WriteString(last + "\n}\n")
	return b.String()
}

// bare is a file without its comments, its imports and the word export. It does not know strings: no file has
// what looks like one of these in a string.
func bare(text string) string {
	var code strings.Builder
	for text != "" {
		before, rest, _ := strings.Cut(text, "/**")
		code.WriteString(before)
		_, text, _ = strings.Cut(rest, "*/")
		text = strings.TrimPrefix(text, " ")
	}
	var b strings.Builder
	importing := false
	for line := range strings.Lines(code.String()) {
		if importing = importing || strings.HasPrefix(line, "import "); importing {
			importing = !strings.HasSuffix(line, ";\n")
			continue
		}
		before, _, commented := strings.Cut(strings.TrimPrefix(line, "export "), "// ")
		if commented {
			before = strings.TrimRight(before, " ") + "\n"
		}
		b.WriteString(before)
	}
	return b.String()
}

// tight leaves out blank lines and what stands before a line.
func tight(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimLeft(line, " "); line != "\n" {
			b.WriteString(line)
		}
	}
	return b.String()
}

// read returns a file, which is compiled into the program.
func read(name string) string {
	text, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return string(text)
}

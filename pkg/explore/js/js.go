// Package js holds the script of the figures that answer the pointer, and joins its files. It
// is one module that draws: figures in notebooks and the pages that are made of notebooks have it in them.
package js

import (
	"embed"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed *.js explore.css
var files embed.FS

// order is that of all files: each uses those before it only.
var order = []string{"page", "parts", "windows", "sixaxes", "im2colwords", "im2col", "convolution", "net", "canvas", "atlas", "network", "training"}

// kinds are the figures that there are, with the files that draw them.
var kinds = map[string][]string{
	"im2col":      {"page", "parts", "windows", "sixaxes", "im2colwords", "im2col"},
	"convolution": {"page", "parts", "windows", "convolution"},
	"training":    {"page", "parts", "training"},
	"network":     {"page", "parts", "windows", "net", "canvas", "atlas", "network"},
}

var (
	imports  = regexp.MustCompile(`(?m)^import [^;]*;\n`)
	exports  = regexp.MustCompile(`(?m)^export `)
	comments = regexp.MustCompile(`(?s)/\*\*.*?\*/ ?| *// [^\n]*`)
	blank    = regexp.MustCompile(`\n\s*\n`)
	indents  = regexp.MustCompile(`(?m)^ +`)
)

// Kinds lists the kinds of figures.
func Kinds() []string {
	var all []string
	for kind := range kinds {
		all = append(all, kind)
	}
	slices.Sort(all)
	return all
}

// Script returns the script that makes figures of one kind alive. It loads nothing, and leaves
// figures of other kinds as they are.
func Script(kind string) string { return joined(kinds[kind]) }

// Whole returns the script for figures of all kinds.
var Whole = sync.OnceValue(func() string { return joined(order) })

// joined makes one script of some files: what they import from each other stands before it, and
// comments, which are for those who edit the files, are left out.
func joined(names []string) string {
	var b strings.Builder
	b.WriteString("\"use strict\";\n{\n")
	for _, name := range names {
		text := read(name + ".js")
		text = exports.ReplaceAllString(imports.ReplaceAllString(text, ""), "")
		b.WriteString(tight(comments.ReplaceAllString(text, "")))
	}
	b.WriteString("begin(" + strconv.Quote(tight(read("explore.css"))) + ");\n}\n")
	return b.String()
}

// tight leaves out blank lines and what stands before a line.
func tight(text string) string {
	text = strings.TrimLeft(blank.ReplaceAllString(text, "\n"), "\n")
	return indents.ReplaceAllString(text, "")
}

// read returns a file, which is compiled into the program.
func read(name string) string {
	text, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return string(text)
}

package site

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"sync"

	"convbook/kernel/internal/page"
	"convbook/pkg/explore/js"
)

// PageFile is the name of the playground's page, ProgramFile that of the script beside it, which holds the program and the
// images. The page of the course that leads to it is IndexFile.
const (
	PageFile    = "playground.html"
	ProgramFile = "playground.wasm.js"
	IndexFile   = "index.html"
)

//go:embed page.html
var pageText string

var pageTemplate = page.Template(pageText)

//go:embed site.css
var style string

//go:embed js/*.js
var files embed.FS

// order is that of the page's modules: each uses those before it only.
var order = []string{"words", "program", "described", "golines", "fields", "controls", "charts", "filters", "gradients", "inside", "experiments", "session", "files", "playground"}

// script is that of the page. It loads nothing.
var script = sync.OnceValue(func() string {
	texts := make([]string, len(order))
	for i, name := range order {
		texts[i] = read(name + ".js")
	}
	return js.Joined(texts, "begun("+strconv.Quote(js.Style()+style)+");")
})

// Page returns the page of the playground. worker is the script of its Worker.
func Page(worker string) ([]byte, error) {
	if strings.Contains(strings.ToLower(worker), "</script") || strings.Contains(worker, "<!--") {
		return nil, fmt.Errorf("site: the Worker's script would end the element that it stands in")
	}
	frame, err := page.FrameFor(script())
	if err != nil {
		return nil, err
	}
	// The program lies beside the page, opened from a disk too, and a Worker compiles it.
	frame.Policy = strings.Replace(frame.Policy, "script-src", "worker-src blob:; script-src 'self' file: blob: 'wasm-unsafe-eval'", 1)
	v := struct {
		page.Frame
		Index, Program string
		Worker, Own    template.HTML
	}{frame, IndexFile, ProgramFile, template.HTML(`<script type="text/plain" id="worker">` + worker + "</script>"), template.HTML("<script>" + script() + "</script>")}
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, v); err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	return b.Bytes(), nil
}

// Entry leads to the playground from the index of the course, with a figure.
func Entry(cover []byte) page.Entry {
	e := page.Entry{File: PageFile, Title: "Playground · 플레이그라운드", Summary: page.Summary{
		English: "Train a convolutional network in this browser, without installing anything, and look inside it.",
		Korean:  "설치 없이 이 브라우저에서 합성곱 신경망을 학습시키고 그 속을 들여다봅니다.",
	}}
	e.Show(cover, "What the filters of a network make of a digit, after it was trained as the playground trains it. 플레이그라운드처럼 학습시킨 신경망의 필터가 본 숫자.")
	return e
}

// read returns a file, which is compiled into the program.
func read(name string) string {
	text, err := files.ReadFile("js/" + name)
	if err != nil {
		panic(err)
	}
	return string(text)
}

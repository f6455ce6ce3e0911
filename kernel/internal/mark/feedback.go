package mark

import (
	"fmt"
	"strings"
	"unicode"

	"convbook/kernel/internal/handout"
	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/page"
	"convbook/kernel/internal/terminal"
)

// Feedback returns the page of a student, with all that the student handed in. It runs
// nothing of theirs: what they wrote is shown letter by letter.
func Feedback(student string, all []Marked) ([]byte, error) {
	nb, err := notebook.Parse([]byte(`{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}`))
	if err != nil {
		return nil, err
	}
	id := 0
	add := func(c *notebook.Cell) {
		id++
		nb.Cells = append(nb.Cells, c)
	}
	code := func(source string, outputs ...string) {
		c := notebook.NewCode(fmt.Sprint("c", id), source)
		for _, text := range outputs {
			if text != "" {
				c.Outputs = append(c.Outputs, notebook.Output{"output_type": "stream", "name": "stdout", "text": text})
			}
		}
		add(c)
	}
	text := func(source string) { add(&notebook.Cell{Kind: "markdown", Source: source}) }
	for _, m := range all {
		points, of := m.Points()
		name := m.Notebook // one of ours
		if name == "" {
			name = "no notebook of the course · 수업 노트북이 아님"
		}
		text(fmt.Sprintf("## %s\n\n%s", name, summary(m, points, of)))
		code("", append([]string{"file: " + terminal.Line(m.File)}, lines(m.Notes)...)...)
		next := 0
		for _, a := range m.Answers {
			code(terminal.Shown(a.Source))
			for ; a.Checks > 0 && next < len(m.Verdicts); a.Checks-- {
				addVerdict(m.Verdicts[next], text, code)
				next++
			}
		}
		for ; next < len(m.Verdicts); next++ {
			addVerdict(m.Verdicts[next], text, code)
		}
	}
	return page.HTML(nb, terminal.Line(student), page.Links{})
}

func summary(m Marked, points, of int) string {
	said := fmt.Sprintf("%d of %d checks are right. · 검사 %d개 중 %d개가 맞았습니다.", points, of, of, points)
	if m.Older != "" {
		said += "\n\nThis is a notebook of another version of the course, marked by the present one. · 다른 버전의 노트북을 지금 버전으로 채점했습니다."
	}
	return said
}

func lines(notes []string) (list []string) {
	for _, note := range notes {
		list = append(list, terminal.Shown(note))
	}
	return list
}

// words are the outcomes in both languages.
var words = map[Outcome]string{
	Right:      "✓ right · 정답",
	Wrong:      "✗ wrong · 오답",
	NotWritten: "– not written · 작성하지 않음",
	DidNotRun:  "✗ did not run · 실행되지 않음",
}

func addVerdict(v Verdict, text func(string), code func(string, ...string)) {
	var said []string
	if v.Reason != "" {
		said = append(said, terminal.Shown(v.Reason))
	}
	said = append(said, v.Report)
	if v.Printed != "" {
		said = append(said, "Your program printed · 프로그램의 출력:\n"+v.Printed)
	}
	text(words[v.Outcome])
	code("// "+terminal.Line(v.Check), said...)
}

// Files gives each student the name of a page that all systems can have, each another.
func Files(students []string) map[string]string {
	files, taken := map[string]string{}, map[string]bool{"index": true}
	for _, student := range students {
		if files[student] != "" {
			continue
		}
		name := fileName(student)
		for n := 2; taken[strings.ToLower(name)]; n++ {
			name = fmt.Sprintf("%s_%d", fileName(student), n)
		}
		taken[strings.ToLower(name)] = true
		files[student] = name + ".html"
	}
	return files
}

func fileName(student string) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || strings.ContainsRune(" -_()@+,", r) {
			return r
		}
		return '_'
	}, student)
	name = strings.Trim(name, " ")
	for len(name) > 150 {
		letters := []rune(name)
		name = string(letters[:len(letters)-1])
	}
	if handout.FitName(name) != nil {
		name = "_" + name
	}
	return name
}

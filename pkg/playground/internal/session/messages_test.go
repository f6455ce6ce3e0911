package session

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestMessagesAreThoseOfThePage holds the names of messages, and of the fields of answers and settings, to the types by which the
// page's script is checked.
func TestMessagesAreThoseOfThePage(t *testing.T) {
	content, err := os.ReadFile("../../../../kernel/internal/site/js/messages.js")
	if err != nil {
		t.Fatal(err)
	}
	text := string(content)
	fields := map[string][]string{} // of each answer
	for _, m := range regexp.MustCompile(`@typedef \{\{ say: "(\w+)"([^}]*)\}\}`).FindAllStringSubmatch(text, -1) {
		for _, f := range regexp.MustCompile(`, (\w+)\??:`).FindAllStringSubmatch(m[2], -1) {
			fields[m[1]] = append(fields[m[1]], f[1])
		}
		slices.Sort(fields[m[1]])
	}
	compare := func(what string, got Fields, want []string) {
		t.Helper()
		names := slices.Sorted(maps.Keys(got))
		names = slices.DeleteFunc(names, func(name string) bool { return name == "say" || name == "id" })
		if !slices.Equal(names, want) {
			t.Errorf("%s has the fields %v, messages.js %v", what, names, want)
		}
	}
	properties := func(name string) (all []string) {
		_, block, _ := strings.Cut(text, "@typedef {object} "+name+"\n")
		if !strings.Contains(text, "@typedef {object} "+name+"\n") {
			_, block, _ = strings.Cut(text, "@typedef {object} "+name+" ")
		}
		block, _, _ = strings.Cut(block, "*/")
		for _, m := range regexp.MustCompile(`@property \{[^}]*\} (\w+)`).FindAllStringSubmatch(block, -1) {
			all = append(all, m[1])
		}
		slices.Sort(all)
		return all
	}
	s, _ := begun(t)
	compare("Settings", s.settings.fields(), properties("Settings"))
	compare("Kind", s.describe(0), properties("Kind"))
	var files []any
	for name, content := range drawn(5) {
		files = append(files, Fields{"name": name, "bytes": content})
	}
	answered := map[string]bool{}
	var saved Fields
	for _, ask := range []Fields{
		{"do": "build"}, {"do": "step"}, {"do": "gradients"}, {"do": "weights"}, {"do": "look", "image": Fields{"set": "test", "index": 0.0}},
		{"do": "images", "set": "test", "from": 0.0, "count": 3.0}, {"do": "save", "format": "npz"}, {"do": "load"}, {"do": "data", "files": files},
		{"do": "start"}, {"do": "pause"}, {"do": "unknown"},
	} {
		if ask["do"] == "load" {
			ask["file"] = saved
		}
		answer := s.said(t, ask)
		say := answer["say"].(string)
		if say == "saved" {
			saved = answer
		}
		if fields[say] == nil {
			t.Errorf("messages.js has no answer %q", say)
		}
		answered[say] = true
		compare(say, answer, fields[say])
		if say == "built" {
			compare("Layer", answer["layers"].([]Fields)[0], properties("Layer"))
		}
	}
	for more := true; more; {
		var said []Fields
		for said, more = s.Turn(); len(said) > 0; said = said[1:] {
			compare(said[0]["say"].(string), said[0], fields[said[0]["say"].(string)])
			answered[said[0]["say"].(string)] = true
		}
	}
	answered["begun"] = true // by begun
	for say := range fields {
		if !answered[say] {
			t.Errorf("nothing is answered by %q", say)
		}
	}
	for _, m := range regexp.MustCompile(`@typedef \{\{ do: "(\w+)"`).FindAllStringSubmatch(text, -1) {
		if answer := s.said(t, Fields{"do": m[1]}); strings.Contains(answer["say"].(string)+" "+strings.Join(texts(answer), " "), "there is no message") {
			t.Errorf("the message %q is not answered", m[1])
		}
	}
}

func texts(answer Fields) (all []string) {
	for _, v := range answer {
		if text, ok := v.(string); ok {
			all = append(all, text)
		}
	}
	return all
}

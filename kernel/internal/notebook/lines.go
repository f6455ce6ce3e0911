package notebook

import (
	"maps"
	"strings"
)

// joinLines turns a list of lines into one string; a string stays as it is, and
// so does whatever is neither.
func joinLines(v any) any {
	list, ok := v.([]any)
	if !ok {
		return v
	}
	var b strings.Builder
	for _, line := range list {
		text, ok := line.(string)
		if !ok || strings.HasPrefix(text, notNumber) {
			return v
		}
		b.WriteString(text)
	}
	return b.String()
}

// splitLines turns a string into the list of its lines, each with its end.
func splitLines(v any) any {
	text, ok := v.(string)
	if !ok || strings.HasPrefix(text, notNumber) {
		return v
	}
	lines := []any{}
	for line := range strings.Lines(text) {
		lines = append(lines, line)
	}
	return lines
}

// joinOutput returns an output with its texts as strings.
func joinOutput(o Output) Output { return mapTexts(o, joinLines) }

// splitOutput returns an output with its texts as lists of lines, as nbformat
// writes them: streams, and every kind of data that is text.
func splitOutput(o Output) Output { return mapTexts(o, splitLines) }

func mapTexts(o Output, f func(any) any) Output {
	o = maps.Clone(o)
	if text, ok := o["text"]; ok {
		o["text"] = f(text)
	}
	if data, ok := o["data"].(map[string]any); ok {
		data = maps.Clone(data)
		for media, content := range data {
			if isText(media) {
				data[media] = f(content)
			}
		}
		o["data"] = data
	}
	return o
}

// isText says whether data of a media type is kept as lines.
func isText(media string) bool {
	return strings.HasPrefix(media, "text/") || media == "image/svg+xml" || media == "application/javascript"
}

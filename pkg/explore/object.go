package explore

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// object is a JSON object that grows field by field. encoding/json would be linked into
// each cell that shows a figure.
type object struct{ fields string }

func (o *object) raw(name, value string) {
	if o.fields != "" {
		o.fields += ","
	}
	o.fields += quoted(name) + ":" + value
}

func (o *object) text(name, value string)       { o.raw(name, quoted(value)) }
func (o *object) number(name string, value int) { o.raw(name, strconv.Itoa(value)) }

func (o *object) numbers(name string, values []int) {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = strconv.Itoa(v)
	}
	o.raw(name, list(texts))
}

func list(values []string) string { return "[" + strings.Join(values, ",") + "]" }

// quoted is a text as JSON has it.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == '\u2028' || r == '\u2029':
			fmt.Fprintf(&b, `\u%04x`, r)
		case r == utf8.RuneError:
			b.WriteString(`\ufffd`)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

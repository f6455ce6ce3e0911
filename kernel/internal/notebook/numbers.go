package notebook

import "bytes"

// notNumber begins the strings that stand for NaN, Infinity and -Infinity while a
// notebook is in memory. Python writes them into JSON as bare words, which JSON does
// not know; they are written again as they were. It is of two letters for private use.
const notNumber = "\U0010F3F2\U0010F3F3"

var bareWords = [][]byte{[]byte("-Infinity"), []byte("Infinity"), []byte("NaN")}

// notNumbers says whether a notebook has any.
type notNumbers bool

// hideNotNumbers puts strings in place of the bare words.
func hideNotNumbers(text []byte) ([]byte, notNumbers) {
	var out []byte
	at, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch ch := text[i]; {
		case quoted && ch == '\\':
			i++
		case ch == '"':
			quoted = !quoted
		case quoted || ch != '-' && ch != 'I' && ch != 'N':
		default:
			for _, word := range bareWords {
				if bytes.HasPrefix(text[i:], word) {
					out = append(append(append(out, text[at:i]...), `"`+notNumber...), word...)
					out = append(out, '"')
					at = i + len(word)
					i = at - 1
					break
				}
			}
		}
	}
	if out == nil {
		return text, false
	}
	return append(out, text[at:]...), true
}

// show puts the bare words back.
func (n notNumbers) show(text []byte) []byte {
	if !n {
		return text
	}
	for _, word := range bareWords {
		text = bytes.ReplaceAll(text, []byte(`"`+notNumber+string(word)+`"`), word)
	}
	return text
}

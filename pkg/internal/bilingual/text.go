// Package bilingual knows how the course writes a text in English and Korean, and the
// terms of the field in both: those of the Korean edition of "Deep Learning from Scratch".
//
// A text is written "training accuracy · 훈련 정확도". The parts between the dots that hold
// Korean letters are the Korean, the others the English, in any order and number:
// "ten digits · 숫자 열 개 · MNIST" is "ten digits · MNIST" and "숫자 열 개". A text without a
// Korean part gets it from the table of terms, where all of it is known there.
package bilingual

import (
	"cmp"
	"strings"
	"unicode"
)

// Text is a text in English and in Korean; Korean is empty where it is not known.
type Text struct{ English, Korean string }

// dot stands between the two languages in a line that holds both.
const dot = " · "

// standIn is what data.Label() says of data that is not the real one, and drawn what is said of it in Korean.
const (
	standIn = "STAND-IN"
	drawn   = "그려서 만든 대체 이미지"
)

// Of splits a text, or looks it up. A text in Korean only is in English, too, what it is.
func Of(text string) Text {
	if !hangul(text) {
		return Text{text, Korean(text)}
	}
	var english, korean []string
	for _, part := range strings.Split(text, dot) {
		switch part = strings.TrimSpace(part); {
		case hangul(part):
			korean = append(korean, part)
		case part != "":
			english = append(english, part)
		}
	}
	if len(english) == 0 {
		return Text{English: text}
	}
	all := Text{strings.Join(english, dot), strings.Join(korean, dot)}
	if strings.Contains(all.English, standIn) && !strings.Contains(all.Korean, drawn) {
		all.Korean += dot + drawn
	}
	return all
}

// String is the text in one line.
func (t Text) String() string {
	if t.Korean == "" || t.English == "" {
		return t.English + t.Korean
	}
	return t.English + dot + t.Korean
}

// With is the text with another behind it. What has no Korean form, as a name, is in Korean
// what it is in English, where the other has one: "NVIDIA A100 (published)" is
// "NVIDIA A100 (공표값)".
func (t Text) With(between string, other Text) Text {
	joined := Text{English: t.English + between + other.English}
	if t.Korean != "" || other.Korean != "" {
		joined.Korean = cmp.Or(t.Korean, t.English) + between + cmp.Or(other.Korean, other.English)
	}
	return joined
}

func hangul(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Hangul, r) })
}

// Korean returns a text of terms, with commas between them, in Korean; "" where one is not known.
// Numbers stand for themselves.
func Korean(english string) string {
	parts := strings.Split(english, ", ")
	for i, part := range parts {
		korean := term(part)
		for _, lead := range leads {
			if of, ok := strings.CutPrefix(part, lead.english); ok && korean == "" && term(of) != "" {
				korean = lead.korean + term(of)
			}
		}
		if korean == "" {
			return ""
		}
		parts[i] = korean
	}
	return strings.Join(parts, ", ")
}

// term is a term with its numbers in Korean; "" where it is not known.
func term(english string) string {
	key, numbers := numbered(english)
	key = strings.ToLower(key)
	korean, known := terms[key]
	if setting, ok := strings.CutSuffix(key, " #"); !known && ok { // a setting, as "learning rate 0.001"
		korean, known = terms[setting]
		korean += " #"
	}
	if !known {
		return ""
	}
	for _, number := range numbers {
		korean = strings.Replace(korean, "#", number, 1)
	}
	return korean
}

// numbered puts a # for each number of a text.
func numbered(text string) (key string, numbers []string) {
	if !strings.ContainsAny(text, "0123456789") {
		return text, nil
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		end := i
		for end < len(text) && (text[end] >= '0' && text[end] <= '9' || end > i && (text[end] == ',' || text[end] == '.') && end+1 < len(text) && text[end+1] >= '0' && text[end+1] <= '9') {
			end++
		}
		if end == i || i > 0 && letter(text[i-1]) {
			b.WriteByte(text[i])
			i++
			continue
		}
		b.WriteByte('#')
		numbers = append(numbers, text[i:end])
		i = end
	}
	return b.String(), numbers
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

package explain

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// words are a sentence or two in both languages.
type words struct{ en, ko string }

func say(en, ko string) words { return words{en, ko} }

// with fills both in like fmt.Sprintf.
func (w words) with(args ...any) words {
	return words{fmt.Sprintf(w.en, args...), fmt.Sprintf(w.ko, args...)}
}

// newSaid begins what Jupyter shows: the message first, in one language and the other.
func newSaid(name string, w words) Said {
	s := Said{Name: name, Value: w.en, Traceback: []string{w.en}}
	if w.ko != "" {
		s.Traceback = append(s.Traceback, particles(w.ko))
	}
	return s
}

func (s *Said) add(lines ...string) { s.Traceback = append(s.Traceback, lines...) }

var eitherParticle = regexp.MustCompile(`(이라는/라는|이어서/여서|은/는|이/가|을/를|과/와)`)

// particles chooses the particle that fits the word before it: 은 behind a final
// consonant, 는 behind a vowel. Words in Latin letters go by how their last is read.
func particles(text string) string {
	for {
		at := eitherParticle.FindStringIndex(text)
		if at == nil {
			return text
		}
		behindConsonant, behindVowel, _ := strings.Cut(text[at[0]:at[1]], "/")
		choice := behindVowel
		if endsInConsonant(text[:at[0]]) {
			choice = behindConsonant
		}
		text = text[:at[0]] + choice + text[at[1]:]
	}
}

func endsInConsonant(text string) bool {
	text = strings.TrimRight(text, "\"'`)]}.( ")
	r, _ := utf8.DecodeLastRuneInString(text)
	switch {
	case '가' <= r && r <= '힣':
		return (r-'가')%28 != 0
	case '0' <= r && r <= '9':
		return strings.ContainsRune("013678", r) // 영 일 삼 육 칠 팔
	}
	if consonantal.MatchString(text) {
		return true
	}
	return strings.ContainsRune("lmnLMNR", r)
}

// consonantal are ends of English words that Korean ends in a consonant: 맵 for map, 카운트 is
// no such for count, and 레이어 no such for layer.
var consonantal = regexp.MustCompile(`(?:ng|[bcdfghjklmnpqrstvwxyz][aeiou][pt]|[aeiou]ck|[aeiou]k|\b[r])$`)

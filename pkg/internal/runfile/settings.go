package runfile

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Settings is what a run depends on, name by name.
type Settings struct {
	Format   int       `json:"format"`
	Settings []Setting `json:"settings"`
}

// Setting is one of them.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`

	// Follows marks a setting that others lead to, such as the digest of the initial
	// weights.
	Follows bool `json:"follows,omitempty"`
}

const (
	settingsFormat = 2

	// MaxSettings is how many bytes the file has at most.
	MaxSettings = 1 << 20
)

// NewSettings returns no settings yet.
func NewSettings() Settings { return Settings{Format: settingsFormat} }

// Add adds a setting with the text of its value.
func (s *Settings) Add(name string, value any) {
	s.Settings = append(s.Settings, Setting{Name: name, Value: fmt.Sprint(value)})
}

// AddFollowing adds a setting that others lead to.
func (s *Settings) AddFollowing(name string, value any) {
	s.Settings = append(s.Settings, Setting{Name: name, Value: fmt.Sprint(value), Follows: true})
}

// File returns the settings as the file keeps them.
func (s Settings) File() ([]byte, error) {
	text, err := json.Marshal(s)
	return Seal(text), err
}

// Digest returns 16 hexadecimal digits that depend on all names and values.
func (s Settings) Digest() string {
	sum := sha256.New()
	for _, v := range s.Settings {
		fmt.Fprintf(sum, "%q %q\n", v.Name, v.Value)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// ReadSettings reads what File returned. The errors say what is wrong with "it".
func ReadSettings(file []byte) (Settings, error) {
	var s Settings
	if len(file) > MaxSettings {
		return s, fmt.Errorf("it has %d bytes, more than any settings", len(file))
	}
	text, err := Unseal(file)
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("it is damaged: %w", err)
	}
	if s.Format != settingsFormat {
		return s, fmt.Errorf("it is of format %d, this program reads format %d", s.Format, settingsFormat)
	}
	if len(s.Settings) == 0 {
		return s, errors.New("it holds no settings")
	}
	return s, nil
}

// Differences names the settings that a kept run does not share with now. Those that
// follow from others are named only where they alone differ.
func (s Settings) Differences(now Settings) []string {
	kept, wanted := s.values(), now.values()
	var found, follows []string
	seen := map[string]bool{}
	for _, v := range slices.Concat(s.Settings, now.Settings) {
		if a, b := kept[v.Name], wanted[v.Name]; !seen[v.Name] && !slices.Equal(a, b) {
			there, here := apart(joined(a), joined(b))
			text := fmt.Sprintf("%s: %s before, %s now", v.Name, there, here)
			if v.Follows {
				follows = append(follows, text)
			} else {
				found = append(found, text)
			}
		}
		seen[v.Name] = true
	}
	if len(found) == 0 {
		return follows
	}
	return found
}

// values returns what the settings say under each name.
func (s Settings) values() map[string][]string {
	all := map[string][]string{}
	for _, v := range s.Settings {
		all[v.Name] = append(all[v.Name], v.Value)
	}
	return all
}

// apart leaves of two lists what only one of them has.
func apart(a, b string) (onlyA, onlyB string) {
	for _, separator := range []string{", ", " "} {
		partsA, partsB := split(strings.Trim(a, "{}"), separator), split(strings.Trim(b, "{}"), separator)
		if len(partsA) < 3 || len(partsB) < 3 {
			continue
		}
		without := func(parts, others []string) string {
			left := strings.Join(slices.DeleteFunc(slices.Clone(parts), func(p string) bool { return slices.Contains(others, p) }), separator)
			return cmp.Or(left, "none of it")
		}
		if settled, others := withoutShapes(partsA), withoutShapes(partsB); !slices.Equal(settled, others) && len(settled) > 0 && len(others) > 0 {
			partsA, partsB = settled, others
		}
		return without(partsA, partsB), without(partsB, partsA)
	}
	return a, b
}

// split cuts a text at a separator, but nowhere in brackets.
func split(text, separator string) (parts []string) {
	depth, from := 0, 0
	for i := range text {
		switch text[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		}
		if depth == 0 && i >= from && strings.HasPrefix(text[i:], separator) {
			parts, from = append(parts, text[from:i]), i+len(separator)
		}
	}
	return append(parts, text[from:])
}

// shaped is an array with its shape, which follows from the settings of the layers.
var shaped = regexp.MustCompile(`^\w+ \([\d, ]*\)$`)

func withoutShapes(parts []string) []string {
	return slices.DeleteFunc(slices.Clone(parts), shaped.MatchString)
}

func joined(values []string) string {
	if values == nil {
		return "none"
	}
	return strings.Join(values, " and ")
}

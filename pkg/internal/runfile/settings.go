package runfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
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
}

const (
	settingsFormat = 1

	// MaxSettings is how many bytes the file has at most.
	MaxSettings = 1 << 20
)

// NewSettings returns no settings yet.
func NewSettings() Settings { return Settings{Format: settingsFormat} }

// Add adds a setting with the text of its value.
func (s *Settings) Add(name string, value any) {
	s.Settings = append(s.Settings, Setting{name, fmt.Sprint(value)})
}

// File returns the settings as the file keeps them.
func (s Settings) File() ([]byte, error) {
	text, err := json.MarshalIndent(s, "", " ")
	return append(text, '\n'), err
}

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
	if err := json.Unmarshal(bytes.TrimSpace(file), &s); err != nil {
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

// Differences names the settings that a kept run does not share with now.
func (s Settings) Differences(now Settings) []string {
	kept, wanted := s.values(), now.values()
	var found []string
	seen := map[string]bool{}
	for _, v := range slices.Concat(s.Settings, now.Settings) {
		if a, b := kept[v.Name], wanted[v.Name]; !seen[v.Name] && !slices.Equal(a, b) {
			found = append(found, fmt.Sprintf("%s: %s there, %s now", v.Name, joined(a), joined(b)))
		}
		seen[v.Name] = true
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

func joined(values []string) string {
	if values == nil {
		return "none"
	}
	return strings.Join(values, " and ")
}

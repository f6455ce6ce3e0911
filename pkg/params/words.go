package params

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Option adds to a file what no array says.
type Option func(*words)

// words are what a file says beside its arrays.
type words struct{ network string }

// Network writes into the file of which network the arrays are, in a line as a network's Description returns it: from shapes alone
// nobody can tell Relu from Sigmoid, or see a padding. NumPy and others pass over it.
//
//	err := params.Save("params.npz", net.State(), params.Network(net.Description()))
func Network(description string) Option { return func(w *words) { w.network = description } }

// longestNetwork is how many bytes a description has at most: an archive's comment has 65,535.
const longestNetwork = 20_000

func wordsOf(opts []Option) (w words, err error) {
	for _, opt := range opts {
		opt(&w)
	}
	if len(w.network) > longestNetwork || !utf8.ValidString(w.network) || strings.ContainsFunc(w.network, unicode.IsControl) {
		return w, fmt.Errorf("the description of the network has %d bytes, want one line of %d at most", len(w.network), longestNetwork)
	}
	return w, nil
}

// NetworkOf returns the line that a file in memory has by Network, "" where it has none. Decode says whether the file is as it
// was written.
func NetworkOf(file []byte) string {
	var found string
	switch {
	case looksLikeTensors(file):
		if length := binary.LittleEndian.Uint64(file); length <= uint64(len(file)-8) {
			var header struct {
				Metadata map[string]string `json:"__metadata__"`
			}
			if json.Unmarshal(file[8:8+length], &header) == nil {
				found = header.Metadata[networkKey]
			}
		}
	case bytes.HasPrefix(file, []byte("PK")):
		if archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file))); err == nil {
			line, _, _ := strings.Cut(archive.Comment, "\n")
			found, _ = strings.CutPrefix(line, npzNetwork)
			if len(found) == len(line) {
				found = ""
			}
		}
	}
	if _, err := wordsOf([]Option{Network(found)}); err != nil {
		return ""
	}
	return found
}

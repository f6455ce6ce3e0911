package kernelspec

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
)

// digestMarker is the entry of a spec's metadata that holds the digest of kernel.json,
// taken with noDigest in its place.
const digestMarker = "convbook_digest"

var noDigest = strings.Repeat("0", 2*sha256.Size)

func withDigest(text []byte) []byte {
	sum := sha256.Sum256(text)
	return bytes.Replace(text, []byte(noDigest), []byte(hex.EncodeToString(sum[:])), 1)
}

// Unchanged says whether the kernelspec below data is as Write has left it. Somebody
// may have changed it with good reason, or the disk has.
func Unchanged(data string) bool {
	text, err := os.ReadFile(filepath.Join(Folder(data), "kernel.json"))
	if err != nil {
		return false
	}
	var s spec
	if json.Unmarshal(text, &s) != nil || len(s.Metadata[digestMarker]) != len(noDigest) {
		return false
	}
	found := []byte(s.Metadata[digestMarker])
	return bytes.Equal(withDigest(bytes.Replace(text, found, []byte(noDigest), 1)), text)
}

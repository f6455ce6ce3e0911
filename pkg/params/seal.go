package params

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
)

// Files that are written here carry the SHA-256 of all their bytes, computed with zeros
// in its own place, in a part that other readers pass over. A file that was changed is
// refused. Those of others carry none: an .npz has a checksum for each array, a
// .safetensors and a pickle have nothing.

const digestLength = 2 * sha256.Size

// seal writes the digest of a file at a place of it that holds zeros.
func seal(file []byte, at int) []byte {
	sum := sha256.Sum256(file)
	hex.Encode(file[at:at+digestLength], sum[:])
	return file
}

// checkSeal returns an error unless a file is as it was written.
func checkSeal(file []byte, at int) error {
	if at < 0 || at+digestLength > len(file) {
		return errors.New("it is cut off")
	}
	h := sha256.New()
	h.Write(file[:at])
	h.Write(bytes.Repeat([]byte{'0'}, digestLength))
	h.Write(file[at+digestLength:])
	if hex.EncodeToString(h.Sum(nil)) != string(file[at:at+digestLength]) {
		return errors.New("it is damaged: its digest is another than when it was written")
	}
	return nil
}

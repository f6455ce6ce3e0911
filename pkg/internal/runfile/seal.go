package runfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
)

// A sealed value is one line of JSON with a digest of the value's bytes:
//
//	{"sha256":"64 digits","value":…}
const (
	sealHead = `{"sha256":"`
	sealMid  = `","value":`
	sealTail = `}`
	sealSize = len(sealHead) + 2*sha256.Size + len(sealMid)
)

// Seal returns a value, in JSON, with its digest, as one line.
func Seal(value []byte) []byte {
	sum := sha256.Sum256(value)
	line := append([]byte(sealHead), hex.EncodeToString(sum[:])...)
	line = append(append(line, sealMid...), value...)
	return append(append(line, sealTail...), '\n')
}

// Unseal returns the value of a line that Seal has made, without a change of a bit. The
// errors say what is wrong with "it".
func Unseal(line []byte) (value []byte, err error) {
	line = bytes.TrimSuffix(line, []byte("\n"))
	if len(line) < sealSize+len(sealTail) || !bytes.HasPrefix(line, []byte(sealHead)) {
		return nil, errors.New("it has no digest: it is cut off, damaged, or of an older version")
	}
	value = line[sealSize : len(line)-len(sealTail)]
	if !bytes.Equal(bytes.TrimSuffix(Seal(value), []byte("\n")), line) {
		return nil, errors.New("its digest does not fit: it is cut off or damaged")
	}
	return value, nil
}

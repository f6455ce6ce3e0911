package runfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"convbook/pkg/ndarray"
)

// Checkpoint is a checkpoint that was read.
type Checkpoint struct {
	Header
	Contents map[string]Content
}

// Content is a part with its bytes, which lie in those of the file.
type Content struct {
	Part
	Data []byte
}

// Read reads a checkpoint. The errors say what is wrong with "it". Memory stays within
// a small multiple of the file.
func Read(file []byte) (*Checkpoint, error) {
	if len(file) < preamble+sha256.Size || !bytes.HasPrefix(file, []byte(magic)) {
		return nil, errors.New("it is not a checkpoint, or cut off")
	}
	if v := binary.LittleEndian.Uint32(file[len(magic):]); v != version {
		return nil, fmt.Errorf("it is a checkpoint of version %d, this program reads version %d", v, version)
	}
	body, digest := file[:len(file)-sha256.Size], file[len(file)-sha256.Size:]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:], digest) {
		return nil, errors.New("its digest does not fit: it is cut off or damaged")
	}
	length := int64(binary.LittleEndian.Uint32(file[len(magic)+4:]))
	body = body[preamble:]
	if length > int64(len(body)) || length > maxHeader {
		return nil, fmt.Errorf("its header of %d bytes is longer than the file, or than any header", length)
	}
	c := &Checkpoint{Contents: map[string]Content{}}
	if err := json.Unmarshal(body[:length], &c.Header); err != nil {
		return nil, fmt.Errorf("its header cannot be read: %w", err)
	}
	rest := body[length:]
	for _, p := range c.Parts {
		size, err := p.size(len(rest))
		if err == nil && size > len(rest) {
			err = fmt.Errorf("its part %.40q is longer than the file", p.Name)
		}
		if _, twice := c.Contents[p.Name]; err == nil && twice {
			err = fmt.Errorf("its part %.40q is there twice", p.Name)
		}
		if err != nil {
			return nil, err
		}
		c.Contents[p.Name] = Content{p, rest[:size]}
		rest = rest[size:]
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("it has %d bytes that its header does not name", len(rest))
	}
	return c, nil
}

// Array returns a part as an array.
func Array[T ndarray.Float](p Content) (*ndarray.Array[T], error) {
	if p.Kind != Kind[T]() {
		return nil, fmt.Errorf("its part %.40q holds %s, want %s", p.Name, p.Kind, Kind[T]())
	}
	a := ndarray.Zeros[T](p.Shape...)
	setFloats(a.Data(), p.Data)
	return a, nil
}

// Floats returns the numbers of a part of float64.
func (p Content) Floats() []float64 {
	values := make([]float64, len(p.Data)/8)
	setFloats(values, p.Data)
	return values
}

func setFloats[T ndarray.Float](dst []T, data []byte) {
	switch dst := any(dst).(type) {
	case []float32:
		for i := range dst {
			dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
		}
	case []float64:
		for i := range dst {
			dst[i] = math.Float64frombits(binary.LittleEndian.Uint64(data[8*i:]))
		}
	}
}

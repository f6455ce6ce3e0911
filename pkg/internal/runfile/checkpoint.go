// Package runfile reads and writes what a run keeps in its folder to go on from:
// checkpoints and settings. The files may be cut off, damaged or somebody else's; what
// they claim is believed as far as their bytes go.
package runfile

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// A checkpoint is all that a run needs to go on. Its file is
//
//	"convbook" | version | length of the header | header | parts | SHA-256
//
// with the version and the length as uint32, the header as JSON, the parts one
// after the other as the header lists them, and the digest of all that stands
// before it. All numbers are little-endian.
const (
	magic     = "convbook"
	version   = 1
	preamble  = len(magic) + 4 + 4
	maxHeader = 1 << 20 // bytes; it grows with the number of arrays alone
)

// Header is the part of a checkpoint that is not arrays.
type Header struct {
	Settings string           `json:"settings"` // digest of the run's settings
	Step     int              `json:"step"`     // steps done
	Rate     float64          `json:"rate"`     // learning rate of the next step
	Updates  int              `json:"updates"`  // of the optimizer
	Random   []nprandom.State `json:"random"`
	StepTime time.Duration    `json:"step_time_ns"`
	Elapsed  time.Duration    `json:"elapsed_ns"`

	Complete      bool    `json:"complete,omitempty"`
	FinalTestAcc  float64 `json:"final_test_acc,omitempty"`
	FinalTrainAcc float64 `json:"final_train_acc,omitempty"` // on so many samples
	FinalTrainOn  int     `json:"final_train_on,omitempty"`
	Digest        string  `json:"digest,omitempty"` // of the weights at the end
	Stopped       string  `json:"stopped,omitempty"`

	Parts []Part `json:"parts"`
}

// Part describes a stretch of the file.
type Part struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"` // float32, float64 or bytes
	Shape []int  `json:"shape"`
}

var elementSizes = map[string]int{"float32": 4, "float64": 8, "bytes": 1}

// size returns how many bytes the part takes, or an error when these are more than
// there are.
func (p Part) size(there int) (int, error) {
	size, known := elementSizes[p.Kind]
	if !known {
		return 0, fmt.Errorf("its part %.40q is of an unknown kind, %.20q", p.Name, p.Kind)
	}
	for _, n := range p.Shape {
		if n < 0 || n > 0 && size > there/n {
			return 0, fmt.Errorf("its part %.40q is longer than the file", p.Name)
		}
		size *= n
	}
	return size, nil
}

// Writer puts a checkpoint together. It keeps its memory for the next.
type Writer struct {
	header Header
	body   []byte
	file   []byte
}

// Start begins a checkpoint without parts.
func (w *Writer) Start(h Header) {
	w.header, w.body = h, w.body[:0]
	w.header.Parts = nil
}

// Step returns the step of the checkpoint.
func (w *Writer) Step() int { return w.header.Step }

// Bytes adds a part of bytes.
func (w *Writer) Bytes(name string, data []byte) {
	w.header.Parts = append(w.header.Parts, Part{name, "bytes", []int{len(data)}})
	w.body = append(w.body, data...)
}

// Numbers adds a part of float64.
func (w *Writer) Numbers(name string, data []float64, shape ...int) {
	w.header.Parts = append(w.header.Parts, Part{name, "float64", shape})
	w.body = appendFloats(w.body, data)
}

// Add adds an array as a part.
func Add[T ndarray.Float](w *Writer, name string, a *ndarray.Array[T]) {
	w.header.Parts = append(w.header.Parts, Part{name, Kind[T](), a.Shape()})
	w.body = appendFloats(w.body, a.Data())
}

// Kind is what a part of arrays of T calls its numbers.
func Kind[T ndarray.Float]() string { return fmt.Sprintf("%T", T(0)) }

func appendFloats[T ndarray.Float](dst []byte, data []T) []byte {
	switch data := any(data).(type) {
	case []float32:
		at := len(dst)
		dst = append(dst, make([]byte, 4*len(data))...)
		for i, v := range data {
			binary.LittleEndian.PutUint32(dst[at+4*i:], math.Float32bits(v))
		}
	case []float64:
		at := len(dst)
		dst = append(dst, make([]byte, 8*len(data))...)
		for i, v := range data {
			binary.LittleEndian.PutUint64(dst[at+8*i:], math.Float64bits(v))
		}
	}
	return dst
}

// Seal returns the whole file. It is valid until the next Start.
func (w *Writer) Seal() ([]byte, error) {
	text, err := json.Marshal(w.header)
	if err != nil {
		return nil, fmt.Errorf("the header of a checkpoint: %w", err)
	}
	w.file = append(w.file[:0], magic...)
	w.file = binary.LittleEndian.AppendUint32(w.file, version)
	w.file = binary.LittleEndian.AppendUint32(w.file, uint32(len(text)))
	w.file = append(w.file, text...)
	w.file = append(w.file, w.body...)
	sum := sha256.Sum256(w.file)
	w.file = append(w.file, sum[:]...)
	return w.file, nil
}

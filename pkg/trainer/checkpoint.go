package trainer

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
	checkpointMagic   = "convbook"
	checkpointVersion = 1
	preamble          = len(checkpointMagic) + 4 + 4
	maxHeader         = 1 << 20 // bytes; it grows with the number of arrays alone
)

// header is the part of a checkpoint that is not arrays.
type header struct {
	Settings string           `json:"settings"` // digest of the run's settings
	Step     int              `json:"step"`     // steps done
	Rate     float64          `json:"rate"`     // learning rate of the next step
	Updates  int              `json:"updates"`  // of the optimizer
	Random   []nprandom.State `json:"random"`
	StepTime time.Duration    `json:"step_time_ns"`
	Elapsed  time.Duration    `json:"elapsed_ns"`

	Complete     bool    `json:"complete,omitempty"`
	FinalTestAcc float64 `json:"final_test_acc,omitempty"`
	Digest       string  `json:"digest,omitempty"` // of the weights at the end
	Stopped      string  `json:"stopped,omitempty"`

	Parts []part `json:"parts"`
}

// part describes a stretch of the file.
type part struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"` // float32, float64 or bytes
	Shape []int  `json:"shape"`
}

var elementSizes = map[string]int{"float32": 4, "float64": 8, "bytes": 1}

// size returns how many bytes the part takes, or an error when these are more than
// there are.
func (p part) size(there int) (int, error) {
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

// checkpointWriter puts a checkpoint together. It keeps its memory for the next.
type checkpointWriter struct {
	header header
	body   []byte
	file   []byte
}

func (w *checkpointWriter) start(h header) {
	w.header, w.body = h, w.body[:0]
	w.header.Parts = nil
}

func (w *checkpointWriter) bytes(name string, data []byte) {
	w.header.Parts = append(w.header.Parts, part{name, "bytes", []int{len(data)}})
	w.body = append(w.body, data...)
}

func (w *checkpointWriter) numbers(name string, data []float64, shape ...int) {
	w.header.Parts = append(w.header.Parts, part{name, "float64", shape})
	w.body = appendFloats(w.body, data)
}

func addArray[T ndarray.Float](w *checkpointWriter, name string, a *ndarray.Array[T]) {
	w.header.Parts = append(w.header.Parts, part{name, kindOf[T](), a.Shape()})
	w.body = appendFloats(w.body, a.Data())
}

func kindOf[T ndarray.Float]() string { return fmt.Sprintf("%T", T(0)) }

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

// epochNumbers is how many numbers an epoch has in the part "epochs".
const epochNumbers = 8

func (w *checkpointWriter) epochs(epochs []Epoch) {
	var rows []float64
	for _, e := range epochs {
		rows = append(rows, float64(e.Epoch), float64(e.Step), e.Loss, e.TrainAcc, e.TestAcc, e.ValAcc, e.LR, float64(e.Elapsed))
	}
	w.numbers("epochs", rows, len(epochs), epochNumbers)
}

// seal returns the whole file. It is valid until the next start.
func (w *checkpointWriter) seal() ([]byte, error) {
	text, err := json.Marshal(w.header)
	if err != nil {
		return nil, fmt.Errorf("trainer: the header of a checkpoint: %w", err)
	}
	w.file = append(w.file[:0], checkpointMagic...)
	w.file = binary.LittleEndian.AppendUint32(w.file, checkpointVersion)
	w.file = binary.LittleEndian.AppendUint32(w.file, uint32(len(text)))
	w.file = append(w.file, text...)
	w.file = append(w.file, w.body...)
	sum := sha256.Sum256(w.file)
	w.file = append(w.file, sum[:]...)
	return w.file, nil
}

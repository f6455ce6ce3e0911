package trainer

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
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

// checkpoint is a checkpoint that was read: its parts lie in the file's bytes.
type checkpoint struct {
	header
	parts map[string]content
}

type content struct {
	part
	data []byte
}

// readCheckpoint reads the checkpoint of a run. The errors say what is wrong with
// "it". Memory stays within a small multiple of the file.
func readCheckpoint(file []byte) (*checkpoint, error) {
	c, err := takeApart(file)
	if err == nil {
		err = c.check()
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// takeApart finds the parts of a file and checks its digest.
func takeApart(file []byte) (*checkpoint, error) {
	if len(file) < preamble+sha256.Size || !bytes.HasPrefix(file, []byte(checkpointMagic)) {
		return nil, errors.New("it is not a checkpoint, or cut off")
	}
	if v := binary.LittleEndian.Uint32(file[len(checkpointMagic):]); v != checkpointVersion {
		return nil, fmt.Errorf("it is a checkpoint of version %d, this program reads version %d", v, checkpointVersion)
	}
	body, digest := file[:len(file)-sha256.Size], file[len(file)-sha256.Size:]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:], digest) {
		return nil, errors.New("its digest does not fit: it is cut off or damaged")
	}
	length := int64(binary.LittleEndian.Uint32(file[len(checkpointMagic)+4:]))
	body = body[preamble:]
	if length > int64(len(body)) || length > maxHeader {
		return nil, fmt.Errorf("its header of %d bytes is longer than the file, or than any header", length)
	}
	c := &checkpoint{parts: map[string]content{}}
	if err := json.Unmarshal(body[:length], &c.header); err != nil {
		return nil, fmt.Errorf("its header cannot be read: %w", err)
	}
	rest := body[length:]
	for _, p := range c.Parts {
		size, err := p.size(len(rest))
		if err == nil && size > len(rest) {
			err = fmt.Errorf("its part %.40q is longer than the file", p.Name)
		}
		if _, twice := c.parts[p.Name]; err == nil && twice {
			err = fmt.Errorf("its part %.40q is there twice", p.Name)
		}
		if err != nil {
			return nil, err
		}
		c.parts[p.Name] = content{p, rest[:size]}
		rest = rest[size:]
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("it has %d bytes that its header does not name", len(rest))
	}
	return c, nil
}

// check looks for numbers that contradict each other.
func (c *checkpoint) check() error {
	loss, losses := c.parts["loss"]
	rows, epochs := c.parts["epochs"]
	switch {
	case !losses || loss.Kind != "float64" || len(loss.Shape) != 1:
		return errors.New("it has no losses")
	case !epochs || rows.Kind != "float64" || len(rows.Shape) != 2 || rows.Shape[1] != epochNumbers:
		return errors.New("it has no epochs")
	case c.Step != loss.Shape[0]:
		return fmt.Errorf("it has %d losses after %d steps", loss.Shape[0], c.Step)
	case c.Updates < 0 || !(c.Rate >= 0) || math.IsInf(c.Rate, 0):
		return fmt.Errorf("it counts %d updates at a rate of %v", c.Updates, c.Rate)
	}
	last := 0
	for i, e := range c.epochs() {
		if e.Epoch != i+1 || e.Step <= last || e.Step > c.Step {
			return fmt.Errorf("its epoch %d is called %d, at step %d of %d", i+1, e.Epoch, e.Step, c.Step)
		}
		last = e.Step
	}
	return nil
}

// losses returns the losses of the steps.
func (c *checkpoint) losses() []float64 {
	p := c.parts["loss"]
	values := make([]float64, p.Shape[0])
	setFloats(values, p.data)
	return values
}

// epochs returns what was measured.
func (c *checkpoint) epochs() []Epoch {
	p := c.parts["epochs"]
	epochs, v := make([]Epoch, p.Shape[0]), make([]float64, epochNumbers)
	for i := range epochs {
		setFloats(v, p.data[8*epochNumbers*i:])
		epochs[i] = Epoch{Epoch: int(v[0]), Step: int(v[1]), Loss: v[2], TrainAcc: v[3], TestAcc: v[4], ValAcc: v[5], LR: v[6], Elapsed: time.Duration(v[7])}
	}
	return epochs
}

// array returns a part as an array.
func array[T ndarray.Float](p content) (*ndarray.Array[T], error) {
	if p.Kind != kindOf[T]() {
		return nil, fmt.Errorf("its part %.40q holds %s, want %s", p.Name, p.Kind, kindOf[T]())
	}
	values := make([]T, len(p.data)/elementSizes[p.Kind])
	setFloats(values, p.data)
	return ndarray.FromSlice(values, p.Shape...), nil
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

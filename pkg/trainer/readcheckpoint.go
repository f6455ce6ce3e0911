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
)

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

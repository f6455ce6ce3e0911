package params

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"convbook/pkg/internal/npy"
	"convbook/pkg/ndarray"
)

// A .safetensors file is the length of a header (8 bytes), the header (JSON: for each
// array its type, its shape and where its bytes begin and end), and the bytes of all
// arrays, without gaps. (Hugging Face: safetensors, "Format")

// tensor is what the header says of an array.
type tensor struct {
	name    string
	Type    string   `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets []uint64 `json:"data_offsets"`
}

// encodeSafetensors returns arrays as the bytes of a .safetensors file.
func encodeSafetensors[T ndarray.Float](arrays map[string]*ndarray.Array[T], w words) ([]byte, error) {
	var zero T
	kind, size := "F64", 8
	if _, ok := any(zero).(float32); ok {
		kind, size = "F32", 4
	}
	metadata := map[string]string{"format": "np", digestKey: strings.Repeat("0", digestLength)}
	if w.network != "" {
		metadata[networkKey] = w.network
	}
	header := map[string]any{"__metadata__": metadata}
	at := uint64(0)
	names := slices.Sorted(maps.Keys(arrays))
	for _, name := range names {
		if err := checkNewName(name); err != nil {
			return nil, err
		}
		end := at + uint64(arrays[name].Size()*size)
		header[name] = tensor{Type: kind, Shape: append([]int{}, arrays[name].Shape()...), Offsets: []uint64{at, end}}
		at = end
	}
	text, err := json.Marshal(header)
	if err != nil {
		return nil, err
	}
	// The arrays begin at a multiple of 8 bytes.
	text = append(text, strings.Repeat(" ", (8-len(text)%8)%8)...)
	file := binary.LittleEndian.AppendUint64(make([]byte, 0, 8+uint64(len(text))+at), uint64(len(text)))
	file = append(file, text...)
	for _, name := range names {
		for _, v := range arrays[name].Data() {
			if size == 4 {
				file = binary.LittleEndian.AppendUint32(file, math.Float32bits(float32(v)))
			} else {
				file = binary.LittleEndian.AppendUint64(file, math.Float64bits(float64(v)))
			}
		}
	}
	return seal(file, bytes.Index(file, []byte(digestMark))+len(digestMark)), nil
}

// The header's metadata may hold any texts: a digest of the file stands among them, and what may describe the network.
const (
	digestKey  = "convbook_sha256"
	digestMark = `"` + digestKey + `":"`
	networkKey = "convbook_network"
)

// decodeSafetensors reads the bytes of a .safetensors file.
func decodeSafetensors[T ndarray.Float](file []byte) (map[string]*ndarray.Array[T], error) {
	if len(file) < 8 {
		return nil, errors.New("it is cut off")
	}
	length := binary.LittleEndian.Uint64(file)
	if length > uint64(len(file)-8) {
		return nil, fmt.Errorf("its header has %d bytes, but the file only %d", length, len(file))
	}
	if at := bytes.Index(file[8:8+length], []byte(digestMark)); at >= 0 {
		if err := checkSeal(file, 8+at+len(digestMark)); err != nil {
			return nil, err
		}
	}
	tensors, err := readHeader(file[8 : 8+length])
	if err != nil {
		return nil, err
	}
	content := file[8+length:]
	slices.SortFunc(tensors, func(a, b tensor) int {
		return cmp.Or(cmp.Compare(a.Offsets[0], b.Offsets[0]), cmp.Compare(a.Offsets[1], b.Offsets[1])) // those without elements first
	})
	arrays, end := map[string]*ndarray.Array[T]{}, uint64(0)
	for _, t := range tensors {
		read, size := tensorNumber(t.Type)
		switch from, to := t.Offsets[0], t.Offsets[1]; {
		case read == nil:
			return nil, fmt.Errorf("array %q is of the type %q, want F16, BF16, F32, F64, BOOL or I8 to U64; in torch, t.float() makes it so", t.name, npy.Shorten(t.Type))
		case from != end || to < from || to > uint64(len(content)):
			return nil, fmt.Errorf("array %q lies at bytes %d to %d of %d, want it to begin at %d: arrays follow each other without gap or overlap",
				t.name, from, to, len(content), end)
		}
		for _, n := range t.Shape {
			if n < 0 || len(t.Shape) > maxAxes {
				return nil, fmt.Errorf("array %q has no shape", t.name)
			}
		}
		if arrays[t.name], err = arranged[T](t.Shape, false, content[t.Offsets[0]:t.Offsets[1]], read, size); err != nil {
			return nil, fmt.Errorf("array %q cannot be read: %w", t.name, err)
		}
		end = t.Offsets[1]
	}
	if end != uint64(len(content)) {
		return nil, fmt.Errorf("%d bytes follow the last array", uint64(len(content))-end)
	}
	return arrays, nil
}

// readHeader reads the header entry by entry, for a JSON object would hide that a name
// is there twice.
func readHeader(text []byte) ([]tensor, error) {
	notOne := func(err error) error { return fmt.Errorf("its header is damaged: %w", inWords(err)) }
	decoder := json.NewDecoder(bytes.NewReader(text))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return nil, notOne(errors.New("it is no JSON object"))
	}
	var tensors []tensor
	seen := map[string]bool{}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, notOne(err)
		}
		name, _ := key.(string)
		if seen[name] {
			return nil, fmt.Errorf("array %q is there twice", npy.Shorten(name))
		}
		seen[name] = true
		if name == "__metadata__" {
			var words map[string]string
			if err := decoder.Decode(&words); err != nil {
				return nil, fmt.Errorf("its metadata: %w", inWords(err))
			}
			continue
		}
		if err := checkName(name); err != nil {
			return nil, err
		}
		t := tensor{name: name}
		if err := decoder.Decode(&t); err != nil {
			return nil, fmt.Errorf("its header is damaged: of array %q, %w", npy.Shorten(name), inWords(err))
		}
		if len(t.Offsets) != 2 {
			return nil, notOne(fmt.Errorf("array %q has %d offsets, want 2", name, len(t.Offsets)))
		}
		if tensors = append(tensors, t); len(tensors) > maxArrays {
			return nil, errors.New("it holds more arrays than any network")
		}
	}
	if _, err := decoder.Token(); err != nil {
		return nil, notOne(err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, notOne(errors.New("something stands behind its end"))
	}
	return tensors, nil
}

// inWords says what package json found without its words for types of Go.
func inWords(err error) error {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Errorf("%q is a %s that does not belong there", kind.Field, kind.Value)
	case errors.As(err, &kind):
		return fmt.Errorf("a %s stands where it does not belong", kind.Value)
	case errors.As(err, &syntax):
		return errors.New(syntax.Error())
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it is cut off")
	}
	return err
}

// tensorNumber returns how an element of a type of safetensors is read, and its size.
func tensorNumber(kind string) (read func([]byte) float64, size int) {
	if kind == "BF16" { // the upper half of an F32
		return func(b []byte) float64 {
			return float64(math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16))
		}, 2
	}
	return number(map[string]string{"F16": "<f2", "F32": "<f4", "F64": "<f8", "BOOL": "|b1", "I8": "|i1", "U8": "|u1", "I16": "<i2", "U16": "<u2",
		"I32": "<i4", "U32": "<u4", "I64": "<i8", "U64": "<u8"}[kind])
}

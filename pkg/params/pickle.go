package params

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"convbook/pkg/ndarray"
)

// A pickle is a program for a small stack machine, and Python runs whatever it asks
// for. This reader knows the instructions that a dict of NumPy arrays is made of, in
// protocols 2 to 5, and the few names below; it calls nothing and refuses every other
// name. (Python: pickletools; NumPy: ndarray.__reduce__, numpy/_core/numeric.py)
//
// The reader is our own because those for Go build arbitrary objects, know nothing of
// the state of an ndarray, or set aside what a length claims.

// maxInstructions is far more than ten thousand arrays take.
const maxInstructions = 1 << 18

// What a pickle may name. NumPy 1 says numpy.core where NumPy 2 says numpy._core.
var allowed = map[string]bool{
	"numpy.multiarray._reconstruct": true, // an empty array, to be filled
	"numpy.numeric._frombuffer":     true, // a whole array (protocol 5)
	"numpy.ndarray":                 true,
	"numpy.dtype":                   true,
	"numpy.multiarray.scalar":       true, // a number with a type
	"_codecs.encode":                true, // bytes, in protocol 2
	"__builtin__.bytes":             true, // no bytes, in protocol 2
	"collections.OrderedDict":       true,
	"collections.defaultdict":       true,
	"__builtin__.dict":              true, // what a defaultdict has where a key is missing: never made here
	"__builtin__.list":              true,
	"__builtin__.int":               true,
	"__builtin__.float":             true,
}

// Values on the stack besides nil, bool, int64, float64, string and []byte.
type (
	name   string // one that is allowed
	tuple  []any
	list   struct{ items []any }
	dict   struct{ keys, values []any }
	dtype  struct{ descr string } // "<f8"
	packed struct {               // an array
		shape   []int
		dtype   *dtype
		fortran bool
		content []byte
	}
	mark struct{}
)

type pickle struct {
	in      []byte
	at      int
	stack   []any
	memo    map[uint32]any
	encoded int // letters that were made into bytes
}

// decodePickle reads a dict of arrays. Budget bounds the bytes of all arrays.
func decodePickle[T ndarray.Float](file []byte, budget int64) (map[string]*ndarray.Array[T], error) {
	top, err := (&pickle{in: file, memo: make(map[uint32]any)}).run()
	if err != nil {
		return nil, err
	}
	d, ok := top.(*dict)
	if !ok {
		return nil, fmt.Errorf("it holds %s, want a dict of arrays%s", kind(top), named(top))
	}
	arrays := make(map[string]*ndarray.Array[T])
	for i, key := range d.keys {
		name, ok := key.(string)
		if !ok {
			return nil, fmt.Errorf("a key of its dict is %s, want a name such as \"W1\"; in Python, {str(k): v for k, v in params.items()} has names", kind(key))
		}
		if err := checkName(name); err != nil {
			return nil, err
		}
		if inner, ok := d.values[i].(*dict); ok {
			return nil, nested(d, name, inner)
		}
		p, ok := d.values[i].(*packed)
		if !ok {
			if p, ok = plainNumber(d.values[i]); !ok {
				return nil, fmt.Errorf("%q is %s, want an array%s", name, kind(d.values[i]), instead(name, d.values[i]))
			}
		}
		if arrays[name] != nil {
			return nil, fmt.Errorf("array %q is there twice", name)
		}
		if budget -= p.unpackedSize(); budget < 0 {
			return nil, errors.New("its arrays are many times as large as the file")
		}
		if arrays[name], err = unpacked[T](p); err != nil {
			return nil, fmt.Errorf("array %q cannot be read: %w", name, err)
		}
	}
	return arrays, nil
}

// plainNumber makes an array without axes of a number of Python's.
func plainNumber(v any) (*packed, bool) {
	var value float64
	switch v := v.(type) {
	case bool:
		if v {
			value = 1
		}
	case int64:
		value = float64(v)
	case float64:
		value = v
	default:
		return nil, false
	}
	return &packed{shape: []int{}, dtype: &dtype{"<f8"}, content: binary.LittleEndian.AppendUint64(nil, math.Float64bits(value))}, true
}

// nested says how the arrays come out of a dict within a dict: alone, where it is the only
// one, else all with longer names.
func nested(outer *dict, name string, inner *dict) error {
	for _, v := range outer.values {
		if other, ok := v.(*dict); ok && other != inner {
			return fmt.Errorf("%q is a dict of its own, as others are: write all in one, with pickle.dump({f\"{a}.{b}\": v for a, d in params.items() for b, v in d.items()}, f)", name)
		}
	}
	return fmt.Errorf("%q is a dict of its own, of %d values: write that alone, with pickle.dump(params[%q], f)", name, len(inner.keys), name)
}

// named says how arrays without names get some.
func named(top any) string {
	switch top.(type) {
	case *list, tuple:
		return `; in Python, numpy.savez("params.npz", **{f"p{i}": a for i, a in enumerate(params)}) writes them with names`
	case *packed:
		return `; in Python, numpy.savez("params.npz", W1=a) writes it with a name`
	}
	return ""
}

// instead says what to do with a value that is no array.
func instead(name string, v any) string {
	var items []any
	switch v := v.(type) {
	case *list:
		items = v.items
	case tuple:
		items = v
	default:
		return ": leave it out"
	}
	if len(items) > 0 {
		if _, ok := items[0].(*packed); ok {
			return fmt.Sprintf("; in Python, {f\"%s.{i}\": a for i, a in enumerate(params[%q])} has one for each", name, name)
		}
	}
	return fmt.Sprintf("; in Python, numpy.array(params[%q]) makes it one", name)
}

// unpackedSize is how many bytes the array takes at most.
func (p *packed) unpackedSize() int64 {
	size := 1
	if p.dtype != nil {
		_, size = number(p.dtype.descr)
	}
	return 8 * int64(len(p.content)) / int64(max(size, 1))
}

func unpacked[T ndarray.Float](p *packed) (*ndarray.Array[T], error) {
	if p.dtype == nil {
		return nil, errors.New("it has no content")
	}
	read, size := number(p.dtype.descr)
	if read == nil {
		return nil, unreadable(p.dtype.descr)
	}
	return arranged[T](p.shape, p.fortran, p.content, read, size)
}

// kind says what a value is in Python's words.
func kind(v any) string {
	switch v.(type) {
	case nil:
		return "None"
	case bool, int64, float64:
		return "a number"
	case string:
		return "a text"
	case []byte:
		return "bytes"
	case tuple:
		return "a tuple"
	case *list:
		return "a list"
	case *dict:
		return "a dict"
	case *packed:
		return "an array"
	}
	return "something else"
}

func (p *pickle) run() (any, error) {
	for range maxInstructions {
		if p.at >= len(p.in) {
			return nil, errors.New("it is cut off")
		}
		code := p.in[p.at]
		p.at++
		if code == '.' {
			if len(p.stack) != 1 {
				return nil, fmt.Errorf("it ends with %d values, want one", len(p.stack))
			}
			return p.stack[0], nil
		}
		if err := p.step(code); err != nil {
			return nil, fmt.Errorf("at byte %d: %w", p.at, err)
		}
	}
	return nil, fmt.Errorf("it has more than %d instructions, more than any network takes", maxInstructions)
}

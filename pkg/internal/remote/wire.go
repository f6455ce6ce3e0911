package remote

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"unsafe"
)

// mostBytes is how long a message may be. The data of an exercise fits many times.
const mostBytes = 512 << 20

// writeMessage writes a message with its length before it.
func writeMessage(w io.Writer, body []byte) error {
	if len(body) > mostBytes {
		return fmt.Errorf("a message of %d bytes is too long", len(body))
	}
	if _, err := w.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))); err != nil {
		return err
	}
	_, err := w.Write(body)
	return err
}

// readMessage reads one. It takes no more memory than has arrived, twice.
func readMessage(r io.Reader) ([]byte, error) {
	var length [4]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, err
	}
	n := int(binary.LittleEndian.Uint32(length[:]))
	if n > mostBytes {
		return nil, fmt.Errorf("it announces %d bytes", n)
	}
	var body []byte
	for len(body) < n {
		piece := min(n-len(body), max(1<<20, len(body)))
		body = slices.Grow(body, piece)
		at := len(body)
		body = body[:at+piece]
		if _, err := io.ReadFull(r, body[at:]); err != nil {
			return nil, err
		}
	}
	return body, nil
}

// plain says whether a type is one of numbers, whose memory is its value.
func plain(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16,
		reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64:
		return true
	}
	return false
}

// encode appends a value: numbers as they lie in memory, everything else with a length
// or a mark before it. Fields that are not exported count, for the value is to be the
// same on the other side. It panics where a value has no meaning there, as a function.
func encode(b []byte, v reflect.Value) []byte {
	switch t := v.Type(); v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			return append(b, 1)
		}
		return append(b, 0)
	case reflect.String:
		return append(length(b, v.Len()), v.String()...)
	case reflect.Slice:
		if v.IsNil() {
			return length(b, -1)
		}
		b = length(b, v.Len())
		if plain(t.Elem()) {
			return append(b, unsafe.Slice((*byte)(v.UnsafePointer()), v.Len()*int(t.Elem().Size()))...)
		}
		for i := range v.Len() {
			b = encode(b, v.Index(i))
		}
		return b
	case reflect.Array:
		for i := range v.Len() {
			b = encode(b, v.Index(i))
		}
		return b
	case reflect.Pointer:
		if v.IsNil() {
			return append(b, 0)
		}
		return encode(append(b, 1), v.Elem())
	case reflect.Map:
		if v.IsNil() {
			return length(b, -1)
		}
		b = length(b, v.Len())
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return slices.Compare(encode(nil, a), encode(nil, b)) })
		for _, key := range keys {
			b = encode(encode(b, key), v.MapIndex(key))
		}
		return b
	case reflect.Struct:
		v = reachable(v)
		for i := range v.NumField() {
			b = encode(b, open(v.Field(i)))
		}
		return b
	default:
		if !plain(t) {
			panic(fmt.Sprintf("a %s cannot be handed to another process", t))
		}
		return number(b, v)
	}
}

func number(b []byte, v reflect.Value) []byte {
	switch {
	case v.CanInt():
		return binary.LittleEndian.AppendUint64(b, uint64(v.Int()))
	case v.CanUint():
		return binary.LittleEndian.AppendUint64(b, v.Uint())
	}
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(v.Float()))
}

func length(b []byte, n int) []byte { return binary.LittleEndian.AppendUint64(b, uint64(n)) }

// reachable returns a struct whose fields can be read one by one.
func reachable(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v
	}
	copied := reflect.New(v.Type()).Elem()
	copied.Set(v)
	return copied
}

// open lets a field be read and written that is not exported.
func open(field reflect.Value) reflect.Value {
	return reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem()
}

var errShort = errors.New("it ends too early")

// decoder reads what encode wrote, or what somebody wrote who means harm: it makes
// nothing that is larger than what it reads.
type decoder struct {
	rest  []byte
	depth int
}

func (d *decoder) take(n int) ([]byte, error) {
	if n < 0 || n > len(d.rest) {
		return nil, errShort
	}
	taken := d.rest[:n]
	d.rest = d.rest[n:]
	return taken, nil
}

func (d *decoder) word() (uint64, error) {
	b, err := d.take(8)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint64(b), nil
}

// count reads how many follow, each of at least so many bytes; -1 stands for nil.
func (d *decoder) count(bytes int) (int, error) {
	n, err := d.word()
	if err != nil || n == math.MaxUint64 {
		return -1, err
	}
	if n > uint64(len(d.rest)/max(bytes, 1)) {
		return 0, errShort
	}
	return int(n), nil
}

// text reads a string.
func (d *decoder) text() (string, error) {
	n, err := d.count(1)
	if err != nil || n < 0 {
		return "", err
	}
	b, err := d.take(n)
	return string(b), err
}

// value reads a value of the type of v into it.
func (d *decoder) value(v reflect.Value) error {
	if d.depth++; d.depth > 20 {
		return errors.New("it is too deep")
	}
	defer func() { d.depth-- }()
	switch t := v.Type(); v.Kind() {
	case reflect.Bool:
		b, err := d.take(1)
		if err == nil {
			v.SetBool(b[0] != 0)
		}
		return err
	case reflect.String:
		text, err := d.text()
		v.SetString(text)
		return err
	case reflect.Slice:
		return d.slice(v)
	case reflect.Array:
		for i := range v.Len() {
			if err := d.value(v.Index(i)); err != nil {
				return err
			}
		}
		return nil
	case reflect.Pointer:
		b, err := d.take(1)
		if err != nil || b[0] == 0 {
			v.SetZero()
			return err
		}
		v.Set(reflect.New(t.Elem()))
		return d.value(v.Elem())
	case reflect.Map:
		return d.entries(v)
	case reflect.Struct:
		for i := range v.NumField() {
			if err := d.value(open(v.Field(i))); err != nil {
				return err
			}
		}
		return nil
	}
	return d.number(v)
}

func (d *decoder) number(v reflect.Value) error {
	word, err := d.word()
	switch {
	case err != nil:
		return err
	case v.CanInt():
		v.SetInt(int64(word))
	case v.CanUint():
		v.SetUint(word)
	case v.CanFloat():
		v.SetFloat(math.Float64frombits(word))
	default:
		return fmt.Errorf("a %s cannot come from another process", v.Type())
	}
	return nil
}

func (d *decoder) slice(v reflect.Value) error {
	elem := v.Type().Elem()
	size := 1
	if plain(elem) {
		size = int(elem.Size())
	}
	n, err := d.count(size)
	if err != nil || n < 0 {
		v.SetZero()
		return err
	}
	if plain(elem) {
		b, err := d.take(n * size)
		if err != nil {
			return err
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		if n > 0 {
			copy(unsafe.Slice((*byte)(v.UnsafePointer()), n*size), b)
		}
		return nil
	}
	v.SetZero()
	for range n {
		v.Set(reflect.Append(v, reflect.Zero(elem))) // grows with what is read
		if err := d.value(v.Index(v.Len() - 1)); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) entries(v reflect.Value) error {
	n, err := d.count(1)
	if err != nil || n < 0 {
		v.SetZero()
		return err
	}
	v.Set(reflect.MakeMap(v.Type()))
	for range n {
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		if err := errors.Join(d.value(key), d.value(value)); err != nil {
			return err
		}
		v.SetMapIndex(key, value)
	}
	return nil
}

// assign makes the memory behind one value like that behind another of its type, so that
// who holds it sees the change.
func assign(to, from reflect.Value) {
	switch to.Kind() {
	case reflect.Pointer:
		if !to.IsNil() && !from.IsNil() {
			to.Elem().Set(from.Elem())
		}
	case reflect.Slice:
		reflect.Copy(to, from)
	case reflect.Map:
		for _, key := range to.MapKeys() {
			if !from.MapIndex(key).IsValid() {
				to.SetMapIndex(key, reflect.Value{})
			}
		}
		for _, key := range from.MapKeys() {
			was, is := to.MapIndex(key), from.MapIndex(key)
			if was.IsValid() && was.Kind() == reflect.Pointer && !was.IsNil() && !is.IsNil() {
				assign(was, is)
				continue
			}
			to.SetMapIndex(key, is)
		}
	}
}

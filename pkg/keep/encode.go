package keep

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"convbook/pkg/internal/runfile"
	"convbook/pkg/ndarray"
)

// encode adds a value to a file: arrays as they are, all else as JSON.
func encode(w *runfile.Writer, kind reflect.Type, value any) error {
	switch v := value.(type) {
	case *ndarray.Array[float32]:
		return addArrays(w, map[string]*ndarray.Array[float32]{"": v})
	case *ndarray.Array[float64]:
		return addArrays(w, map[string]*ndarray.Array[float64]{"": v})
	case map[string]*ndarray.Array[float32]:
		return addArrays(w, v)
	case map[string]*ndarray.Array[float64]:
		return addArrays(w, v)
	case []*ndarray.Array[float32]:
		return addArrays(w, numbered(v))
	case []*ndarray.Array[float64]:
		return addArrays(w, numbered(v))
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("a %v cannot be kept: %w; return an array, or numbers and texts", kind, err)
	}
	again, err := decodeJSON(kind, text)
	if err != nil || !reflect.DeepEqual(value, again) {
		return fmt.Errorf("a %v cannot be kept whole, since parts of it are not visible from outside; return an array, or numbers and texts (a network is kept by keep.Network)", kind)
	}
	w.Bytes("json", text)
	return nil
}

func numbered[T ndarray.Float](arrays []*ndarray.Array[T]) map[string]*ndarray.Array[T] {
	all := make(map[string]*ndarray.Array[T], len(arrays))
	for i, a := range arrays {
		all[strconv.Itoa(i)] = a
	}
	return all
}

func addArrays[T ndarray.Float](w *runfile.Writer, arrays map[string]*ndarray.Array[T]) error {
	for _, name := range slices.Sorted(maps.Keys(arrays)) {
		if arrays[name] == nil {
			return errors.New("an array is nil; return one with numbers")
		}
		runfile.Add(w, "array/"+name, arrays[name])
	}
	return nil
}

// decode returns the value that encode put into a file.
func decode(kind reflect.Type, file *runfile.Checkpoint) (any, error) {
	switch kind {
	case reflect.TypeFor[*ndarray.Array[float32]]():
		return single[float32](file)
	case reflect.TypeFor[*ndarray.Array[float64]]():
		return single[float64](file)
	case reflect.TypeFor[map[string]*ndarray.Array[float32]]():
		return arrays[float32](file)
	case reflect.TypeFor[map[string]*ndarray.Array[float64]]():
		return arrays[float64](file)
	case reflect.TypeFor[[]*ndarray.Array[float32]]():
		return list[float32](file)
	case reflect.TypeFor[[]*ndarray.Array[float64]]():
		return list[float64](file)
	}
	text, ok := file.Contents["json"]
	if !ok {
		return nil, errors.New("it holds no value")
	}
	return decodeJSON(kind, text.Data)
}

func decodeJSON(kind reflect.Type, text []byte) (any, error) {
	value := reflect.New(kind)
	err := json.Unmarshal(text, value.Interface())
	return value.Elem().Interface(), err
}

func arrays[T ndarray.Float](file *runfile.Checkpoint) (map[string]*ndarray.Array[T], error) {
	all := make(map[string]*ndarray.Array[T], len(file.Contents))
	for name, part := range file.Contents {
		own, ok := strings.CutPrefix(name, "array/")
		if !ok {
			return nil, fmt.Errorf("its part %.40q is not an array", name)
		}
		a, err := runfile.Array[T](part)
		if err != nil {
			return nil, err
		}
		all[own] = a
	}
	return all, nil
}

func single[T ndarray.Float](file *runfile.Checkpoint) (*ndarray.Array[T], error) {
	all, err := arrays[T](file)
	if err == nil && all[""] == nil {
		err = errors.New("it holds no array")
	}
	return all[""], err
}

func list[T ndarray.Float](file *runfile.Checkpoint) ([]*ndarray.Array[T], error) {
	all, err := arrays[T](file)
	in := make([]*ndarray.Array[T], len(all))
	for i := range in {
		if in[i] = all[strconv.Itoa(i)]; in[i] == nil && err == nil {
			err = fmt.Errorf("its array %d is missing", i)
		}
	}
	return in, err
}

// digestOf returns a digest of code and inputs.
func digestOf(code, kind string, inputs []any) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%s %s\n", code, kind)
	for _, input := range inputs {
		switch v := input.(type) {
		case *ndarray.Array[float32]:
			addDigest(sum, v)
		case *ndarray.Array[float64]:
			addDigest(sum, v)
		default:
			text, err := json.Marshal(input)
			if kind := reflect.TypeOf(input); err != nil || kind != nil && kind.Kind() == reflect.Pointer {
				panic(fmt.Sprintf("keep: an input is a %T; give arrays, numbers and texts", input))
			}
			sum.Write(text)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

func addDigest[T ndarray.Float](sum hash.Hash, a *ndarray.Array[T]) {
	var w runfile.Writer
	runfile.Add(&w, "input", a)
	content, err := w.Seal()
	if err != nil {
		panic(err) // an empty header can always be written
	}
	sum.Write(content)
}

// stateful is a network whose weights can be kept.
type stateful[T ndarray.Float] interface {
	State() map[string]*ndarray.Array[T]
	SetParams(params map[string]*ndarray.Array[T]) error
}

// network is Network for any type.
func network(name, code string, net any, train func(), inputs []any) {
	switch v := net.(type) {
	case stateful[float32]:
		weights(name, code, v, train, inputs)
	case stateful[float64]:
		weights(name, code, v, train, inputs)
	default:
		panic(fmt.Sprintf("keep: %s: a %T is not a network; build one of package convnet", name, net))
	}
}

func weights[T ndarray.Float](name, code string, net stateful[T], train func(), inputs []any) {
	use(name, digestOf(code, fmt.Sprintf("%T", net), inputs), func(file *runfile.Checkpoint) error {
		state, err := arrays[T](file)
		if err != nil {
			return err
		}
		return net.SetParams(state)
	}, func(w *runfile.Writer) error {
		train()
		return addArrays(w, net.State())
	})
}

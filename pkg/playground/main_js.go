// Playground is the program in the Worker of the site's playground: pkg/playground/internal/session, compiled to
// WebAssembly, between whose messages and JavaScript's values it converts. `go run ./kernel site` builds it.
//
// It gives the Worker two functions: convbookAnswer(message) returns the answers to a message, and convbookTurn() does a piece of
// the work that goes on and returns what is to be told, and true while there is more. The Worker calls it again when
// it has looked at its messages.
package main

import (
	"encoding/binary"
	"math"
	"syscall/js"

	"convbook/pkg/playground/internal/session"
)

func main() {
	s := session.New()
	js.Global().Set("convbookAnswer", js.FuncOf(func(_ js.Value, args []js.Value) any {
		ask, _ := taken(args[0], 0).(session.Fields)
		return given(s.Answer(ask))
	}))
	js.Global().Set("convbookTurn", js.FuncOf(func(js.Value, []js.Value) any {
		said, more := s.Turn()
		return given([]any{given(said), more})
	}))
	select {}
}

// deepest is how deep a message nests: fields, settings, a list of numbers.
const deepest = 6

// taken returns a value of JavaScript's as Go has it. What no message has becomes nil.
func taken(v js.Value, depth int) any {
	switch v.Type() {
	case js.TypeBoolean:
		return v.Bool()
	case js.TypeNumber:
		return v.Float()
	case js.TypeString:
		return v.String()
	case js.TypeObject:
	default:
		return nil
	}
	if depth > deepest {
		return nil
	}
	if v.InstanceOf(js.Global().Get("ArrayBuffer")) {
		v = js.Global().Get("Uint8Array").New(v)
	}
	switch {
	case v.InstanceOf(js.Global().Get("Uint8Array")):
		b := make([]byte, v.Length())
		js.CopyBytesToGo(b, v)
		return b
	case js.Global().Get("Array").Call("isArray", v).Bool():
		list := make([]any, min(v.Length(), 1000))
		for i := range list {
			list[i] = taken(v.Index(i), depth+1)
		}
		return list
	}
	fields := session.Fields{}
	keys := js.Global().Get("Object").Call("keys", v)
	for i := range min(keys.Length(), 1000) {
		name := keys.Index(i).String()
		fields[name] = taken(v.Get(name), depth+1)
	}
	return fields
}

// given returns a value of a message as JavaScript has it. Arrays of numbers cross as bytes: a call across the
// border costs ten times a call in JavaScript.
func given(v any) js.Value {
	switch v := v.(type) {
	case []byte:
		array := js.Global().Get("Uint8Array").New(len(v))
		js.CopyBytesToJS(array, v)
		return array
	case []float32:
		b := make([]byte, 0, 4*len(v))
		for _, f := range v {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(f))
		}
		return js.Global().Get("Float32Array").New(given(b).Get("buffer"))
	case session.Fields:
		object := js.Global().Get("Object").New()
		for name, field := range v {
			object.Set(name, given(field))
		}
		return object
	case []session.Fields:
		return list(v)
	case []any:
		return list(v)
	case []string:
		return list(v)
	case []int:
		return list(v)
	case []float64:
		return list(v)
	}
	return js.ValueOf(v)
}

func list[V any](values []V) js.Value {
	array := js.Global().Get("Array").New(len(values))
	for i, v := range values {
		array.SetIndex(i, given(v))
	}
	return array
}

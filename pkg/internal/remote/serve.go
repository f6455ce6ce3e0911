package remote

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime/debug"

	"convbook/pkg/ndarray"
)

// deepest is how large the stack of an answer may grow: more is a function that calls
// itself for ever.
const deepest = 64 << 20

// Serve answers what a check asks of the named functions and variables, of which it is
// given pointers, until the check ends.
func Serve(named map[string]any) {
	debug.SetMaxStack(deepest)
	from, to := bufio.NewReader(os.NewFile(requestsFile, "requests")), os.NewFile(answersFile, "answers")
	for {
		body, err := readMessage(from)
		if err != nil {
			return
		}
		if err := writeMessage(to, reply(body, named)); err != nil {
			return
		}
	}
}

// reply answers one request.
func reply(body []byte, named map[string]any) []byte {
	d := &decoder{rest: body}
	what, err := d.take(1)
	name, err2 := d.text()
	kind, err3 := d.text()
	if err := errors.Join(err, err2, err3); err != nil {
		return refused("the request cannot be read: %v", err)
	}
	v, there := named[name]
	if !there {
		return refused("%s is not declared", name)
	}
	is := reflect.ValueOf(v).Elem()
	if what[0] == askValue {
		t := is.Type().String()
		return encode(append(length([]byte{replyDone}, len(t)), t...), is)
	}
	if t := is.Type(); t.Kind() != reflect.Func || t.String() != kind {
		return refused("%s is a %s, want %s", name, t, kind)
	}
	if is.IsNil() {
		return refused("%s is nil", name)
	}
	return called(is, d)
}

// called calls a function and says how it ended.
func called(f reflect.Value, d *decoder) []byte {
	given := d.rest
	args := make([]reflect.Value, f.Type().NumIn())
	for i := range args {
		args[i] = reflect.New(f.Type().In(i)).Elem()
		if err := d.value(args[i]); err != nil {
			return refused("the request cannot be read: %v", err)
		}
	}
	ended := make(chan []byte, 1)
	go func() {
		said := []byte{replyLeft}
		defer func() {
			if value := recover(); value != nil {
				said = panicked(value)
			}
			ended <- said
		}()
		results := f.Call(args)
		b := []byte{replyDone}
		for _, result := range results {
			b = encode(b, result)
		}
		var after []byte
		for _, arg := range args {
			after = encode(after, arg)
		}
		if !bytes.Equal(after, given) {
			b = append(b, after...)
		}
		said = b
	}()
	return <-ended
}

func panicked(value any) []byte {
	var shape *ndarray.ShapeError
	if err, ok := value.(error); ok && errors.As(err, &shape) {
		return encode([]byte{replyShapePanic}, reflect.ValueOf(shape).Elem())
	}
	text := fmt.Sprint(value)
	text = text[:min(len(text), 10_000)]
	return append(length([]byte{replyPanic}, len(text)), text...)
}

func refused(format string, values ...any) []byte {
	text := fmt.Sprintf(format, values...)
	return append(length([]byte{replyRefused}, len(text)), text...)
}

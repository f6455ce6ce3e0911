package remote

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"reflect"
	"runtime"
	"sync"

	"convbook/pkg/ndarray"
)

// Value returns a variable of the answer's process. It has the type of like; a number may
// be of another type there, if it has the same value in this one.
func Value[T any](name string, like T) T {
	v := reflect.ValueOf(&like).Elem()
	d := answer(request(askValue, name, v.Type()))
	kind, err := d.text()
	if err != nil {
		garbled(err)
	}
	switch {
	case kind == v.Type().String():
		err = d.value(v)
	case v.CanFloat() && kind == "int":
		var n int
		if err = d.value(reflect.ValueOf(&n).Elem()); err == nil {
			v.SetFloat(float64(n))
		}
	case v.CanInt() && kind == "float64":
		var x float64
		if err = d.value(reflect.ValueOf(&x).Elem()); err == nil {
			if v.SetInt(int64(x)); float64(v.Int()) != x {
				trouble(fmt.Sprintf("%s is %v, a whole number is asked for", name, x))
			}
		}
	default:
		trouble(fmt.Sprintf("%s has the type %.100s, want %s", name, kind, v.Type()))
	}
	if err != nil {
		garbled(err)
	}
	if !fits(v) {
		trouble(name + " has a shape that its numbers do not fit")
	}
	return like
}

// Func returns a function that calls the one of that name in the answer's process. It
// panics where that panics.
func Func[F any](name string) F {
	t := reflect.TypeFor[F]()
	return reflect.MakeFunc(t, func(args []reflect.Value) []reflect.Value { return call(name, t, args) }).Interface().(F)
}

func call(name string, t reflect.Type, args []reflect.Value) []reflect.Value {
	b := request(askCall, name, t)
	for _, arg := range args {
		b = encode(b, arg)
	}
	d := answer(b)
	results := make([]reflect.Value, t.NumOut())
	for i := range results {
		results[i] = reflect.New(t.Out(i)).Elem()
		if err := d.value(results[i]); err != nil {
			garbled(err)
		}
	}
	if len(d.rest) > 0 { // what the call changed
		for _, arg := range args {
			changed := reflect.New(arg.Type()).Elem()
			if err := d.value(changed); err != nil {
				garbled(err)
			}
			assign(arg, changed)
		}
	}
	for i, result := range results {
		if !fits(result) {
			panic(fmt.Sprintf("result %d of %s has a shape that its numbers do not fit", i+1, name))
		}
	}
	return results
}

// request begins a request: what is asked for, of which name, and as which type.
func request(what byte, name string, t reflect.Type) []byte {
	b := append(length([]byte{what}, len(name)), name...)
	return append(length(b, len(t.String())), t.String()...)
}

// The way to the answer's process.
var (
	requests = sync.OnceValue(func() io.Writer { return os.NewFile(requestsFile, "requests") })
	answers  = sync.OnceValue(func() io.Reader { return bufio.NewReader(os.NewFile(answersFile, "answers")) })
)

var oneAtATime sync.Mutex

// answer sends a request and returns what follows the first byte of its answer, or does
// what that byte says.
func answer(body []byte) *decoder {
	oneAtATime.Lock() // a call that never ends keeps it, and others wait with it
	defer oneAtATime.Unlock()
	err := writeMessage(requests(), body)
	if err == nil {
		body, err = readMessage(answers())
	}
	if err == nil && len(body) == 0 {
		err = errShort
	}
	if err != nil {
		if isEnd(err) {
			trouble(Ended)
		}
		garbled(err)
	}
	d := &decoder{rest: body[1:]}
	switch body[0] {
	case replyDone:
		return d
	case replyPanic:
		text, err := d.text()
		if err != nil {
			garbled(err)
		}
		panic(text)
	case replyShapePanic:
		e := new(ndarray.ShapeError)
		if err := d.value(reflect.ValueOf(e).Elem()); err != nil {
			garbled(err)
		}
		panic(e)
	case replyLeft:
		runtime.Goexit()
	case replyRefused:
		text, _ := d.text()
		trouble(text)
	}
	garbled(fmt.Errorf("it begins with %d", body[0]))
	return nil
}

// isEnd says whether an error is that nobody is there any more.
func isEnd(err error) bool {
	_, broken := err.(*os.PathError)
	return broken || err == io.EOF || err == io.ErrUnexpectedEOF
}

func garbled(err error) {
	trouble(fmt.Sprintf("the answer's program sent what is no answer: %v", err))
}

// trouble says why the check cannot go on, and ends it.
func trouble(text string) {
	fmt.Fprint(os.NewFile(troubleFile, "trouble"), text)
	os.Exit(TroubleStatus)
}

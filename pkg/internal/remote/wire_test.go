package remote

import (
	"bytes"
	"math"
	"reflect"
	"testing"

	"convbook/pkg/dataset"
	"convbook/pkg/ndarray"
)

// across hands a value over as the two processes do: encoded there, decoded here.
func across(t *testing.T, v any) any {
	t.Helper()
	var pipe bytes.Buffer
	if err := writeMessage(&pipe, encode(nil, reflect.ValueOf(v))); err != nil {
		t.Fatal(err)
	}
	body, err := readMessage(&pipe)
	if err != nil {
		t.Fatal(err)
	}
	got := reflect.New(reflect.TypeOf(v)).Elem()
	d := &decoder{rest: body}
	if err := d.value(got); err != nil || len(d.rest) != 0 {
		t.Fatalf("%T: %v, %d bytes are left", v, err, len(d.rest))
	}
	return got.Interface()
}

func TestValuesStayWhatTheyAre(t *testing.T) {
	array := ndarray.Arange[float64](6).Reshape(2, 3)
	for _, v := range []any{
		true, -3, 7.5, "한글", []int{1, 2}, []int(nil), []int{}, []string{"a", ""}, [2]bool{true, false},
		array, (*ndarray.Array[float64])(nil), ndarray.Full[float32](2, 3), map[string]*ndarray.Array[float64]{"W1": array, "b1": nil},
		map[string]*ndarray.Array[float64](nil), dataset.Augmentation{Shift: 2, Seed: 3}, uint8(200), struct{ a, b []float32 }{[]float32{1}, nil},
	} {
		if got := across(t, v); !reflect.DeepEqual(got, v) {
			t.Errorf("%#v became %#v", v, got)
		}
	}
	marked := math.Float64frombits(0x7ff8_0000_c0de_0001)
	if got := across(t, marked); math.Float64bits(got.(float64)) != math.Float64bits(marked) {
		t.Errorf("the bits of what is not a number are %x", math.Float64bits(got.(float64)))
	}
}

// TestCalls serves functions and reads what they answer.
func TestCalls(t *testing.T) {
	change := func(x *ndarray.Array[float64], m map[string]*ndarray.Array[float64]) int {
		x.Data()[0] = 5
		delete(m, "gone")
		m["W"].Data()[1] = 6
		return 7
	}
	x, w := ndarray.Zeros[float64](2), ndarray.Zeros[float64](2)
	m := map[string]*ndarray.Array[float64]{"W": w, "gone": nil}
	f := reflect.TypeOf(change)
	request := encode(encode(request(askCall, "change", f), reflect.ValueOf(x)), reflect.ValueOf(m))
	said := reply(request, map[string]any{"change": &change})
	d := &decoder{rest: said[1:]}
	var n int
	if err := d.value(reflect.ValueOf(&n).Elem()); said[0] != replyDone || err != nil || n != 7 {
		t.Fatalf("%d, %v, %d", said[0], err, n)
	}
	for _, arg := range []any{x, m} {
		changed := reflect.New(reflect.TypeOf(arg)).Elem()
		if err := d.value(changed); err != nil {
			t.Fatal(err)
		}
		assign(reflect.ValueOf(arg), changed)
	}
	if x.At(0) != 5 || w.At(1) != 6 || len(m) != 1 {
		t.Errorf("here are %v, %v and %v", x, w, m)
	}

	shaped := func() { x.Reshape(7) }
	said = reply(requestOf("shaped", shaped), map[string]any{"shaped": &shaped})
	if said[0] != replyShapePanic {
		t.Errorf("a wrong shape is answered by %d", said[0])
	}
	for name, v := range map[string]any{"nothing": nil, "number": 1, "other": func(int) {}} {
		named := map[string]any{}
		if v != nil {
			p := reflect.New(reflect.TypeOf(v))
			p.Elem().Set(reflect.ValueOf(v))
			named[name] = p.Interface()
		}
		if said := reply(requestOf(name, func() {}), named); said[0] != replyRefused {
			t.Errorf("%s is answered by %d", name, said[0])
		}
	}
}

func requestOf(name string, f any) []byte { return request(askCall, name, reflect.TypeOf(f)) }

// TestShapesAreLookedAt makes sure that an array of another process cannot claim to be
// larger than it is.
func TestShapesAreLookedAt(t *testing.T) {
	good, bad := ndarray.Zeros[float64](2, 3), ndarray.Zeros[float64](2, 3)
	bad.Shape()[0] = 1 << 40
	for _, c := range []struct {
		v    any
		fits bool
	}{
		{good, true}, {bad, false}, {map[string]*ndarray.Array[float64]{"a": good}, true},
		{map[string]*ndarray.Array[float64]{"a": good, "b": bad}, false}, {7, true},
	} {
		if fits(reflect.ValueOf(c.v)) != c.fits {
			t.Errorf("%v: want %v", c.v, c.fits)
		}
	}
}

// FuzzAnswer reads what somebody sends who means harm.
func FuzzAnswer(f *testing.F) {
	type all struct {
		A *ndarray.Array[float64]
		M map[string]*ndarray.Array[float64]
		S []string
		N []int
		F float64
		B bool
	}
	f.Add(encode(nil, reflect.ValueOf(all{A: ndarray.Zeros[float64](2), M: map[string]*ndarray.Array[float64]{"a": nil}, S: []string{"b"}, N: []int{1}})))
	f.Add(bytes.Repeat([]byte{0xff}, 40))
	f.Fuzz(func(t *testing.T, b []byte) {
		var v all
		d := &decoder{rest: b}
		if d.value(reflect.ValueOf(&v).Elem()) == nil {
			fits(reflect.ValueOf(v.A))
			fits(reflect.ValueOf(v.M))
		}
		readMessage(bytes.NewReader(b))
	})
}

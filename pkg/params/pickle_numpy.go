package params

import (
	"errors"
	"fmt"
	"strings"
)

// reduce is a call in Python: the few that make up an array are done here.
func (p *pickle) reduce() error {
	argument, err := p.pop()
	if err != nil {
		return err
	}
	callee, err := p.pop()
	if err != nil {
		return err
	}
	what, ok := callee.(name)
	args, ok2 := argument.(tuple)
	if !ok || !ok2 {
		return errors.New("it calls something that has no name")
	}
	switch what {
	case "numpy.multiarray._reconstruct":
		if len(args) == 3 && args[0] == name("numpy.ndarray") {
			return p.push(&packed{})
		}
	case "numpy.dtype":
		if len(args) > 0 {
			if descr, ok := text(args[0]); ok {
				return p.push(&dtype{descr})
			}
		}
	case "numpy.multiarray.scalar":
		if len(args) == 2 {
			d, ok := args[0].(*dtype)
			content, ok2 := args[1].([]byte)
			if ok && ok2 {
				return p.push(&packed{shape: []int{}, dtype: d, content: content})
			}
		}
	case "collections.OrderedDict", "collections.defaultdict":
		return p.ordered(what, args)
	case "_codecs.encode":
		// Protocol 2 has no bytes: it writes them as a text of the same codes.
		if len(args) == 2 && args[1] == any("latin1") {
			if s, ok := args[0].(string); ok {
				return p.latin1(s)
			}
		}
	case "__builtin__.bytes":
		if len(args) == 0 {
			return p.push([]byte{})
		}
	case "numpy.numeric._frombuffer":
		if len(args) == 4 {
			content, ok := args[0].([]byte)
			d, ok2 := args[1].(*dtype)
			shape, err := sizes(args[2])
			order, ok3 := args[3].(string)
			if ok && ok2 && ok3 && err == nil && (order == "C" || order == "F") {
				return p.push(&packed{shape: shape, dtype: d, fortran: order == "F", content: content})
			}
		}
	}
	return fmt.Errorf("%s is called in a way that NumPy does not write", what)
}

// ordered makes a dict of one that keeps an order, or that makes what is missing: its
// items follow, or, as Python 2 wrote it, are given as pairs.
func (p *pickle) ordered(what name, args tuple) error {
	made := &dict{}
	if what == "collections.defaultdict" || len(args) == 0 {
		return p.push(made)
	}
	pairs, ok := args[0].(*list)
	if len(args) != 1 || !ok {
		return fmt.Errorf("%s is called in a way that Python does not write", what)
	}
	for _, item := range pairs.items {
		var pair []any
		switch item := item.(type) {
		case *list:
			pair = item.items
		case tuple:
			pair = item
		}
		if len(pair) != 2 {
			return fmt.Errorf("%s is made of something that is no pair", what)
		}
		made.keys, made.values = append(made.keys, pair[0]), append(made.values, pair[1])
	}
	return p.push(made)
}

func (p *pickle) latin1(s string) error {
	if p.encoded += len(s); p.encoded > len(p.in) {
		return errors.New("its bytes are many times as large as the file")
	}
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return errors.New("bytes hold a letter that is none")
		}
		b = append(b, byte(r))
	}
	return p.push(b)
}

// build gives an object its state: a dtype its byte order, an array its content.
func (p *pickle) build() error {
	state, err := p.pop()
	if err != nil {
		return err
	}
	if len(p.stack) == 0 {
		return errors.New("a value is missing")
	}
	s, ok := state.(tuple)
	if !ok {
		return errors.New("a state is no tuple")
	}
	switch object := p.stack[len(p.stack)-1].(type) {
	case *dtype:
		if order, ok := text(at(s, 1)); ok && len(order) == 1 && len(object.descr) >= 2 && !strings.Contains("<>=|", object.descr[:1]) {
			object.descr = order + object.descr
			return nil
		}
	case *packed:
		shape, err := sizes(at(s, 1))
		d, ok := at(s, 2).(*dtype)
		fortran, ok2 := at(s, 3).(bool)
		content, ok3 := at(s, 4).([]byte)
		if err == nil && ok && ok2 && ok3 && len(s) == 5 {
			*object = packed{shape, d, fortran, content}
			return nil
		}
		if _, isList := at(s, 4).(*list); isList {
			return errors.New("an array holds Python objects, want numbers")
		}
	}
	return errors.New("a state is none of an array")
}

func at(t tuple, i int) any {
	if i < len(t) {
		return t[i]
	}
	return nil
}

// text is a str, or bytes as Python 2 wrote them.
func text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case []byte:
		return string(v), true
	}
	return "", false
}

// sizes is a shape: a tuple of whole numbers.
func sizes(v any) ([]int, error) {
	t, ok := v.(tuple)
	if !ok || len(t) > maxAxes {
		return nil, errors.New("a shape is no tuple of up to 32 numbers")
	}
	shape := make([]int, len(t))
	for i, item := range t {
		n, ok := item.(int64)
		if !ok || n < 0 {
			return nil, fmt.Errorf("a shape has the size %v", item)
		}
		shape[i] = int(n)
	}
	return shape, nil
}

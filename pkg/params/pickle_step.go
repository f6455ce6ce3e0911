package params

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"

	"convbook/pkg/internal/npy"
)

// step runs one instruction.
func (p *pickle) step(code byte) error {
	switch code {
	case 0x80: // PROTO
		b, err := p.take(1)
		if err == nil && (b[0] < 2 || b[0] > 5) {
			err = fmt.Errorf("it is of protocol %d, want 2 to 5: write it again with pickle.dump(params, f, protocol=4)", b[0])
		}
		return err
	case 0x95: // FRAME
		_, err := p.take(8)
		return err
	case 'N':
		return p.push(nil)
	case 0x88, 0x89: // NEWTRUE, NEWFALSE
		return p.push(code == 0x88)
	case 'J', 'K', 'M', 0x8a, 'G': // BININT, BININT1, BININT2, LONG1, BINFLOAT
		return p.number(code)
	case 'X', 0x8c, 0x8d: // BINUNICODE, SHORT_BINUNICODE, BINUNICODE8
		b, err := p.counted(map[byte]int{'X': 4, 0x8c: 1, 0x8d: 8}[code])
		if err != nil {
			return err
		}
		return p.push(string(b))
	case 'C', 'B', 0x8e, 0x96, 'U', 'T': // SHORT_BINBYTES, BINBYTES, BINBYTES8, BYTEARRAY8, SHORT_BINSTRING, BINSTRING
		b, err := p.counted(map[byte]int{'C': 1, 'B': 4, 0x8e: 8, 0x96: 8, 'U': 1, 'T': 4}[code])
		if err != nil {
			return err
		}
		return p.push(b)
	case '(':
		return p.push(mark{})
	case ')', 't', 0x85, 0x86, 0x87: // EMPTY_TUPLE, TUPLE, TUPLE1 to TUPLE3
		return p.tuple(code)
	case ']':
		return p.push(&list{})
	case '}':
		return p.push(&dict{})
	case 'a', 'e', 's', 'u': // APPEND, APPENDS, SETITEM, SETITEMS
		return p.fill(code)
	case 'q', 'r', 0x94, 'h', 'j': // BINPUT, LONG_BINPUT, MEMOIZE, BINGET, LONG_BINGET
		return p.remember(code)
	case 'c', 0x93: // GLOBAL, STACK_GLOBAL
		return p.global(code)
	case 'R':
		return p.reduce()
	case 'b':
		return p.build()
	}
	return fmt.Errorf("the instruction %#02x is none that an array needs; write the parameters as .npz with numpy.savez instead", code)
}

func (p *pickle) take(n int) ([]byte, error) {
	if n < 0 || n > len(p.in)-p.at {
		return nil, errors.New("it is cut off")
	}
	b := p.in[p.at : p.at+n]
	p.at += n
	return b, nil
}

// counted takes as many bytes as the number before them says, which has width bytes.
func (p *pickle) counted(width int) ([]byte, error) {
	b, err := p.take(width)
	if err != nil {
		return nil, err
	}
	n := little(b)
	if n > uint64(len(p.in)) {
		return nil, errors.New("it is cut off")
	}
	return p.take(int(n))
}

func little(b []byte) (n uint64) {
	for i := len(b) - 1; i >= 0; i-- {
		n = n<<8 | uint64(b[i])
	}
	return n
}

func (p *pickle) push(v any) error {
	p.stack = append(p.stack, v)
	return nil
}

func (p *pickle) pop() (any, error) {
	if len(p.stack) == 0 {
		return nil, errors.New("a value is missing")
	}
	v := p.stack[len(p.stack)-1]
	p.stack = p.stack[:len(p.stack)-1]
	return v, nil
}

// toMark pops everything above the last mark, and the mark.
func (p *pickle) toMark() ([]any, error) {
	for i := len(p.stack) - 1; i >= 0; i-- {
		if _, ok := p.stack[i].(mark); ok {
			items := append([]any(nil), p.stack[i+1:]...)
			p.stack = p.stack[:i]
			return items, nil
		}
	}
	return nil, errors.New("a mark is missing")
}

func (p *pickle) number(code byte) error {
	width := map[byte]int{'J': 4, 'K': 1, 'M': 2, 'G': 8}[code]
	if code == 0x8a {
		b, err := p.take(1)
		if err != nil {
			return err
		}
		if width = int(b[0]); width > 8 {
			b, err := p.take(width)
			if err != nil {
				return err
			}
			return p.push(large(b))
		}
	}
	b, err := p.take(width)
	if err != nil {
		return err
	}
	switch code {
	case 'G':
		return p.push(math.Float64frombits(binary.BigEndian.Uint64(b)))
	case 'J':
		return p.push(int64(int32(binary.LittleEndian.Uint32(b))))
	case 0x8a:
		n := little(b)
		if width > 0 && b[width-1]&0x80 != 0 && width < 8 {
			n |= math.MaxUint64 << (8 * width)
		}
		return p.push(int64(n))
	}
	return p.push(int64(little(b)))
}

// large is a whole number of more than 8 bytes, in two's complement: its upper 8 bytes,
// more than a float64 keeps.
func large(b []byte) float64 {
	return math.Ldexp(float64(int64(binary.LittleEndian.Uint64(b[len(b)-8:]))), 8*(len(b)-8))
}

func (p *pickle) tuple(code byte) error {
	switch code {
	case ')':
		return p.push(tuple{})
	case 't':
		items, err := p.toMark()
		if err != nil {
			return err
		}
		return p.push(tuple(items))
	}
	n := int(code-0x85) + 1
	if n > len(p.stack) {
		return errors.New("a value is missing")
	}
	items := append(tuple(nil), p.stack[len(p.stack)-n:]...)
	p.stack = p.stack[:len(p.stack)-n]
	return p.push(items)
}

func (p *pickle) fill(code byte) (err error) {
	var items []any
	switch code {
	case 'a', 's':
		n := map[byte]int{'a': 1, 's': 2}[code]
		if n > len(p.stack) {
			return errors.New("a value is missing")
		}
		items = append(items, p.stack[len(p.stack)-n:]...)
		p.stack = p.stack[:len(p.stack)-n]
	default:
		if items, err = p.toMark(); err != nil {
			return err
		}
	}
	if len(p.stack) == 0 {
		return errors.New("a value is missing")
	}
	switch to := p.stack[len(p.stack)-1].(type) {
	case *list:
		if code == 'a' || code == 'e' {
			to.items = append(to.items, items...)
			return nil
		}
	case *dict:
		if (code == 's' || code == 'u') && len(items)%2 == 0 {
			for i := 0; i < len(items); i += 2 {
				to.keys, to.values = append(to.keys, items[i]), append(to.values, items[i+1])
			}
			return nil
		}
	}
	return errors.New("items are put into something that takes none")
}

func (p *pickle) remember(code byte) error {
	key := uint32(len(p.memo))
	if width := map[byte]int{'q': 1, 'r': 4, 'h': 1, 'j': 4}[code]; width > 0 {
		b, err := p.take(width)
		if err != nil {
			return err
		}
		key = uint32(little(b))
	}
	if code == 'h' || code == 'j' {
		v, ok := p.memo[key]
		if !ok {
			return fmt.Errorf("value %d was never remembered", key)
		}
		return p.push(v)
	}
	if len(p.stack) == 0 {
		return errors.New("a value is missing")
	}
	p.memo[key] = p.stack[len(p.stack)-1]
	return nil
}

func (p *pickle) global(code byte) error {
	var module, what string
	if code == 'c' {
		lines := strings.SplitN(string(p.in[p.at:min(p.at+512, len(p.in))]), "\n", 3)
		if len(lines) < 3 {
			return errors.New("a name is cut off")
		}
		module, what = lines[0], lines[1]
		p.at += len(module) + len(what) + 2
	} else {
		second, err := p.pop()
		if err != nil {
			return err
		}
		first, err := p.pop()
		if err != nil {
			return err
		}
		var ok, ok2 bool
		module, ok = first.(string)
		what, ok2 = second.(string)
		if !ok || !ok2 {
			return errors.New("a name is no text")
		}
	}
	full := module + "." + what
	for _, core := range []string{"numpy.core.", "numpy._core."} {
		if rest, ok := strings.CutPrefix(full, core); ok {
			full = "numpy." + rest
		}
	}
	if rest, ok := strings.CutPrefix(full, "builtins."); ok {
		full = "__builtin__." + rest
	}
	if !allowed[full] {
		if library := libraryOf(module); library != "" {
			return errors.New(library)
		}
		return fmt.Errorf("it asks for %s.%s, which is not needed for arrays and not done: nothing in a pickle is executed here; in Python, numpy.savez(\"params.npz\", **params) writes the arrays", npy.Shorten(module), npy.Shorten(what))
	}
	return p.push(name(full))
}

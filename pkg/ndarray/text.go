package ndarray

import (
	"math"
	"strconv"
	"strings"
)

// How NumPy prints by default: numpy.set_printoptions.
const (
	precision = 8    // digits after the point
	threshold = 1000 // elements; arrays with more are summarised
	edgeItems = 3    // shown at each end of a summarised axis
	lineWidth = 75
)

// String returns the text that NumPy prints for the array: str(a). Whose text that is,
// NumPy 1's or NumPy 2's, SetPrintOptions says.
func (a *Array[T]) String() string { return bodies[T]().str(a) }

func str[T Float](a *Array[T]) string {
	switch {
	case len(a.shape) == 0:
		return scalarText(float64(a.data[0]), bitsOf[T]())
	case len(a.data) == 0:
		return "[]"
	}
	return lines(a, " ", "", lineWidth)
}

// Repr returns the text that NumPy shows for the array: repr(a). Whose text that is,
// NumPy 1's or NumPy 2's, SetPrintOptions says.
func (a *Array[T]) Repr() string { return bodies[T]().repr(a) }

func repr[T Float](a *Array[T]) string {
	const prefix = "array("
	text := prefix + "[]"
	if len(a.data) > 0 {
		text = prefix + lines(a, ", ", prefix, lineWidth-1)
	}
	// What cannot be seen from the elements is said behind them.
	var extras []string
	if len(a.data) == 0 && len(a.shape) != 1 || len(a.data) > threshold && printsAsNumPy2() {
		extras = append(extras, "shape="+a.Shape().String())
	}
	if bits := bitsOf[T](); bits == 32 || len(a.data) == 0 {
		extras = append(extras, "dtype=float"+strconv.Itoa(bits))
	}
	if len(extras) == 0 {
		return text + ")"
	}
	text += ","
	more := strings.Join(extras, ", ") + ")"
	if len(a.data) == 0 && !printsAsNumPy2() && len(extras) == 2 {
		// NumPy 1 counts the shape to the elements, and breaks the line before the type.
		text, more = text+" "+extras[0]+",", extras[1]+")"
	}
	if last := len(text) - (strings.LastIndex(text, "\n") + 1); last+len(more)+1 > lineWidth {
		return text + "\n" + strings.Repeat(" ", len(prefix)) + more
	}
	return text + " " + more
}

func bitsOf[T Float]() int {
	var zero T
	if _, ok := any(zero).(float32); ok {
		return 32
	}
	return 64
}

// lines lays the elements out in brackets.
func lines[T Float](a *Array[T], separator, prefix string, width int) string {
	p := &printer[T]{a: a, separator: separator, summarise: len(a.data) > threshold}
	p.format = newFloatFormat(p.shown(), bitsOf[T]())
	return p.axis(0, 0, " "+strings.Repeat(" ", len(prefix)), width)
}

// printer writes an array axis by axis. (numpy/core/arrayprint.py, _formatArray)
type printer[T Float] struct {
	a         *Array[T]
	separator string
	summarise bool
	format    floatFormat
}

// ends returns how many items of an axis are shown at its beginning and at its
// end; where nothing is left out, all are at the end.
func (p *printer[T]) ends(axis int) (leading, trailing int) {
	if n := p.a.shape[axis]; !p.summarise || n <= 2*edgeItems {
		return 0, n
	}
	return edgeItems, edgeItems
}

// items calls f with the index of each shown item of an axis, and -1 for those
// left out.
func (p *printer[T]) items(axis int, f func(i int)) {
	n := p.a.shape[axis]
	leading, trailing := p.ends(axis)
	for i := range leading {
		f(i)
	}
	if leading+trailing < n {
		f(-1)
	}
	for i := n - trailing; i < n; i++ {
		f(i)
	}
}

// shown returns the elements that will be printed.
func (p *printer[T]) shown() []float64 {
	var values []float64
	var walk func(axis, offset int)
	walk = func(axis, offset int) {
		if axis == len(p.a.shape) {
			values = append(values, float64(p.a.data[offset]))
			return
		}
		p.items(axis, func(i int) {
			if i >= 0 {
				walk(axis+1, offset*p.a.shape[axis]+i)
			}
		})
	}
	walk(0, 0)
	return values
}

func (p *printer[T]) axis(axis, offset int, indent string, width int) string {
	left := len(p.a.shape) - axis
	if left == 0 {
		return p.format.text(float64(p.a.data[offset]))
	}
	var text string
	if left == 1 {
		text = p.row(offset, indent, width-max(len(strings.TrimRight(p.separator, " ")), 1))
	} else {
		var items []string
		p.items(axis, func(i int) {
			item := "..."
			if i >= 0 {
				item = p.axis(axis+1, offset*p.a.shape[axis]+i, indent+" ", width-1)
			}
			items = append(items, indent+item)
		})
		text = strings.Join(items, strings.TrimRight(p.separator, " ")+strings.Repeat("\n", left-1))
	}
	return "[" + strings.TrimPrefix(text, indent) + "]"
}

// row writes the last axis, in lines that are filled up to width.
func (p *printer[T]) row(offset int, indent string, width int) string {
	var text strings.Builder
	last := len(p.a.shape) - 1
	line, first := indent, true
	p.items(last, func(i int) {
		word := "..."
		if i >= 0 {
			word = p.format.text(float64(p.a.data[offset*p.a.shape[last]+i]))
		}
		if !first {
			line += p.separator
		}
		first = false
		if len(line)+len(word) > width && len(line) > len(indent) {
			text.WriteString(strings.TrimRight(line, " ") + "\n")
			line = indent
		}
		line += word
	})
	return text.String() + line
}

// floatFormat writes numbers so that their points stand under each other.
// (numpy/core/arrayprint.py, FloatingFormat)
type floatFormat struct {
	bits            int
	scientific      bool
	left, right     int // characters before and after the point
	digits, expSize int // of the scientific form: after the point, and of the exponent
}

func newFloatFormat(values []float64, bits int) floatFormat {
	f := floatFormat{bits: bits}
	largest, smallest := 0.0, math.Inf(1)
	finite := 0
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		finite++
		if v != 0 {
			largest, smallest = max(largest, math.Abs(v)), min(smallest, math.Abs(v))
		}
	}
	if largest > 0 {
		f.scientific = largest >= cutoff(bits, 1e8) || smallest < leastFixed(bits) || f.ratio(largest, smallest) > 1000
	}
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		mantissa := f.fixed(v)
		if f.scientific {
			var exponent string
			mantissa, exponent = f.split(v)
			f.expSize = max(f.expSize, len(exponent)-1)
		}
		whole, fraction, _ := strings.Cut(mantissa, ".")
		f.left, f.right = max(f.left, len(whole)), max(f.right, len(fraction))
	}
	if f.scientific {
		f.digits = f.right
		f.right += f.expSize + 2
	}
	if finite < len(values) {
		for _, v := range values {
			switch {
			case math.IsInf(v, -1):
				f.left = max(f.left, 4-(f.right+1))
			case math.IsNaN(v) || math.IsInf(v, 1):
				f.left = max(f.left, 3-(f.right+1))
			}
		}
	}
	return f
}

// cutoff is from which number on the scientific form is used. NumPy 2 takes a float32 for
// exact to six digits only.
func cutoff(bits int, usual float64) float64 {
	if bits == 32 && printsAsNumPy2() {
		return 1e6
	}
	return usual
}

// leastFixed is below which number the scientific form is used: 1e-4, which NumPy 2 rounds to
// the precision of the array first.
func leastFixed(bits int) float64 {
	if bits == 32 && printsAsNumPy2() {
		return float64(float32(1e-4))
	}
	return 1e-4
}

// ratio divides in the precision of the array, as NumPy does.
func (f floatFormat) ratio(a, b float64) float64 {
	if f.bits == 32 {
		return float64(float32(a) / float32(b))
	}
	return a / b
}

func (f floatFormat) text(v float64) string {
	switch {
	case math.IsNaN(v):
		return f.padded("nan")
	case math.IsInf(v, 1):
		return f.padded("inf")
	case math.IsInf(v, -1):
		return f.padded("-inf")
	}
	if f.scientific {
		// The digits that fill up to the common length are v's own, not zeros.
		text, exponent, _ := strings.Cut(shortest(v, 'e', f.bits), "e")
		whole, fraction, _ := strings.Cut(text, ".")
		if len(fraction) != f.digits {
			text, exponent, _ = strings.Cut(strconv.FormatFloat(v, 'e', f.digits, 64), "e")
			whole, fraction, _ = strings.Cut(text, ".")
		}
		exponent = exponent[:1] + strings.Repeat("0", f.expSize-(len(exponent)-1)) + exponent[1:]
		return strings.Repeat(" ", f.left-len(whole)) + whole + "." + fraction + "e" + exponent
	}
	whole, fraction, _ := strings.Cut(f.fixed(v), ".")
	return strings.Repeat(" ", f.left-len(whole)) + whole + "." + fraction + strings.Repeat(" ", f.right-len(fraction))
}

func (f floatFormat) padded(word string) string {
	return strings.Repeat(" ", f.left+f.right+1-len(word)) + word
}

// fixed writes the shortest digits that tell v from its neighbours, at most
// precision of them after the point: "0.1", "3.", "-2.71828183".
func (f floatFormat) fixed(v float64) string {
	text := shortest(v, 'f', f.bits)
	whole, fraction, _ := strings.Cut(text, ".")
	if fraction == "" || len(fraction) > precision {
		whole, fraction, _ = strings.Cut(strconv.FormatFloat(v, 'f', min(len(fraction), precision), 64), ".")
	}
	return whole + "." + strings.TrimRight(fraction, "0")
}

// split writes v in scientific form: "1.5" and "+08".
func (f floatFormat) split(v float64) (mantissa, exponent string) {
	text := shortest(v, 'e', f.bits)
	mantissa, _, _ = strings.Cut(text, "e")
	if _, fraction, _ := strings.Cut(mantissa, "."); len(fraction) > precision {
		text = strconv.FormatFloat(v, 'e', precision, 64)
	}
	mantissa, exponent, _ = strings.Cut(text, "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	return whole + "." + strings.TrimRight(fraction, "0"), exponent
}

// scalarText writes a number as Python writes a float: str(np.float64(v)).
func scalarText(v float64, bits int) string {
	switch size := math.Abs(v); {
	case math.IsNaN(v):
		return "nan"
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	case size != 0 && (size < 1e-4 || size >= cutoff(bits, 1e16)):
		return shortest(v, 'e', bits)
	}
	text := shortest(v, 'f', bits)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// shortest writes v with the fewest digits that tell it from its neighbours.
// Where two such texts are equally near, the last digit is even, as in NumPy:
// 2^-12 as float32 is 2.4414062e-04, not 2.4414063e-04.
func shortest(v float64, form byte, bits int) string {
	text := strconv.FormatFloat(v, form, -1, bits)
	mantissa, _, _ := strings.Cut(text, "e")
	_, fraction, found := strings.Cut(mantissa, ".")
	if !found {
		return text
	}
	rounded := strconv.FormatFloat(v, form, len(fraction), 64)
	if back, err := strconv.ParseFloat(rounded, bits); err == nil && back == v {
		return rounded
	}
	return text
}

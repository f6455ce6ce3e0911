// Package described reads what a network's Description says, and what such a network would cost, before it is built: the line comes from
// a file that nobody knows.
package described

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"convbook/pkg/convnet"
	"convbook/pkg/internal/shapes"
)

// Network is a network as a line describes it.
type Network struct {
	Input []int // shape of a sample
	Parts []Part
}

// Part is one of its parts: Conv(16, 3, 1, 1) has the Kind "Conv" and four Numbers. Parts that it is made
// of stand in Rows: those of a Residual in one, of a Shortcut in two, the shortcut's first, and of Branches in one each.
type Part struct {
	Kind    string
	Numbers []float64
	Rows    [][]Part
}

// Bounds of a description: nobody's network has more.
const (
	longestDescription = 20_000 // bytes
	deepestDescription = 8      // blocks in blocks
	mostDescribed      = 4096   // of a number
	largestLayer       = 1 << 22
)

// kindsOfParts are the kinds that have no rows: how many numbers follow, the least that each may be, and what Part it is.
var kindsOfParts = map[string]struct {
	least []float64
	part  func(n []int) convnet.Part
}{
	"Conv":                {[]float64{1, 1, 1, 0}, func(n []int) convnet.Part { return convnet.Conv(n[0], n[1], n[2], n[3]) }},
	"Pool":                {[]float64{1, 1}, func(n []int) convnet.Part { return convnet.Pool(n[0], n[1]) }},
	"MaxPool":             {[]float64{1, 1, 0}, func(n []int) convnet.Part { return convnet.MaxPool(n[0], n[1], n[2]) }},
	"AveragePool":         {[]float64{1, 1}, func(n []int) convnet.Part { return convnet.AveragePool(n[0], n[1]) }},
	"Affine":              {[]float64{1}, func(n []int) convnet.Part { return convnet.Affine(n[0]) }},
	"Relu":                {nil, func([]int) convnet.Part { return convnet.Relu() }},
	"Sigmoid":             {nil, func([]int) convnet.Part { return convnet.Sigmoid() }},
	"BatchNorm":           {nil, func([]int) convnet.Part { return convnet.BatchNorm() }},
	"BatchNormPerChannel": {nil, func([]int) convnet.Part { return convnet.BatchNormPerChannel() }},
	"Dropout":             {[]float64{0}, nil},
}

// Parse reads what the Description of a convnet.Sequential returns. It returns an error that says where the line cannot be read; what it returns may still
// not fit together, or be larger than any memory: Cost tells.
func Parse(description string) (Network, error) {
	if len(description) > longestDescription {
		return Network{}, fmt.Errorf("a description of %d bytes, want %d at most", len(description), longestDescription)
	}
	p := &parser{rest: description}
	d := Network{Input: p.shape()}
	d.Parts = p.row(0)
	if p.rest != "" {
		p.fail("nothing more")
	}
	return d, p.err
}

// parser reads a description until something is wrong.
type parser struct {
	rest string
	err  error
}

func (p *parser) fail(want string) {
	if p.err == nil {
		at := p.rest
		if len(at) > 20 {
			at = at[:20] + "…"
		}
		p.err = fmt.Errorf("the description cannot be read at %q, want %s", at, want)
	}
	p.rest = ""
}

// takes takes a text if it comes next.
func (p *parser) takes(text string) bool {
	rest, found := strings.CutPrefix(p.rest, text)
	if found {
		p.rest = strings.TrimLeft(rest, " ")
	}
	return found
}

func (p *parser) must(text string) {
	if !p.takes(text) {
		p.fail(strconv.Quote(text))
	}
}

// number takes a number from least to mostDescribed.
func (p *parser) number(least float64) float64 {
	length := 0
	for length < len(p.rest) && strings.ContainsRune("0123456789.", rune(p.rest[length])) {
		length++
	}
	v, err := strconv.ParseFloat(p.rest[:length], 64)
	if err != nil || !(v >= least && v <= mostDescribed) {
		p.fail(fmt.Sprintf("a number from %v to %d", least, mostDescribed))
		return least
	}
	p.rest = p.rest[length:]
	return v
}

func (p *parser) whole(least float64) float64 {
	v := p.number(least)
	if v != math.Trunc(v) {
		p.fail("a whole number")
	}
	return v
}

func (p *parser) shape() (shape []int) {
	p.must("(")
	for p.err == nil && len(shape) < 4 {
		shape = append(shape, int(p.whole(1)))
		if !p.takes(",") || strings.HasPrefix(p.rest, ")") { // (10,)
			break
		}
	}
	p.must(")")
	return shape
}

// row takes parts that follow each other.
func (p *parser) row(depth int) (parts []Part) {
	for p.err == nil {
		parts = append(parts, p.part(depth))
		if !p.takes(",") {
			break
		}
	}
	return parts
}

func (p *parser) part(depth int) (d Part) {
	d.Kind, _, _ = strings.Cut(p.rest, "(")
	kind, known := kindsOfParts[d.Kind]
	block := d.Kind == "Residual" || d.Kind == "Shortcut" || d.Kind == "Branches"
	if !known && !block || depth > deepestDescription {
		p.fail("a part such as Conv(16, 3, 1, 1)")
		return d
	}
	p.takes(d.Kind)
	p.must("(")
	for i, least := range kind.least {
		if i > 0 {
			p.must(",")
		}
		if d.Kind == "Dropout" {
			d.Numbers = append(d.Numbers, p.number(least))
		} else {
			d.Numbers = append(d.Numbers, p.whole(least))
		}
	}
	if d.Kind == "Dropout" && p.err == nil && d.Numbers[0] >= 1 {
		p.fail("a ratio below 1 before it")
	}
	for block && p.err == nil && p.takes("{") {
		d.Rows = append(d.Rows, p.row(depth+1))
		p.must("}")
		if d.Kind == "Shortcut" || !p.takes(",") {
			break
		}
	}
	switch {
	case d.Kind == "Shortcut":
		if len(d.Rows) == 0 {
			p.fail(`"{"`)
		}
		p.must(",")
		d.Rows = append(d.Rows, p.row(depth+1))
	case d.Kind == "Residual":
		d.Rows = append(d.Rows, p.row(depth+1))
	case block && len(d.Rows) == 0:
		p.fail(`"{"`)
	}
	p.must(")")
	return d
}

// String returns the line that Parse reads.
func (d Network) String() string { return shapes.Text(d.Input) + " " + textOf(d.Parts) }

func textOf(parts []Part) string {
	texts := make([]string, len(parts))
	for i, d := range parts {
		var inner []string
		for _, n := range d.Numbers {
			inner = append(inner, fmt.Sprint(n))
		}
		for k, row := range d.Rows {
			text := textOf(row)
			if d.Kind == "Branches" || d.Kind == "Shortcut" && k == 0 {
				text = "{" + text + "}"
			}
			inner = append(inner, text)
		}
		texts[i] = d.Kind + "(" + strings.Join(inner, ", ") + ")"
	}
	return strings.Join(texts, ", ")
}

// Build returns what convnet.Build makes it of.
func (d Network) Build() []convnet.Part { return partsOf(d.Parts) }

func partsOf(row []Part) []convnet.Part {
	parts := make([]convnet.Part, len(row))
	for i, d := range row {
		numbers := make([]int, len(d.Numbers))
		for k, n := range d.Numbers {
			numbers[k] = int(n)
		}
		switch d.Kind {
		case "Dropout":
			parts[i] = convnet.Dropout(d.Numbers[0])
		case "Residual":
			parts[i] = convnet.Residual(partsOf(d.Rows[0])...)
		case "Shortcut":
			parts[i] = convnet.Shortcut(partsOf(d.Rows[0]), partsOf(d.Rows[1])...)
		case "Branches":
			branches := make([][]convnet.Part, len(d.Rows))
			for k, r := range d.Rows {
				branches[k] = partsOf(r)
			}
			parts[i] = convnet.Branches(branches...)
		default:
			parts[i] = kindsOfParts[d.Kind].part(numbers)
		}
	}
	return parts
}

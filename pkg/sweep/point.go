package sweep

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
	"strings"
)

// Point is a choice of settings by name: whole numbers (int), numbers (float64),
// texts or bools.
type Point map[string]any

// Int returns a setting that is a whole number. Like Float, Text and Bool it
// panics when there is no such setting or it is of another kind, and names those
// that there are.
func (p Point) Int(name string) int {
	switch v := p.value(name).(type) {
	case int:
		return v
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int(v)
		}
	}
	panic(p.mismatch(name, "a whole number"))
}

// Float returns a setting that is a number.
func (p Point) Float(name string) float64 {
	switch v := p.value(name).(type) {
	case int:
		return float64(v)
	case float64:
		return v
	}
	panic(p.mismatch(name, "a number"))
}

// Text returns a setting that is a text.
func (p Point) Text(name string) string {
	if v, ok := p.value(name).(string); ok {
		return v
	}
	panic(p.mismatch(name, "a text"))
}

// Bool returns a setting that is true or false.
func (p Point) Bool(name string) bool {
	if v, ok := p.value(name).(bool); ok {
		return v
	}
	panic(p.mismatch(name, "true or false"))
}

func (p Point) value(name string) any {
	v, ok := p[name]
	if !ok {
		panic(fmt.Sprintf("sweep: there is no setting %q; there are %s", name, strings.Join(p.names(), ", ")))
	}
	return v
}

func (p Point) mismatch(name, want string) string {
	return fmt.Sprintf("sweep: the setting %q is %#v, not %s", name, p[name], want)
}

func (p Point) names() []string { return slices.Sorted(maps.Keys(p)) }

// with returns p with the settings of q put over its own.
func (p Point) with(q Point) Point {
	merged := maps.Clone(p)
	if merged == nil {
		merged = Point{}
	}
	maps.Copy(merged, q)
	return merged
}

// key is the same text for the same settings, whatever their order and whether
// they come from a program or from a file.
func (p Point) key() string {
	text, err := json.Marshal(p)
	if err != nil {
		panic(fmt.Sprintf("sweep: the settings %v cannot be written: %v", p, err))
	}
	return string(text)
}

// check reports a setting of a kind that a results file cannot bring back.
func (p Point) check() error {
	for _, name := range p.names() {
		switch v := p[name].(type) {
		case int, string, bool:
		case float64:
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("sweep: the setting %q is %v; it must be a finite number", name, v)
			}
		default:
			return fmt.Errorf("sweep: the setting %q is a %T; use an int, a float64, a string or a bool", name, v)
		}
	}
	return nil
}

// String lists the settings in the order of their names: "filters 64, rate 0.001".
func (p Point) String() string {
	var parts []string
	for _, name := range p.names() {
		parts = append(parts, name+" "+text(p[name]))
	}
	return strings.Join(parts, ", ")
}

func text(value any) string {
	if v, ok := value.(float64); ok {
		return fmt.Sprintf("%.4g", v)
	}
	return fmt.Sprint(value)
}

// less orders two values of a setting: numbers by size, the rest as text.
func less(a, b any) bool {
	x, xNumber := number(a)
	y, yNumber := number(b)
	if xNumber && yNumber {
		return x < y
	}
	return text(a) < text(b)
}

func number(value any) (float64, bool) {
	switch v := value.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

func same(a, b any) bool {
	x, xNumber := number(a)
	y, yNumber := number(b)
	if xNumber && yNumber {
		return x == y
	}
	return a == b
}

// varying returns the names of the settings that are not the same in all points.
func varying(points []Point) []string {
	first := make(map[string]any)
	differs := make(map[string]bool)
	for i, p := range points {
		for name, v := range p {
			if old, ok := first[name]; !ok {
				first[name] = v
				differs[name] = i > 0
			} else if !same(old, v) {
				differs[name] = true
			}
		}
	}
	var names []string
	for name := range first {
		missing := slices.ContainsFunc(points, func(p Point) bool { _, ok := p[name]; return !ok })
		if differs[name] || missing {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

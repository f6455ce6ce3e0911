// Package python writes values as Python prints them.
package python

import (
	"math"
	"strconv"
	"strings"
)

// Float writes v as Python's str does: the shortest digits that read back as v, "1.0"
// rather than "1", an exponent below 1e-4 and from 1e16.
func Float(v float64) string {
	switch size := math.Abs(v); {
	case math.IsNaN(v):
		return "nan"
	case math.IsInf(v, 0):
		return strings.TrimPrefix(strings.ToLower(strconv.FormatFloat(v, 'g', -1, 64)), "+")
	case size != 0 && size < 1e-4, size >= 1e16:
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

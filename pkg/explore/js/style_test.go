package js

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// linear is a colour in linear light.
type linear [3]float64

func parsed(t *testing.T, hex string) (c linear) {
	t.Helper()
	for i := range c {
		v, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		if c[i] = float64(v) / 255; c[i] <= 0.04045 {
			c[i] /= 12.92
		} else {
			c[i] = math.Pow((c[i]+0.055)/1.055, 2.4)
		}
	}
	return c
}

// contrast is that of WCAG 2.
func contrast(a, b linear) float64 {
	light := func(c linear) float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] + 0.05 }
	return max(light(a)/light(b), light(b)/light(a))
}

// blind are the matrices of Machado, Oliveira and Fernandes (2009) for people who lack one of the three kinds of cones.
var blind = map[string][3][3]float64{
	"no cones for long waves":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"no cones for middle waves": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"no cones for short waves":  {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
	"all cones":                 {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
}

// apart is how different two colours look, in CIE L*a*b*: 2 is just seen.
func apart(a, b linear, seen [3][3]float64) float64 {
	lab := func(c linear) [3]float64 {
		var r linear
		for i := range r {
			for k := range c {
				r[i] += seen[i][k] * c[k]
			}
			r[i] = min(max(r[i], 0), 1)
		}
		f := func(v float64) float64 {
			if v > 216./24389 {
				return math.Cbrt(v)
			}
			return (24389./27*v + 16) / 116
		}
		x := f((0.4124*r[0] + 0.3576*r[1] + 0.1805*r[2]) / 0.9505)
		y := f(0.2126*r[0] + 0.7152*r[1] + 0.0722*r[2])
		z := f((0.0193*r[0] + 0.1192*r[1] + 0.9505*r[2]) / 1.089)
		return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
	}
	p, q := lab(a), lab(b)
	return math.Sqrt((p[0]-q[0])*(p[0]-q[0]) + (p[1]-q[1])*(p[1]-q[1]) + (p[2]-q[2])*(p[2]-q[2]))
}

// TestColors holds the colours of both themes to WCAG's contrasts, and the two that tell things apart to people who do not see all
// colours. Frames differ in their dashes, too.
func TestColors(t *testing.T) {
	style := read("explore.css")
	colors := map[string][2]linear{}
	for _, m := range regexp.MustCompile(`--(\w+): light-dark\((#\w{6}), (#\w{6})\);`).FindAllStringSubmatch(style, -1) {
		colors[m[1]] = [2]linear{parsed(t, m[2]), parsed(t, m[3])}
	}
	for name, least := range map[string]float64{"ink": 7, "quiet": 4.5, "line": 3, "a": 3, "b": 3, "d": 3} {
		for theme, word := range []string{"light", "dark"} {
			for _, ground := range []string{"card", "press"} {
				if ground == "press" && name != "ink" {
					continue
				}
				if got := contrast(colors[name][theme], colors[ground][theme]); !(got >= least) {
					t.Errorf("--%s on --%s, %s: a contrast of %.1f, want %.1f", name, ground, word, got, least)
				}
			}
		}
	}
	for theme, word := range []string{"light", "dark"} {
		for who, matrix := range blind {
			if got := apart(colors["a"][theme], colors["b"][theme], matrix); !(got > 50) {
				t.Errorf("--a and --b, %s, look alike with %s: %.0f apart", word, who, got)
			}
		}
	}
	dashes := map[string]string{}
	for _, kind := range []string{"a", "b", "d"} {
		rule, _, _ := strings.Cut(style[strings.Index(style, ".marks ."+kind+" {"):], "}")
		_, dash, _ := strings.Cut(rule, "stroke-dasharray: ")
		if other, taken := dashes[dash]; taken {
			t.Errorf("frames %s and %s have the same dashes", kind, other)
		}
		dashes[dash] = kind
	}
}

// TestNothingMoves finds what would move by itself: whoever asks for less motion gets the same figures.
func TestNothingMoves(t *testing.T) {
	for _, moves := range []string{"transition", "animat", "@keyframes", "smooth", "setInterval", "requestAnimationFrame", "setTimeout"} {
		for name, text := range map[string]string{"the style": Style(), "the script": Whole()} {
			if strings.Contains(text, moves) {
				t.Errorf("%s has %q", name, moves)
			}
		}
	}
}

package typeface

import (
	"math/rand/v2"
	"testing"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
)

// Widths and extents are those of the fonts, as gonum measures them.
func TestWidthsAreTheFonts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, c := range []struct {
		face *Face
		ttf  []byte
	}{{Regular(), liberationsansregular.TTF}, {Bold(), liberationsansbold.TTF}} {
		parsed, err := opentype.Parse(c.ttf)
		if err != nil {
			t.Fatal(err)
		}
		want := font.Face{Font: font.Font{Size: UnitsPerEm}, Face: parsed}
		check := func(line string) {
			t.Helper()
			if got := c.face.Width(line); float64(got) != want.Width(line).Points() {
				t.Fatalf("%q is %d units wide, want %v", line, got, want.Width(line))
			}
		}
		for first := rune(' '); first < 0x600; first++ {
			check(string(first))
			check("A" + string(first) + "V")
		}
		for _, line := range []string{"", "AVATAR", "To. Ta, 11 L'y", "정확도", "α β ∑ ≤ → “ ”", "\xff\xfe", "a\x00b", "🙂", "ﬁ"} {
			check(line)
		}
		for range 5000 {
			line := make([]rune, r.IntN(30))
			for i := range line {
				line[i] = rune(r.IntN([]int{128, 0x250, 0x3000}[r.IntN(3)]))
			}
			check(string(line))
		}
		ascent, descent, height := c.face.Extents()
		if e := want.Extents(); e.Ascent.Points() != float64(ascent) || e.Descent.Points() != float64(descent) || e.Height.Points() != float64(height) {
			t.Errorf("extents %d, %d, %d, want %v", ascent, descent, height, e)
		}
	}
}

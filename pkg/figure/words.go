package figure

import (
	"fmt"

	"convbook/pkg/internal/bilingual"
	"convbook/pkg/internal/shapes"
)

// mostWords is how many names a description lists.
const mostWords = 12

// said is a text of both languages with what stands for its verbs: a Text has %s where a
// text goes that differs, any where it does not.
func said(english, korean string, values ...any) bilingual.Text {
	inKorean := make([]any, len(values))
	for i, v := range values {
		if inKorean[i] = v; v != nil {
			if text, ok := v.(bilingual.Text); ok {
				values[i], inKorean[i] = text.English, text.Korean
				if text.Korean == "" {
					inKorean[i] = text.English
				}
			}
		}
	}
	return bilingual.Text{English: fmt.Sprintf(english, values...), Korean: fmt.Sprintf(korean, inKorean...)}
}

// listed joins names with commas, and says how many it leaves out.
func listed(names []bilingual.Text) (all bilingual.Text) {
	count := 0
	for _, name := range names {
		name = bilingual.Text{English: oneLine(name.English), Korean: oneLine(name.Korean)}
		if name.English == "" {
			continue
		}
		if name.Korean == "" {
			name.Korean = name.English
		}
		switch count++; {
		case count == 1:
			all = name
		case count <= mostWords:
			all = all.With(", ", name)
		}
	}
	if count > mostWords {
		all = all.With(" ", said("and %d more", "외 %d개", count-mostWords))
	}
	return all
}

func listedNames(names []string) bilingual.Text {
	texts := make([]bilingual.Text, len(names))
	for i, name := range names {
		texts[i] = bilingual.Of(name)
	}
	return listed(texts)
}

// words describes curves: what is on the axes, and where each begins and ends.
func (p *plane) words() bilingual.Text {
	side := func(a axis, name bilingual.Text) bilingual.Text {
		label := bilingual.Text{English: oneLine(a.label.English), Korean: oneLine(a.label.Korean)}
		if label.English == "" {
			label = name
		}
		if a.log {
			label = said("%s (logarithmic)", "%s(로그)", label)
		}
		a.settle()
		return said("%s from %s to %s", "%s %s~%s", label, short(a.min), short(a.max))
	}
	var curves []bilingual.Text
	for _, l := range p.layers {
		if c, ok := l.(*curve); ok && c.name.English != "" {
			curves = append(curves, said("%s%s", "%s%s", c.name, c.course()))
		}
	}
	text := said("Curves: %s, %s.", "곡선: 가로축 %s, 세로축 %s.",
		side(p.x, bilingual.Text{English: "horizontal axis", Korean: "값"}), side(p.y, bilingual.Text{English: "vertical axis", Korean: "값"}))
	if len(curves) > 0 {
		text = said("%s %s.", "%s %s.", text, listed(curves))
	}
	return text
}

// course says where a curve begins and where it ends.
func (l *curve) course() bilingual.Text {
	var first, last float64
	count := 0
	for _, v := range l.ys {
		if finite(v) {
			if count == 0 {
				first = v
			}
			last = v
			count++
		}
	}
	switch count {
	case 0:
		return said(" (no values)", "(값 없음)")
	case 1:
		return said(" (%s)", "(%s)", short(first))
	}
	return said(" (from %s to %s)", "(%s에서 %s까지)", short(first), short(last))
}

func gridWords(tiles []tile, cols, w, h int) bilingual.Text {
	images := said("%d images of %dx%d pixels in rows of %d", "%d장, 각 %dx%d픽셀, 한 줄에 %d장", len(tiles), w, h, cols)
	if len(tiles) == 1 {
		images = said("One image of %dx%d pixels", "이미지 한 장, %dx%d픽셀", w, h)
	}
	captions := make([]bilingual.Text, len(tiles))
	for i, t := range tiles {
		captions[i] = t.caption
	}
	if names := listed(captions); names.English != "" {
		return said("%s: %s.", "%s: %s.", images, names)
	}
	return said("%s.", "%s.", images)
}

func panelWords(panels []panel) bilingual.Text {
	all := make([]bilingual.Text, len(panels))
	for i, p := range panels {
		moments := bilingual.Of("no values")
		for k, m := range p.moments {
			if next := said("%s %s", "%s %s", m.name, short(m.value)); k == 0 {
				moments = next
			} else {
				moments = moments.With(", ", next)
			}
		}
		all[i] = said("%s (%s, from %s to %s)", "%s(%s, %s~%s)", p.name, moments, short(p.span.low), short(p.span.high))
	}
	return said("Histograms: %s.", "히스토그램: %s.", listed(all))
}

func (m matrix) words(o *options, scale *colorScale) bilingual.Text {
	axes := func(label string, what bilingual.Text, names []string) bilingual.Text {
		if label != "" {
			what = bilingual.Of(oneLine(label))
		}
		return said("%d of %s (%s)", "%[2]s %[1]d개(%[3]s)", len(names), what, listedNames(names))
	}
	text := said("A table of coloured cells: %s by %s.", "색칠한 표: 세로 %s, 가로 %s.",
		axes(o.yLabel, bilingual.Of("rows"), m.rows), axes(o.xLabel, bilingual.Of("columns"), m.columns))
	if scale != nil {
		text = said("%s The shades reach from %s to %s.", "%s 색은 %s부터 %s까지.", text, scale.low, scale.high)
	}
	return text
}

func (w windows) words() bilingual.Text {
	rows, columns := w.matrixSize()
	padded := bilingual.Text{}
	if w.pad > 0 {
		padded = said(", pad %d,", ", 패딩 %d", w.pad)
	}
	return said("An image of shape %s%s with windows of %dx%d on it, %d apart, and the matrix of shape %s that im2col makes of it, one row for each window.",
		"형상 %s%s의 이미지 위에 %dx%d 윈도를 %d픽셀 간격으로 놓고, im2col이 만든 형상 %s의 행렬을 나란히 보인다. 윈도 하나가 한 행이다.",
		w.imageShape(), padded, w.filterH, w.filterW, w.stride, shapes.Text([]int{rows, columns}))
}

package explore

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"

	"convbook/pkg/figure"
	"convbook/pkg/internal/bilingual"
)

// Figure is a figure that answers the pointer, for display.Show.
type Figure struct {
	still  *figure.Figure
	kind   string
	script string
	values string // packed
}

// Still returns the figure that stands where scripts do not run. It can be saved as SVG and PNG.
func (f *Figure) Still() *figure.Figure { return f.still }

// Title returns the figure's title.
func (f *Figure) Title() string { return f.still.Title() }

// OnStandIn reports whether the figure was made with StandIn(true).
func (f *Figure) OnStandIn() bool { return f != nil && f.still.OnStandIn() }

// Around returns the figure as HTML, given its still figure as HTML.
func (f *Figure) Around(still string) string {
	return fmt.Sprintf(`<div class="convbook-figure convbook-explore" data-explore="%s" data-values="%s">%s</div><script>%s</script>`,
		f.kind, f.values, still, f.script)
}

// figureOf packs a figure. head is what its script reads first, as JSON without the brackets.
func figureOf(kind, script string, still *figure.Figure, head object, floats []float32, rest []byte) *Figure {
	title := bilingual.Of(still.Title())
	head.text("english", title.English)
	head.text("korean", title.Korean)
	head.number("floats", len(floats))
	return &Figure{still, kind, script, packed(head, floats, rest)}
}

// packed is a line of JSON with its length before it, numbers of 32 bits, and bytes,
// compressed, as text.
func packed(head object, floats []float32, rest []byte) string {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		panic(err) // the level is known
	}
	text := []byte("{" + head.fields + "}")
	all := binary.LittleEndian.AppendUint32(nil, uint32(len(text)))
	all = append(all, text...)
	for _, v := range floats {
		all = binary.LittleEndian.AppendUint32(all, math.Float32bits(v))
	}
	_, _ = w.Write(append(all, rest...)) // writing to a bytes.Buffer returns no error
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

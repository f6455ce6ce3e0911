//go:build unix

package display

import (
	"os"
	"strings"
	"testing"

	"convbook/pkg/figure"
	"convbook/pkg/internal/celltest"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// answering is a figure that answers the pointer, as those of package explore.
type answering struct{ still *figure.Figure }

func (a answering) Still() *figure.Figure      { return a.still }
func (a answering) Around(still string) string { return "<b>around</b>" + still + "<b>it</b>" }
func (a answering) OnStandIn() bool            { return a.still.OnStandIn() }

// TestShowAlive shows such a figure in a notebook, with its still figure in it, and in a terminal, where the still one is saved.
func TestShowAlive(t *testing.T) {
	still := figure.Accuracy(run{[]float64{.1, .8}, []float64{.1, .7}}, figure.Title("a run"), figure.StandIn(true))
	displays := celltest.InCell(t, func() { Show(answering{still}) })
	if len(displays) != 1 {
		t.Fatalf("%d displays, want 1", len(displays))
	}
	html := celltest.HTML(t, displays[0])
	if !strings.Contains(html, "<b>around</b>"+figureHTML(still)+"<b>it</b>") {
		t.Errorf("it shows %.300s", html)
	}
	if text := displays[0].Data[protocol.MIMETextPlain]; !strings.HasPrefix(text.(string), "[figure] a run") {
		t.Errorf("its text is %q", text)
	}
	t.Setenv("CONVBOOK_FIGURES", t.TempDir())
	saved = album{}
	if text := printed(t, func() { Show(answering{still}) }); !strings.Contains(text, ".svg") {
		t.Errorf("in a terminal it shows %q", text)
	} else if _, err := os.Stat(strings.TrimSpace(text[strings.LastIndex(text, ": ")+2:])); err != nil {
		t.Error(err)
	}
}

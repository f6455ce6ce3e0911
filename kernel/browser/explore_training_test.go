package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestExploreTraining goes through the epochs of a run, by slider, keys, mouse and finger.
func TestExploreTraining(t *testing.T) {
	var want []struct {
		Epoch                           int
		Filters, Confusion, Train, Test []float64
	}
	figures := figuresOf(t, "training", &want)
	r := exploring(t, figures)
	for i, w := range want {
		r.turn(0, "epoch", float64(i))
		got := evaluate[struct {
			Epoch                           int
			Filters, Confusion, Train, Test []float64
		}](&r.page, host(0)+`.explore.values()`)
		what := fmt.Sprintf("epoch %d", w.Epoch)
		near(t, what, []float64{float64(got.Epoch)}, []float64{float64(w.Epoch)})
		near(t, what+", filters", got.Filters, w.Filters)
		near(t, what+", confusion", got.Confusion, w.Confusion)
		near(t, what+", training accuracy", got.Train, w.Train)
		near(t, what+", test accuracy", got.Test, w.Test)
		r.reads(0, what, fmt.Sprintf("Epoch %d. Accuracy on training images %s, on test images %s.", w.Epoch, shortened(w.Train[i]), shortened(w.Test[i])))
	}
	r.point(0, 0, 1, 2)
	last := want[len(want)-1]
	r.reads(0, "a cell", fmt.Sprintf("Of class one, %v were taken for two", last.Confusion[12]), "정답이 일인")
	r.press(0, 0, kb.ArrowLeft)
	r.reads(0, "a cell by the arrow", fmt.Sprintf("Of class one, %v were taken for one", last.Confusion[11]))
	r.touch(0, 0, 0, 0)
	r.reads(0, "a cell by finger", fmt.Sprintf("Of class zero, %v were taken for zero", last.Confusion[0]))
	r.do("the slider by keys", chromedp.Evaluate[chromedp.Void](live(0)+`.querySelector('input[type=range]').focus()`), chromedp.KeyEvent(kb.Home+kb.ArrowRight))
	r.reads(0, "the second epoch by keys", "Epoch 2.", "2에폭")
	at := evaluate[[]float64](&r.page, `(() => { const e = `+live(0)+`.querySelector('.plot'); e.scrollIntoView({block: 'center'}); const p = e.getBoundingClientRect(); return [p.right - 12, p.y + 40] })()`)
	r.do("the curve", chromedp.MouseEvent(chromedp.MouseMoved, at[0], at[1]))
	r.reads(0, "the end of the curve", "Epoch 5.")
	r.legible(len(figures), "training")
}

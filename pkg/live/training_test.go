//go:build unix

package live

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"convbook/pkg/display"
	"convbook/pkg/figure"
	"convbook/pkg/internal/celltest"
	"convbook/pkg/trainer"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// follow plays a training run of 20 steps in 4 epochs to a callback, stopped after
// the given step.
func follow(t *testing.T, c trainer.Callback, stop int, err error) {
	t.Helper()
	h := &trainer.History{Dataset: "fashion", StandIn: true}
	e := trainer.Event{Epochs: 4, Steps: 20, History: h}
	c.TrainBegin(e)
	for e.Step = 1; e.Step <= stop; e.Step++ {
		e.Loss, e.Elapsed = 2.3/float64(e.Step), time.Duration(e.Step)*700*time.Millisecond
		if e.Step%5 == 1 {
			e.Epoch++
			h.Epochs = append(h.Epochs, trainer.Epoch{Epoch: e.Epoch, Step: e.Step, TrainAcc: 0.2 * float64(e.Epoch), TestAcc: 0.15 * float64(e.Epoch)})
			if err := c.EpochEnd(e); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.StepEnd(e); err != nil {
			t.Fatal(err)
		}
	}
	e.Step = stop
	if err == nil {
		h.Complete, h.FinalTestAcc = true, 0.8912
	}
	c.TrainEnd(e, err)
}

// A run that was finished before does not look like training.
func TestOpenedRun(t *testing.T) {
	h := &trainer.History{Complete: true, FinalTestAcc: 0.8}
	line := finalLine(trainer.Event{Step: 20, Steps: 20, Elapsed: 14 * time.Second, History: h, Opened: true}, nil)
	if want := "opened, trained before · final test accuracy 0.8000 · 20 steps took 14 s"; line.English != want {
		t.Errorf("the line is %q, want %q", line.English, want)
	}
	if want := "이미 학습한 결과 · 최종 시험 정확도 0.8000 · 갱신 20번에 14초"; line.Korean != want {
		t.Errorf("the line is %q, want %q", line.Korean, want)
	}
}

// TestLiveView checks that all states share one output, that the steps of a fast
// run are not all sent, and that what remains is static and complete.
func TestLiveView(t *testing.T) {
	displays := celltest.InCell(t, func() { follow(t, Training(figure.Title("A run")), 20, nil) })
	if len(displays) < 2 || len(displays) > 10 {
		t.Errorf("%d updates for 20 steps that took no time", len(displays))
	}
	for _, d := range displays {
		if d.DisplayID == "" || d.DisplayID != displays[0].DisplayID {
			t.Errorf("display ids %q and %q; want one", displays[0].DisplayID, d.DisplayID)
		}
		celltest.HTML(t, d, intoView)
		if mark, _ := d.Metadata["convbook"].(map[string]any); mark["stand_in"] != true {
			t.Errorf("a run on the stand-in is not marked: %v", d.Metadata)
		}
	}
	if first := celltest.HTML(t, displays[0]); !strings.Contains(first, "epoch 0 of 4 · step 0 of 20") {
		t.Errorf("the first state is %s", first)
	}
	last := celltest.HTML(t, displays[len(displays)-1])
	for _, want := range []string{`alt="A run, on drawn stand-in images, not the real data. Curves: epochs from 1 to 4`, "data:image/svg+xml;base64,",
		`<div lang="en">final test accuracy 0.8912 · epoch 4: train 0.800, test 0.600 · 20 steps in 14 s</div>`,
		`<div lang="ko">최종 시험 정확도 0.8912 · 에폭 4: 훈련 0.800, 시험 0.600 · 갱신 20번에 14초</div>`} {
		if !strings.Contains(last, want) {
			t.Errorf("the last state lacks %q: %s", want, last)
		}
	}
	if text, _ := displays[len(displays)-1].Data[protocol.MIMETextPlain].(string); !strings.HasPrefix(text, "final test accuracy") {
		t.Errorf("the text of the last state is %q", text)
	}
}

// TestLiveViewStates lets time pass between steps.
func TestLiveViewStates(t *testing.T) {
	displays := celltest.InCell(t, func() {
		c := Training()
		c.(*liveView).pace.last = time.Now().Add(-time.Hour)
		h := &trainer.History{Epochs: []trainer.Epoch{{Epoch: 1, Step: 1, TrainAcc: 0.5, TestAcc: 0.4}}}
		e := trainer.Event{Epoch: 1, Epochs: 2, Step: 1500, Steps: 3000, Loss: 0.5, Elapsed: 90 * time.Second, History: h}
		if err := errors.Join(c.EpochEnd(e), c.StepEnd(e)); err != nil {
			t.Error(err)
		}
		display.Settle()
	})
	if len(displays) != 1 {
		t.Fatalf("%d updates; want 1", len(displays))
	}
	if html, _ := displays[0].Data[protocol.MIMETextHTML].(string); strings.Count(html, intoView) != 1 || strings.Index(html, intoView) < strings.Index(html, "</svg>") {
		t.Errorf("the first curve is not scrolled into view: %s", html)
	}
	html := celltest.HTML(t, displays[0], intoView)
	for _, want := range []string{"width:50.0%", "epoch 1 of 2 · step 1,500 of 3,000 · loss 0.5000 · 1 min 30 s left", "에폭 1/2 · 갱신 1,500/3,000 · 손실 0.5000 · 1분 30초 남음", "<svg "} {
		if !strings.Contains(html, want) {
			t.Errorf("the state lacks %q: %s", want, html)
		}
	}
	if strings.Index(html, "<svg ") > strings.Index(html, "width:50.0%") {
		t.Errorf("the state does not stand below the curve: %s", html)
	}
}

// TestStopped says why and where, whether an epoch was measured or not.
func TestStopped(t *testing.T) {
	for _, stop := range []int{0, 7} {
		displays := celltest.InCell(t, func() { follow(t, Training(), stop, context.Canceled) })
		last := celltest.HTML(t, displays[len(displays)-1])
		if !strings.Contains(last, "stopped at step ") || !strings.Contains(last, "context canceled") || strings.Contains(last, "final") {
			t.Errorf("stopped at %d: %s", stop, last)
		}
		if strings.Contains(last, "<img") != (stop > 0) {
			t.Errorf("stopped at %d: a figure without epochs, or none with some: %s", stop, last)
		}
	}
}

// TestProgressBar replays what the bar writes on a line of a terminal, together
// with the trainer's log: log lines must cover the bar.
func TestProgressBar(t *testing.T) {
	var out strings.Builder
	bar := &progressBar{out: &out}
	follow(t, writesLog{bar, &out}, 20, nil)
	screen := replay(out.String())
	want := []string{"=== epoch:1, train acc:0.1, test acc:0.1 ===", "=== epoch:2, train acc:0.1, test acc:0.1 ===", "=== epoch:3, train acc:0.1, test acc:0.1 ===",
		"=== epoch:4, train acc:0.1, test acc:0.1 ===", "final test accuracy 0.8912 · epoch 4: train 0.800, test 0.600 · 20 steps in 14 s",
		"최종 시험 정확도 0.8912 · 에폭 4: 훈련 0.800, 시험 0.600 · 갱신 20번에 14초", ""}
	if strings.Join(screen, "\n") != strings.Join(want, "\n") {
		t.Errorf("the terminal shows\n%s\nwant\n%s", strings.Join(screen, "\n"), strings.Join(want, "\n"))
	}
	for _, step := range []int{0, 1, 999, 10000} {
		e := trainer.Event{Epoch: 100, Epochs: 100, Step: step, Steps: 10000, Elapsed: time.Hour}
		if n := len([]rune(barText(e))); n > lineWidth {
			t.Errorf("the bar is %d columns wide: %q", n, barText(e))
		}
	}
}

// writesLog draws the bar at every step and prints the class's shortest log line at
// every epoch, as the trainer does.
type writesLog struct {
	*progressBar
	log io.Writer
}

func (w writesLog) EpochEnd(e trainer.Event) error {
	_, err := io.WriteString(w.log, "=== epoch:"+string(rune('0'+e.Epoch))+", train acc:0.1, test acc:0.1 ===\n")
	return err
}

func (w writesLog) StepEnd(e trainer.Event) error {
	w.pace.last = time.Time{}
	return w.progressBar.StepEnd(e)
}

// replay returns the lines that a terminal shows after text.
func replay(text string) []string {
	lines, at := [][]rune{nil}, 0
	for _, r := range text {
		last := len(lines) - 1
		switch {
		case r == '\n':
			lines, at = append(lines, nil), 0
		case r == '\r':
			at = 0
		case at < len(lines[last]):
			lines[last][at] = r
			at++
		default:
			lines[last] = append(lines[last], r)
			at++
		}
	}
	shown := make([]string, len(lines))
	for i, line := range lines {
		shown[i] = strings.TrimRight(string(line), " ")
	}
	return shown
}

// TestProgressLines is for log files: a run that takes no time leaves one line in each language.
func TestProgressLines(t *testing.T) {
	var out strings.Builder
	follow(t, &progressLines{out: &out}, 20, nil)
	if got := out.String(); got != "training: final test accuracy 0.8912 · epoch 4: train 0.800, test 0.600 · 20 steps in 14 s\n최종 시험 정확도 0.8912 · 에폭 4: 훈련 0.800, 시험 0.600 · 갱신 20번에 14초\n" {
		t.Errorf("the log has %q", got)
	}
	out.Reset()
	lines := &progressLines{out: &out}
	e := trainer.Event{Epoch: 1, Epochs: 2, Step: 1, Steps: 4, Loss: 2, Elapsed: time.Hour}
	if err := lines.StepEnd(e); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != "training: epoch 1 of 2, step 1 of 4, loss 2.0000, 3 h 00 min left\n" {
		t.Errorf("the log has %q", got)
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "0.0 s", 0: "0.0 s", 420 * time.Millisecond: "0.4 s", 9940 * time.Millisecond: "9.9 s", 9990 * time.Millisecond: "10 s",
		59 * time.Second: "59 s", 59700 * time.Millisecond: "1 min 00 s", 125 * time.Second: "2 min 05 s", 62 * time.Minute: "1 h 02 min",
	} {
		if got := duration(d); got != want {
			t.Errorf("%v is written %q; want %q", d, got, want)
		}
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -100: "-100", -1000: "-1,000"} {
		if got := grouped(n); got != want {
			t.Errorf("%d is written %q; want %q", n, got, want)
		}
	}
}

package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestQuarter is a student's first quarter of an hour: settings of notebook 06 are
// changed, training is interrupted and goes on, sweeps are edited, ten mistakes are
// made, exercises answered wrong and right, the kernel restarted. All of it with mouse
// and keyboard in JupyterLab, on drawn images and one seed.
func TestQuarter(t *testing.T) {
	chromium(t)
	t.Setenv("CONVBOOK_SEEDS", "1")
	notebooks := map[string]string{"mistakes.ipynb": notebook(""), "names.ipynb": notebook("")}
	for _, name := range []string{"00_start_here", "06_train_convnet", "07_assignment", "10_data_augmentation", "12_deep_convnet"} {
		content, err := os.ReadFile(filepath.Join("..", "..", "notebooks", name+".ipynb"))
		if err != nil {
			t.Fatal(err)
		}
		notebooks[name+".ipynb"] = string(content)
	}
	l := startLab(t, copyCourse(t, notebooks))
	for _, part := range []struct {
		name string
		do   func(*page)
	}{
		{"training", (*page).trainingChanged},
		{"curves", (*page).curvesGrow},
		{"mistakes", (*page).mistakesMade},
		{"names", (*page).namesLookedUp},
		{"start", (*page).startedAgain},
		{"augmentation", (*page).augmentationEdited},
		{"depth", (*page).depthEdited},
	} {
		t.Run(part.name, func(t *testing.T) {
			began := time.Now()
			part.do(openPage(t, l))
			t.Logf("%.1f s", time.Since(began).Seconds())
		})
	}
}

// says fails the test where an output does not hold the words.
func (p *page) says(output string, words ...string) {
	p.t.Helper()
	for _, word := range words {
		if !strings.Contains(output, word) {
			p.shot("failed")
			p.t.Errorf("%q is not said in\n%s", word, output)
		}
	}
}

// trained is the accuracy at the end of a training's output.
var trained = regexp.MustCompile(`test\sacc:([0-9.]+)`)

func accuracy(output string) string {
	found := trained.FindAllString(output, -1)
	if len(found) == 0 {
		return ""
	}
	return found[len(found)-1]
}

// grows runs a cell until its output says how far the training is, holds that the curve that grows is in view then, and interrupts it. On
// a quick machine the training may have ended before; its curve is in the same place.
func (p *page) grows(cell int, until string) (output string) {
	p.t.Helper()
	curve, ended := codeCell(cell)+`.querySelector('.jp-OutputArea svg')`, hasEnded(cell)
	p.watch(cell)
	p.run(cell)
	p.wait("the curve grows", 2*time.Minute, curve+" || "+ended)
	p.wait("the curve at "+until, 2*time.Minute, codeCell(cell)+`.querySelector('.jp-OutputArea').innerText.includes(`+quoted(until)+`) || `+ended)
	if share := p.visible(curve + " ?? " + codeCell(cell) + `.querySelector('.jp-OutputArea img.convbook-figure')`); share < 0.9 {
		p.t.Errorf("%.0f %% of the curve of cell %d, which grows, are in view", 100*share, cell)
	}
	p.shot(fmt.Sprintf("grows_%d", cell))
	p.button("interrupt")
	return p.ends(cell, time.Minute)
}

// curvesGrow trains the networks of the assignment, each for a moment.
func (p *page) curvesGrow() {
	p.open("07_assignment.ipynb")
	for _, declares := range []string{"twenty training images", "written =", "numpy holds", "trainA ="} {
		p.runs(p.cell(declares), time.Minute)
	}
	p.grows(p.cell("func learn("), "epoch:2,")
	p.grows(p.cell(`learn("assignment-20000"`), "epoch:2,")
	p.save()
}

// trainingChanged trains the book's network in 06, interrupts it, goes on, and changes
// its settings.
func (p *page) trainingChanged() {
	p.open("06_train_convnet.ipynb")
	cell := p.cell("func learn(")

	// Interrupted, when some epochs are done; the curve is there and can be seen.
	first := p.grows(cell, "epoch:3,")
	p.says(first, "Interrupted. What was trained is kept: run the cell again to continue from there.", "이어서 학습합니다")
	p.shotOf(cell, "interrupted")

	// Going on.
	whole := p.runs(cell, 2*time.Minute)
	p.says(whole, "going on after step", "of 1000", "test acc:", "final test accuracy")
	p.shotOf(cell, "gone_on")

	// The same again is opened, not trained.
	again := p.runs(cell, time.Minute)
	p.says(again, "opened, trained before", "1,000 steps took")
	if accuracy(again) != accuracy(whole) {
		p.t.Errorf("trained to %s, opened as %s", accuracy(whole), accuracy(again))
	}
	p.shotOf(cell, "opened")

	// Changed settings train anew, and say so.
	for _, change := range []struct{ old, new, says string }{
		{"Epochs: 20", "Epochs: 2", "other settings than last time (epochs: 20 before, 2 now"},
		{"FilterNum: 30", "FilterNum: 8", "other settings than last time (network: Conv1 (30 filters 5x5, stride 1, pad 0) before, Conv1 (8 filters 5x5, stride 1, pad 0) now)"},
		{"LR: 0.001", "LR: 0.01", "other settings than last time (optimizer's settings: LR:0.001 before, LR:0.01 now"},
	} {
		p.edit(cell, change.old, change.new)
		out := p.runs(cell, time.Minute)
		p.says(out, change.says, "test acc:", "100 steps in")
		if strings.Contains(out, "opened") || accuracy(out) == accuracy(whole) {
			p.t.Errorf("after %s for %s it is not trained anew:\n%s", change.new, change.old, out)
		}
		p.shotOf(cell, strings.TrimRight(change.old, ": .0123456789"))
	}
	for _, back := range [][2]string{{"LR: 0.01", "LR: 0.001"}, {"FilterNum: 8", "FilterNum: 30"}, {"Epochs: 2", "Epochs: 20"}} {
		p.edit(cell, back[0], back[1])
	}
	back := p.runs(cell, time.Minute)
	p.says(back, "opened, trained before")
	if accuracy(back) != accuracy(whole) {
		p.t.Errorf("trained to %s, back again %s", accuracy(whole), accuracy(back))
	}
	p.shotOf(cell, "back")
	p.grows(p.cell(`learn("book-fashion"`), "epoch:2,")
	p.save()
}

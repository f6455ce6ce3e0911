package browser

import (
	"regexp"
	"strings"
	"time"
)

// changedOnce is how a sweep says that it has trained anew.
const changedOnce = "trained anew, since the training has changed (epochs: "

// sweepEdited changes the number of epochs in a cell with a sweep, as its text asks for,
// and back again. The results are what a pattern finds.
func (p *page) sweepEdited(cell int, name, old, new string, results *regexp.Regexp) {
	p.t.Helper()
	found := func(output string) string { return strings.Join(results.FindAllString(output, -1), "\n") }
	first := p.runs(cell, 2*time.Minute)
	p.says(first, "trials in ")
	if found(first) == "" || strings.Contains(first, changedOnce) {
		p.t.Errorf("%s shows\n%s", name, first)
	}
	p.shotOf(cell, name)
	p.edit(cell, old, new)
	after := p.runs(cell, 2*time.Minute)
	number := func(text string) string { return strings.TrimLeft(text, "Epochs: ") }
	p.says(after, changedOnce+number(old)+" before, "+number(new)+" now)")
	if found(after) == found(first) {
		p.t.Errorf("%s has the results of %s after %s:\n%s", name, old, new, after)
	}
	p.shotOf(cell, name+"_edited")
	again := p.runs(cell, 2*time.Minute)
	p.says(again, "opened, trained before")
	if strings.Contains(again, changedOnce) || strings.Contains(again, "trials in ") || found(again) != found(after) {
		p.t.Errorf("%s, run again, shows\n%s\nand before\n%s", name, again, after)
	}
	p.edit(cell, new, old)
	back := p.runs(cell, 2*time.Minute)
	p.says(back, "opened, trained before")
	if found(back) != found(first) {
		p.t.Errorf("%s, back at %s, shows\n%s\nand at first\n%s", name, old, back, first)
	}
	p.shotOf(cell, name+"_back")
}

// augmentationEdited edits the training of 10.
func (p *page) augmentationEdited() {
	p.open("10_data_augmentation.ipynb")
	p.runs(p.cell("var kinds ="), time.Minute)
	p.runs(p.cell("func reader("), 2*time.Minute)
	cell := p.cell("func trial(")
	p.edit(cell, "Epochs: 30", "Epochs: 2") // for the test to be short
	p.sweepEdited(cell, "augmentation", "Epochs: 2", "Epochs: 3", regexp.MustCompile(`(?m)^(?:shift|noise) .*$`))
	p.save()
}

// depthEdited edits what 12 asks to be edited, the training of garments that begins
// with the layers of digits, answers its exercises and finds that the answers are kept.
func (p *page) depthEdited() {
	p.open("12_deep_convnet.ipynb")
	p.says(p.runs(p.cell("func deep("), time.Minute), "Conv6")
	cell := p.cell("func windows(")
	p.edit(cell, "Epochs: 5", "Epochs: 1")
	p.says(p.runs(cell, 2*time.Minute), "trials in ")
	cell = p.cell("func trained(")
	p.edit(cell, `Open("mnist"))`, `Open("mnist")).Head(3000, 500)`)
	p.grows(cell, "epoch 1 of 3")
	p.says(p.runs(cell, 2*time.Minute), "final test accuracy")
	p.runs(p.cell("func opened("), time.Minute)
	cell = p.cell("func transfer(")
	p.edit(cell, "Epochs: 8", "Epochs: 1")
	p.sweepEdited(cell, "transfer", "Epochs: 1", "Epochs: 2", regexp.MustCompile(`(?m)^(?:all|head)\s.*$`))

	number, function := p.cell("var weights = exercise.NotYet"), p.cell("func myDropoutBackward(")
	p.edit(number, "exercise.NotYet", "32*32*3*3")
	p.says(p.runs(number, time.Minute), "✗", "one bias for each filter is missing", "편향이 빠졌습니다")
	p.edit(number, "32*32*3*3", "32*32*3*3 + 32")
	p.says(p.runs(number, time.Minute), "✓")

	p.says(p.runs(function, time.Minute), "✗")
	p.edit(function, "return nil // your code", "return dout")
	wrong := p.runs(function, time.Minute)
	p.says(wrong, "✗", "Hint: everything passes: multiply dout by the mask", "힌트: 모두 지나갑니다")
	p.shotOf(function, "wrong")
	p.edit(function, "return dout", "dx := dout.Clone()")
	for _, line := range []string{"for i, draw := range draws.Data() {", "if draw <= ratio {", "dx.Data()[i] = 0", "}", "}", "return dx"} {
		p.types("\n" + line)
	}
	p.says(p.runs(function, time.Minute), "✓")
	p.shotOf(function, "right")

	p.save()
	p.open("12_deep_convnet.ipynb")
	if kept := p.source(p.cell("func myDropoutBackward(")); !strings.Contains(kept, "if draw <= ratio {") {
		p.t.Errorf("the answer is not kept:\n%s", kept)
	}
	for name, cell := range map[string]int{"number_kept": number, "function_kept": function} {
		p.finds(cell, "✓")
		p.shot(name)
	}
}

// Package lesson holds what the course asks of its notebooks: that every exercise
// has a solution, that cells show their figures, and that the accuracies a notebook
// speaks of come out as it says.
//
// A cell says what is asked of it in its metadata:
//
//	{"tags": ["exercise"]}     a skeleton for the student; the Markdown cell after
//	                           it has the tag "solution" and one ```go block, which
//	                           is the whole cell, solved
//	{"convbook": {"figures": 2, "bands": [{"pattern": "test acc:([0-9.]+)",
//	  "low": 0.8, "high": 0.9, "stand_in_low": 0.7, "stand_in_high": 1}]}}
//
// The last number that a pattern's first group matches in what the cell prints must
// lie in the band; on drawn stand-in images in the band for those, if there is one.
// "stand_in_figures" is how many figures there are at least on those, where that is
// not the same.
package lesson

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"convbook/kernel/internal/notebook"
)

// asked is what a cell's metadata asks of it.
type asked struct {
	Figures        int    `json:"figures"`
	StandInFigures *int   `json:"stand_in_figures"`
	Bands          []band `json:"bands"`
}

type band struct {
	Pattern     string  `json:"pattern"`
	Low         float64 `json:"low"`
	High        float64 `json:"high"`
	StandInLow  float64 `json:"stand_in_low"`
	StandInHigh float64 `json:"stand_in_high"`
}

// Check compares the outputs of an executed notebook with what its cells ask for.
// The error lists every cell that falls short.
func Check(nb *notebook.Notebook) error {
	standIn := onStandIn(nb)
	var short []error
	for _, c := range nb.Cells {
		var a asked
		if !c.Metadata("convbook", &a) {
			continue
		}
		want := a.Figures
		if standIn && a.StandInFigures != nil {
			want = *a.StandInFigures
		}
		if n := figures(c); n < want {
			short = append(short, fmt.Errorf("cell [%d] shows %d of %d figures", c.ExecutionCount, n, want))
		}
		for _, b := range a.Bands {
			if err := b.check(printed(c), standIn); err != nil {
				short = append(short, fmt.Errorf("cell [%d] %w", c.ExecutionCount, err))
			}
		}
	}
	return errors.Join(short...)
}

// onStandIn reports whether the notebook ran on images that the program drew: outputs
// of such programs are marked in their metadata. (package display)
func onStandIn(nb *notebook.Notebook) bool {
	for _, c := range nb.Cells {
		for _, o := range c.Outputs {
			metadata, _ := o["metadata"].(map[string]any)
			ours, _ := metadata["convbook"].(map[string]any)
			if ours["stand_in"] == true {
				return true
			}
		}
	}
	return false
}

func (b band) check(text string, standIn bool) error {
	low, high := b.Low, b.High
	if standIn {
		if low, high = b.StandInLow, b.StandInHigh; low == 0 && high == 0 {
			return nil
		}
	}
	pattern, err := regexp.Compile(b.Pattern)
	if err != nil || pattern.NumSubexp() < 1 {
		return fmt.Errorf("asks for %q, which is no pattern with a group", b.Pattern)
	}
	found := pattern.FindAllStringSubmatch(text, -1)
	if len(found) == 0 {
		return fmt.Errorf("prints nothing like %q", b.Pattern)
	}
	number := found[len(found)-1][1]
	if v, err := strconv.ParseFloat(number, 64); err != nil || !(v >= low && v <= high) {
		return fmt.Errorf("has %s, want a number from %v to %v", found[len(found)-1][0], low, high)
	}
	return nil
}

// figures counts the pictures among a cell's outputs.
func figures(c *notebook.Cell) int {
	n := 0
	for _, o := range c.Outputs {
		data, _ := o["data"].(map[string]any)
		for media, value := range data {
			text, _ := value.(string)
			switch {
			case strings.HasPrefix(media, "image/"):
				n++
			case media == "text/html":
				n += strings.Count(text, "<img ") + strings.Count(text, "<svg ")
			}
		}
	}
	return n
}

// printed is the text of a cell's outputs.
func printed(c *notebook.Cell) string {
	var b strings.Builder
	for _, o := range c.Outputs {
		if text, ok := o["text"].(string); ok {
			b.WriteString(text)
		}
		data, _ := o["data"].(map[string]any)
		if text, ok := data["text/plain"].(string); ok {
			b.WriteString(text + "\n")
		}
	}
	return b.String()
}

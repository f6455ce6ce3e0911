package figure

import (
	"slices"
	"strings"

	"convbook/pkg/internal/bilingual"
)

// Colors gives names their colours in Curves: the first name the first colour, and so on, so that
// one thing has one colour in all figures that are given the same list. Names that are not in
// it have the colours after those. A name is its English part. Without it, curves of training have the
// first colour and those of a test the second, and the others those that are left, in their order.
func Colors(names ...string) Option {
	return func(o *options) {
		o.colors = nil
		for _, name := range names {
			o.colors = append(o.colors, bilingual.Of(name).English)
		}
	}
}

// places returns which colour each of the names has.
func (o *options) places(names []string) []int {
	places, taken := make([]int, len(names)), map[int]bool{}
	for i, name := range names {
		places[i] = o.own(bilingual.Of(name).English)
		taken[places[i]] = true
	}
	next := len(o.colors)
	for i := range places {
		if places[i] >= 0 {
			continue
		}
		for taken[next] {
			next++
		}
		places[i] = next
		next++
	}
	return places
}

// own is the place of a name that has one, else -1.
func (o *options) own(name string) int {
	if o.colors != nil {
		return slices.Index(o.colors, name)
	}
	switch strings.ToLower(name) {
	case "train", "training", "training images", "training accuracy", "training loss":
		return 0
	case "test", "test images", "test accuracy", "test loss":
		return 1
	}
	return -1
}

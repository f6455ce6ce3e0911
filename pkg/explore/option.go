package explore

import (
	"convbook/pkg/figure"
	"convbook/pkg/internal/bilingual"
)

// Option changes a figure.
type Option func(*options)

type options struct {
	still   []figure.Option
	classes []string
	bytes   int
}

func optionsOf(opts []Option) options {
	o := options{bytes: standardBytes}
	for _, opt := range opts {
		opt(&o)
	}
	return o
}

// Title sets the title above the figure and its still figure. "In English · 한국어" is in both languages.
func Title(title string) Option { return Still(figure.Title(title)) }

// StandIn marks a figure whose data is a stand-in for the real data set.
func StandIn(standIn bool) Option { return Still(figure.StandIn(standIn)) }

// Still gives options to the still figure.
func Still(opts ...figure.Option) Option {
	return func(o *options) { o.still = append(o.still, opts...) }
}

// Classes gives the classes of a network their names, in both languages as in Title. Without them they have numbers.
func Classes(names ...string) Option { return func(o *options) { o.classes = names } }

// classNames are the names of the classes in both languages, as JSON.
func (o *options) classNames() string {
	names := make([]string, len(o.classes))
	for i, name := range o.classes {
		names[i] = quoted(bilingual.Of(name).String())
	}
	return list(names)
}

// Bytes sets how large a figure of a network may be in the notebook. Weights are kept in 16 bits; where that is too
// much, those of the largest layers are rounded to larger steps, and the figure says to which. Without it the limit is
// 490,000.
func Bytes(bytes int) Option { return func(o *options) { o.bytes = bytes } }

const standardBytes = 490_000

package session

import (
	"slices"

	"convbook/pkg/playground/internal/described"
)

// plan returns the network that the settings ask for.
func (c Settings) plan(input []int, classes int) described.Network {
	net := described.Network{Input: input}
	add := func(kind string, numbers ...int) { net.Parts = append(net.Parts, part(kind, numbers...)) }
	for _, filters := range c.Filters {
		add("Conv", filters, c.Size, 1, c.Pad)
		add(kindOf[c.Activation])
		if c.Pool > 1 {
			add("Pool", c.Pool, c.Pool)
		}
	}
	add("Affine", c.Hidden)
	add(kindOf[c.Activation])
	if c.Dropout > 0 {
		net.Parts = append(net.Parts, dropout(c.Dropout))
	}
	add("Affine", classes)
	return net
}

var kindOf = map[string]string{"relu": "Relu", "sigmoid": "Sigmoid"}

func part(kind string, numbers ...int) described.Part {
	p := described.Part{Kind: kind}
	for _, n := range numbers {
		p.Numbers = append(p.Numbers, float64(n))
	}
	return p
}

func dropout(ratio float64) described.Part {
	return described.Part{Kind: "Dropout", Numbers: []float64{ratio}}
}

// of returns the settings that make a network, false where none do.
func (c Settings) of(net described.Network, classes int) (Settings, bool) {
	c.Filters, c.Hidden, c.Pool, c.Dropout = nil, 0, 1, 0
	for _, p := range net.Parts {
		n := func(i int) int { return int(p.Numbers[i]) }
		switch p.Kind {
		case "Conv":
			c.Filters, c.Size, c.Pad = append(c.Filters, n(0)), n(1), n(3)
		case "Pool":
			c.Pool = n(0)
		case "Affine":
			if c.Hidden == 0 {
				c.Hidden = n(0)
			}
		case "Dropout":
			c.Dropout = p.Numbers[0]
		case "Relu":
			c.Activation = "relu"
		case "Sigmoid":
			c.Activation = "sigmoid"
		}
	}
	within := len(c.Filters) >= 1 && len(c.Filters) <= mostConvolutions && slices.Max(c.Filters) <= mostFilters && c.Size <= mostSize && c.Pad <= mostPad && c.Pool <= mostPool && c.Hidden <= mostHidden
	return c, within && c.plan(net.Input, classes).String() == net.String()
}

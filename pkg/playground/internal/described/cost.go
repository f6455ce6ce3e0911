package described

import (
	"fmt"
	"slices"

	"convbook/pkg/internal/shapes"
)

// Cost is what a network costs that is only described.
type Cost struct {
	Output     []int   // shape of what it gives for one sample
	Parameters float64 // numbers that it learns
	Products   float64 // of a sample, forward
	Layers     int     // those of blocks one by one, and where each block ends
}

// Cost returns what the network would cost, without building it: a line of a file that nobody knows may describe a network larger
// than the memory. It returns an error, with both shapes, where a part does not fit behind the one before it.
func (d Network) Cost() (Cost, error) {
	var c Cost
	var err error
	c.Output, err = c.row(d.Parts, d.Input)
	return c, err
}

// row adds parts that follow each other, and returns the shape behind them.
func (c *Cost) row(parts []Part, shape []int) ([]int, error) {
	for _, d := range parts {
		c.Layers++
		var err error
		if shape, err = c.part(d, slices.Clone(shape)); err != nil {
			return nil, err
		}
		if n := product(shape); !(n >= 1 && n <= largestLayer) {
			return nil, fmt.Errorf("%s gives %s, want 1 to %d values", d.Kind, shapes.Text(shape), largestLayer)
		}
	}
	return shape, nil
}

func (c *Cost) part(d Part, in []int) ([]int, error) {
	n := func(i int) int { return int(d.Numbers[i]) }
	if len(in) != 3 && slices.Contains([]string{"Conv", "Pool", "MaxPool", "AveragePool", "Branches"}, d.Kind) {
		return nil, fmt.Errorf("%s gets samples of shape %s, want (C, H, W)", d.Kind, shapes.Text(in))
	}
	switch d.Kind {
	case "Conv":
		out, err := windowed(d.Kind, in, n(0), n(1), n(2), n(3))
		if err != nil {
			return nil, err
		}
		weights := float64(n(0)) * float64(in[0]) * d.Numbers[1] * d.Numbers[1]
		c.Parameters += weights + d.Numbers[0]
		c.Products += weights * float64(out[1]) * float64(out[2])
		return out, nil
	case "Pool", "AveragePool":
		return windowed(d.Kind, in, in[0], n(0), n(1), 0)
	case "MaxPool":
		return windowed(d.Kind, in, in[0], n(0), n(1), n(2))
	case "Affine":
		weights := product(in) * d.Numbers[0]
		c.Parameters += weights + d.Numbers[0]
		c.Products += weights
		return []int{n(0)}, nil
	case "BatchNorm":
		c.Parameters += 2 * product(in)
	case "BatchNormPerChannel":
		c.Parameters += 2 * float64(in[0])
	case "Residual", "Shortcut", "Branches":
		return c.block(d, in)
	}
	return in, nil
}

func (c *Cost) block(d Part, in []int) ([]int, error) {
	ends := [][]int{}
	if d.Kind == "Residual" {
		ends = append(ends, in)
	}
	for _, row := range d.Rows {
		out, err := c.row(row, in)
		if err != nil {
			return nil, err
		}
		ends = append(ends, out)
	}
	for _, end := range ends {
		if fits := slices.Equal(end, ends[0]) || d.Kind == "Branches" && len(end) == 3 && slices.Equal(end[1:], ends[0][1:]); !fits {
			return nil, fmt.Errorf("%s joins %s and %s", d.Kind, shapes.Text(ends[0]), shapes.Text(end))
		}
	}
	out := slices.Clone(ends[0])
	if d.Kind == "Branches" {
		for _, end := range ends[1:] {
			out[0] += end[0]
		}
	}
	return out, nil
}

// windowed returns the shape that windows of a size make of in.
func windowed(kind string, in []int, channels, size, stride, pad int) ([]int, error) {
	if tall, broad := in[1]+2*pad, in[2]+2*pad; tall < size || broad < size {
		return nil, fmt.Errorf("%s has windows of (%d, %d), larger than what comes in, %s with padding %d", kind, size, size, shapes.Text(in), pad)
	}
	return []int{channels, (in[1]+2*pad-size)/stride + 1, (in[2]+2*pad-size)/stride + 1}, nil
}

// product is how many values a shape has, of any size.
func product(shape []int) float64 {
	n := 1.0
	for _, length := range shape {
		n *= float64(length)
	}
	return n
}

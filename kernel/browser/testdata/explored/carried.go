package main

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"io"
	"log"
	"regexp"
	"slices"

	"convbook/pkg/display"
	"convbook/pkg/explore"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// carriedHead is what a figure of a network says before its numbers.
type carriedHead struct {
	Floats int
	Layers []carriedLayer
	Arrays []struct {
		Count, Low int
		Step       float64
	}
}

type carriedLayer struct {
	Kind                                string
	Window                              [2]int
	Stride, Pad, Filters, Units, Arrays int
	From                                []int
}

func html(f *explore.Figure) string { return f.Around(string(display.Picture(f.Still()))) }

// carried reads the weights that a figure of a network carries, by a reader of its own.
func carried(f *explore.Figure) (head carriedHead, arrays [][]float64) {
	packed, err := base64.StdEncoding.DecodeString(regexp.MustCompile(`data-values="([^"]*)"`).FindStringSubmatch(html(f))[1])
	if err != nil {
		log.Fatal(err)
	}
	all, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil {
		log.Fatal(err)
	}
	length := binary.LittleEndian.Uint32(all)
	if err := json.Unmarshal(all[4:4+length], &head); err != nil {
		log.Fatal(err)
	}
	rest := all[4+int(length)+4*head.Floats:]
	for _, a := range head.Arrays {
		values := make([]float64, a.Count)
		for i := range values {
			low := 0
			for bit := range a.Low {
				place := i*a.Low + bit
				low |= int(rest[a.Count+place/8]) >> (place % 8) & 1 << bit
			}
			values[i] = float64(int(int8(rest[i]))<<a.Low+low) * a.Step
		}
		arrays = append(arrays, values)
		rest = rest[a.Count+(a.Count*a.Low+7)/8:]
	}
	return head, arrays
}

// scaled multiplies and adds, for one value, a channel, or all.
type scaled struct{ w, b []float64 }

func (l scaled) factor(x *ndarray.Array[float64], i int) int {
	switch i %= x.Size() / x.Dim(0); len(l.w) {
	case 1:
		return 0
	case x.Size() / x.Dim(0):
		return i
	}
	return i / (x.Dim(2) * x.Dim(3))
}

func (scaled) Name() string               { return "scale" }
func (scaled) OutputShape(in []int) []int { return in }
func (l scaled) Forward(x *ndarray.Array[float64], _ bool) *ndarray.Array[float64] {
	y := x.Clone()
	for i := range y.Data() {
		y.Data()[i] = y.Data()[i]*l.w[l.factor(x, i)] + l.b[l.factor(x, i)]
	}
	return y
}
func (l scaled) Backward(d *ndarray.Array[float64]) *ndarray.Array[float64] {
	return scaled{l.w, make([]float64, len(l.w))}.Forward(d, false)
}

// layer makes the layer of pkg/layers.
func (c carriedLayer) layer(arrays [][]float64, in []int) layers.Layer[float64] {
	array := func(i int, shape ...int) *ndarray.Array[float64] {
		return ndarray.FromSlice(slices.Clone(arrays[i]), shape...)
	}
	switch c.Kind {
	case "conv":
		return layers.NewConvolution(array(c.Arrays, c.Filters, in[0], c.Window[0], c.Window[1]), array(c.Arrays+1, c.Filters), c.Stride, c.Pad)
	case "pool":
		return layers.NewPooling[float64](c.Window[0], c.Window[1], c.Stride, c.Pad)
	case "average":
		return layers.NewAveragePooling[float64](c.Window[0], c.Window[1], c.Stride, c.Pad)
	case "affine":
		return layers.NewAffine(array(c.Arrays, len(arrays[c.Arrays])/c.Units, c.Units), array(c.Arrays+1, c.Units))
	case "sigmoid":
		return layers.NewSigmoid[float64]()
	case "scale":
		return scaled{arrays[c.Arrays], arrays[c.Arrays+1]}
	}
	return layers.NewRelu[float64]()
}

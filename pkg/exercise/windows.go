package exercise

import (
	"fmt"
	"sort"

	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// window is a case of an exercise about windows on images.
type window struct{ n, c, h, w, fh, fw, stride, pad int }

func (v window) out() (oh, ow int) {
	return layers.OutSize(v.h, v.fh, v.stride, v.pad), layers.OutSize(v.w, v.fw, v.stride, v.pad)
}

func (v window) about() string {
	return fmt.Sprintf("window %d x %d, stride %d, pad %d", v.fh, v.fw, v.stride, v.pad)
}

// windows are all small cases whose window fits, the smallest first, and a few larger
// ones in which mistakes differ.
func windows() []window {
	var all []window
	for n := 1; n <= 2; n++ {
		for c := 1; c <= 2; c++ {
			for h := 1; h <= 4; h++ {
				for w := 1; w <= 4; w++ {
					for fh := 1; fh <= 3; fh++ {
						for fw := 1; fw <= 3; fw++ {
							for stride := 1; stride <= 2; stride++ {
								for pad := 0; pad <= 1; pad++ {
									v := window{n, c, h, w, fh, fw, stride, pad}
									if oh, ow := v.out(); oh > 0 && ow > 0 {
										all = append(all, v)
									}
								}
							}
						}
					}
				}
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].size() < all[j].size() })
	return append(all, window{3, 3, 7, 6, 3, 2, 2, 1}, window{2, 3, 7, 9, 5, 4, 3, 2}, window{10, 3, 7, 7, 5, 5, 1, 0})
}

// size orders cases by how much there is to read: values, and whatever is out of the
// ordinary.
func (v window) size() int {
	return 8*v.n*v.c*v.h*v.w + 2*v.fh*v.fw + v.stride + 2*v.pad
}

// slip is a usual mistake in a loop over windows.
type slip int

const (
	correct      slip = iota
	padForgotten      // as if the pad were 0
	notShifted        // the windows begin at the first pixel, not pad before it
	strideForgotten
	rowsSwapped    // the windows of a column follow each other
	channelsLast   // the channels of a pixel beside each other
	filterSwapped  // the columns of the window before its rows
	firstImageOnly // what the first image has, for all
	pixelsSwapped  // row and column of the image
	padOnOneSide   // in the size of the output
	oneTooFew      // in the size of the output
)

// rows is im2col with one slip, or unfit where the window no longer fits.
func rows(x *Array, v window, s slip) *Array {
	if s == padForgotten {
		v.pad = 0
	}
	oh, ow := v.out()
	switch s {
	case padOnOneSide:
		oh, ow = (v.h+v.pad-v.fh+v.stride)/v.stride, (v.w+v.pad-v.fw+v.stride)/v.stride
	case oneTooFew:
		oh, ow = oh-1, ow-1
	}
	if oh <= 0 || ow <= 0 {
		return unfit
	}
	step, shift := v.stride, v.pad
	if s == strideForgotten {
		step = 1
	}
	if s == notShifted {
		shift = 0
	}
	col := ndarray.Zeros[float64](v.n*oh*ow, v.c*v.fh*v.fw)
	for n := range v.n {
		for y := range oh {
			for z := range ow {
				row := (n*oh+y)*ow + z
				if s == rowsSwapped {
					row = (n*ow+z)*oh + y
				}
				for c := range v.c {
					for fy := range v.fh {
						for fx := range v.fw {
							at := (c*v.fh+fy)*v.fw + fx
							switch s {
							case channelsLast:
								at = (fy*v.fw+fx)*v.c + c
							case filterSwapped:
								at = (c*v.fw+fx)*v.fh + fy
							}
							image := n
							if s == firstImageOnly {
								image = 0
							}
							i, j := y*step+fy-shift, z*step+fx-shift
							if s == pixelsSwapped {
								i, j = j, i
							}
							if i >= 0 && i < v.h && j >= 0 && j < v.w {
								col.Set(x.At(image, c, i, j), row, at)
							}
						}
					}
				}
			}
		}
	}
	return col
}

// different is nil unless wrong differs from want: then the mistake shows.
func different(wrong, want *Array) *Array {
	if wrong == nil || right(wrong, want) {
		return nil
	}
	return wrong
}

package exercise

import (
	"fmt"
	"sort"

	"convbook/pkg/layers"
)

// window is a case of an exercise about windows on images.
type window struct{ n, c, h, w, fh, fw, stride, pad int }

func (v window) out() (oh, ow int) {
	return layers.OutSize(v.h, v.fh, v.stride, v.pad), layers.OutSize(v.w, v.fw, v.stride, v.pad)
}

func (v window) about() string {
	return fmt.Sprintf("window %d x %d, stride %d, pad %d", v.fh, v.fw, v.stride, v.pad)
}

// windows are the small cases whose window fits, the smallest first: all of the very
// smallest, then one in every few, and some larger ones in which slips differ.
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
	var some []window
	for i, v := range all {
		if i < 60 || i%7 == 0 {
			some = append(some, v)
		}
	}
	return append(some, window{2, 1, 5, 4, 2, 2, 1, 0}, window{1, 2, 6, 5, 3, 3, 2, 0}, window{2, 2, 5, 7, 2, 3, 3, 0},
		window{3, 3, 7, 6, 3, 2, 2, 1}, window{2, 3, 7, 9, 5, 4, 3, 2}, window{10, 3, 7, 7, 5, 5, 1, 0})
}

// size orders cases by how much there is to read: values, and whatever is out of the
// ordinary.
func (v window) size() int {
	return 8*v.n*v.c*v.h*v.w + 2*v.fh*v.fw + v.stride + 2*v.pad
}

// windowTraits are what cases of windows have in common, of a case that has a window.
func windowTraits[C any](of func(C) window) []trait[C] {
	has := func(test func(window) bool) func(C) bool { return func(c C) bool { return test(of(c)) } }
	return []trait[C]{
		{has(func(v window) bool { return v.pad > 0 }), both{"the pad is not 0", "pad가 0이 아닌"}},
		{has(func(v window) bool { return v.stride > 1 }), both{"the stride is above 1", "stride가 1보다 큰"}},
		{has(func(v window) bool { return v.n > 1 }), both{"there is more than one image in the batch", "배치에 이미지가 둘 이상인"}},
		{has(func(v window) bool { return v.c > 1 }), both{"there is more than one channel", "채널이 둘 이상인"}},
		{has(func(v window) bool { return v.h != v.w }), both{"the image is not square (are height and width swapped, or is one side used for both?)", "이미지가 정사각형이 아닌(높이와 너비가 뒤바뀌었거나 한쪽만 쓰지 않았나요?)"}},
		{has(func(v window) bool { return v.fh != v.fw }), both{"the window is not square (are its height and width swapped, or is one side used for both?)", "윈도가 정사각형이 아닌(윈도의 높이와 너비가 뒤바뀌었거나 한쪽만 쓰지 않았나요?)"}},
		{has(func(v window) bool { oh, ow := v.out(); return oh != ow }), both{"the output is not square (are its height OH and width OW swapped, or is one side used for both?)", "출력이 정사각형이 아닌(OH와 OW가 뒤바뀌었거나 한쪽만 쓰지 않았나요?)"}},
		{has(func(v window) bool { return v.stride < max(v.fh, v.fw) }), both{"windows overlap, so that a pixel is in several of them", "윈도가 겹쳐서 한 픽셀이 여러 윈도에 들어가는"}},
		{has(func(v window) bool { return v.fh*v.fw > 1 }), both{"the window is larger than 1 x 1", "윈도가 1 x 1보다 큰"}},
		{has(func(v window) bool { oh, ow := v.out(); return oh*ow > 1 }), both{"there is more than one window in an image", "한 이미지에 윈도가 둘 이상인"}},
		{has(func(v window) bool {
			return (v.h+2*v.pad-v.fh)%v.stride > 0 || (v.w+2*v.pad-v.fw)%v.stride > 0
		}), both{"the stride leaves pixels over at the edge", "stride 때문에 가장자리 픽셀이 남는"}},
	}
}

// windowProbes change one setting of a window at a time.
func windowProbes[C any](with func(C, func(*window)) C) []probe[C] {
	change := func(f func(*window)) func(C) (C, bool) {
		return func(c C) (C, bool) {
			changed := true
			d := with(c, func(v *window) {
				before := *v
				f(v)
				oh, ow := v.out()
				changed = *v != before && oh > 0 && ow > 0
			})
			return d, changed
		}
	}
	return []probe[C]{
		{change(func(v *window) { v.stride = 3 - min(v.stride, 2) }), "stride"},
		{change(func(v *window) { v.pad++ }), "pad"},
	}
}

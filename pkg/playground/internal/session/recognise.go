package session

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// read tells from the shapes of parameters what network they are of: W1 (FN, C, FH, FW) and so on for the convolutions, then
// two affine layers. Padding and pooling stand in no file: they are those of the settings if the first affine layer's
// inputs bear them out, else the first that do. assumed are the names of the settings that no shape tells.
func (c Settings) read(arrays map[string]*ndarray.Array[float32], height, width, classes int) (read Settings, assumed []string, err error) {
	for _, name := range slices.Sorted(maps.Keys(arrays)) {
		for _, v := range arrays[name].Data() {
			if v-v != 0 { // NaN and the infinities
				return c, nil, fault{fmt.Sprintf("%s holds %v: the training that saved it had diverged; train anew with a smaller learning rate", name, v),
					fmt.Sprintf("%s에 %v이(가) 있습니다. 발산한 학습의 가중치입니다. 더 작은 학습률로 다시 학습시키세요", name, v)}
			}
		}
	}
	convolutions := 0
	for arrays[fmt.Sprint("W", convolutions+1)] != nil && arrays[fmt.Sprint("W", convolutions+1)].NDim() == 4 {
		convolutions++
	}
	other := func(why, korean string) error {
		return fault{
			fmt.Sprintf("this file holds %s; here 1 to %d convolutions and two affine layers are trained: %s", listed(arrays), mostConvolutions, why),
			fmt.Sprintf("이 파일에는 %s이(가) 있습니다. 여기서는 합성곱 층 1~%d개와 Affine 층 2개만 학습합니다: %s", listed(arrays), mostConvolutions, korean),
		}
	}
	hidden, scores := arrays[fmt.Sprint("W", convolutions+1)], arrays[fmt.Sprint("W", convolutions+2)]
	if convolutions < 1 || convolutions > mostConvolutions || len(arrays) != 2*(convolutions+2) || hidden == nil || scores == nil || hidden.NDim() != 2 || scores.NDim() != 2 {
		return c, nil, other("these are of another network", "다른 신경망의 가중치입니다")
	}
	if scores.Dim(1) != classes {
		return c, nil, other(fmt.Sprintf("the last layer has %d classes, the images %d", scores.Dim(1), classes), fmt.Sprintf("마지막 층의 클래스는 %d개, 이미지의 클래스는 %d개입니다", scores.Dim(1), classes))
	}
	c.Filters, c.Size, c.Hidden = make([]int, convolutions), arrays["W1"].Dim(2), hidden.Dim(1)
	for i := range c.Filters {
		w := arrays[fmt.Sprint("W", i+1)]
		if c.Filters[i] = w.Dim(0); w.Dim(2) != c.Size || w.Dim(3) != c.Size {
			return c, nil, other("all filters must be square and of one size", "필터는 모두 같은 크기의 정사각형이어야 합니다")
		}
	}
	if c.Size < 1 || c.Size > mostSize || slices.Max(c.Filters) > mostFilters || slices.Min(c.Filters) < 1 || c.Hidden < 1 || c.Hidden > mostHidden {
		return c, nil, other(fmt.Sprintf("of at most %d filters of at most %dx%d and %d hidden neurons", mostFilters, mostSize, mostSize, mostHidden),
			fmt.Sprintf("필터는 %d개, %dx%d까지, 은닉층 뉴런은 %d개까지입니다", mostFilters, mostSize, mostSize, mostHidden))
	}
	for _, way := range c.ways() {
		c.Pad, c.Pool = way[0], way[1]
		if tall, broad := c.left(height, width); tall > 0 && broad > 0 && c.Filters[convolutions-1]*tall*broad == hidden.Dim(0) {
			return c, []string{"activation", "dropout", "pad", "pool"}, c.fits(height, width, classes)
		}
	}
	return c, nil, other(fmt.Sprintf("no padding and pooling leads from images of (%d, %d) to the %d inputs of the first affine layer", height, width, hidden.Dim(0)),
		fmt.Sprintf("(%d, %d) 이미지에서 첫 Affine 층의 입력 %d개가 되는 패딩과 풀링이 없습니다", height, width, hidden.Dim(0)))
}

// ways are the paddings and poolings that may be meant, the likeliest first.
func (c Settings) ways() [][2]int {
	ways := [][2]int{{c.Pad, c.Pool}, {0, 2}, {(c.Size - 1) / 2, 2}}
	for pool := 1; pool <= mostPool; pool++ {
		for pad := 0; pad <= mostPad; pad++ {
			ways = append(ways, [2]int{pad, pool})
		}
	}
	return ways
}

// left returns the height and width of the maps that the first affine layer gets, 0 where nothing is left.
func (c Settings) left(height, width int) (int, int) {
	for range c.Filters {
		height, width = height+2*c.Pad-c.Size+1, width+2*c.Pad-c.Size+1
		if height < c.Pool || width < c.Pool {
			return 0, 0
		}
		height, width = (height-c.Pool)/c.Pool+1, (width-c.Pool)/c.Pool+1
	}
	return height, width
}

// listed says what arrays there are, in a few words.
func listed(arrays map[string]*ndarray.Array[float32]) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(arrays)) {
		if len(all) == 6 {
			return strings.Join(all, ", ") + fmt.Sprintf(", … (%d arrays)", len(arrays))
		}
		if letters := []rune(name); len(letters) > 30 {
			name = string(letters[:30]) + "…"
		}
		all = append(all, fmt.Sprintf("%s %s", name, shapes.Text(arrays[name].Shape())))
	}
	if len(all) == 0 {
		return "no arrays"
	}
	return strings.Join(all, ", ")
}

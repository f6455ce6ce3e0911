package session

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
	"convbook/pkg/playground/internal/described"
)

// numbered is the name of a parameter: W1.
func numbered(kind string, n int) string { return fmt.Sprint(kind, n) }

// checkFinite returns an error for weights of a training that has diverged.
func checkFinite(arrays map[string]*ndarray.Array[float32]) error {
	for _, name := range slices.Sorted(maps.Keys(arrays)) {
		for _, v := range arrays[name].Data() {
			if v-v != 0 { // NaN and the infinities
				return fault{fmt.Sprintf("%s holds %v: the training that saved it had diverged; train anew with a smaller learning rate", name, v),
					fmt.Sprintf("%s에 %v이(가) 있습니다. 발산한 학습의 가중치입니다. 더 작은 학습률로 다시 학습시키세요", name, v)}
			}
		}
	}
	return nil
}

// unknown is the error for a file whose network cannot be told.
func unknown(arrays map[string]*ndarray.Array[float32], why, korean string) error {
	return fault{
		fmt.Sprintf("this file holds %s: %s. Shapes tell convolutions of square filters that follow each other, with batch normalisation or without, and then affine layers; all others load when they are saved by params.Save(…, params.Network(net.Description()))",
			listed(arrays), why),
		fmt.Sprintf("이 파일에는 %s이(가) 있습니다: %s. 형상만으로는 정사각형 필터의 합성곱 층들(배치 정규화 포함)과 Affine 층이 이어진 신경망만 알 수 있습니다. 다른 신경망은 params.Save(…, params.Network(net.Description()))로 저장하면 읽습니다",
			listed(arrays), korean),
	}
}

// stack are the shapes of a network's parameters, whose layers follow each other.
type stack struct {
	convolutions [][]int // (FN, C, FH, FW)
	affines      [][]int // (inputs, outputs)
	norms        []int   // sizes of gammas
}

// stackOf reads the names and shapes of parameters. Nothing else than names of the class's may be there.
func stackOf(arrays map[string]*ndarray.Array[float32]) (s stack, err error) {
	none := func(why, korean string) (stack, error) { return stack{}, unknown(arrays, why, korean) }
	weights, others := 0, 0
	for arrays[numbered("W", weights+1)] != nil {
		weights++
		w, b := arrays[numbered("W", weights)], arrays[numbered("b", weights)]
		switch {
		case w.NDim() == 4 && len(s.affines) == 0:
			if s.convolutions = append(s.convolutions, w.Shape()); w.Dim(2) != w.Dim(3) || w.Size() == 0 {
				return none("all filters must be square", "필터는 모두 정사각형이어야 합니다")
			}
			if before := len(s.convolutions) - 2; before >= 0 && s.convolutions[before][0] != w.Dim(1) {
				return none(fmt.Sprintf("W%d does not follow W%d, so it has branches", weights, weights-1), fmt.Sprintf("W%d이(가) W%d에 이어지지 않아 갈래가 있는 신경망입니다", weights, weights-1))
			}
		case w.NDim() == 2:
			if before := len(s.affines) - 1; before >= 0 && s.affines[before][1] != w.Dim(0) || w.Size() == 0 {
				return none("the affine layers do not follow each other", "Affine 층이 서로 이어지지 않습니다")
			}
			s.affines = append(s.affines, w.Shape())
		default:
			return none("these are of another network", "다른 신경망의 가중치입니다")
		}
		if b != nil {
			others++
		}
	}
	for gamma := arrays["gamma1"]; gamma != nil; gamma = arrays[numbered("gamma", len(s.norms)+1)] {
		s.norms = append(s.norms, gamma.Size())
		for _, kind := range []string{"gamma", "beta", "running_mean", "running_var"} {
			if arrays[numbered(kind, len(s.norms))] != nil {
				others++
			}
		}
	}
	if len(s.convolutions) == 0 || len(s.affines) == 0 || others != weights+4*len(s.norms) && others != weights+2*len(s.norms) || weights+others != len(arrays) {
		return none("these are of another network", "다른 신경망의 가중치입니다")
	}
	return s, nil
}

// withoutMeans returns an error for a network with batch normalisation whose file has not what it subtracts and divides by.
func withoutMeans(arrays map[string]*ndarray.Array[float32]) error {
	if arrays["gamma1"] == nil || arrays["running_mean1"] != nil {
		return nil
	}
	return fault{"the file has no running_mean1: without the running values of batch normalisation nothing can be predicted; save net.State() in place of net.Params()",
		"파일에 running_mean1이 없습니다. 배치 정규화의 이동 평균 없이는 예측할 수 없습니다. net.Params() 대신 net.State()를 저장하세요"}
}

// way is what no shape tells of a convolution: its padding, and the pooling after it, 1 for none.
type way struct{ pad, pool int }

// mostWays is how many paddings and poolings are thought of for one file.
const mostWays = 24

// ways returns the paddings and poolings that lead from images to the inputs of the first affine layer, the likeliest first:
// those of the settings, of the networks of the class and the course, then any of none and as much as keeps the size.
func (s stack) ways(c Settings, input []int) (found [][]way) {
	add := func(one func(i, size int) way) {
		ways := make([]way, len(s.convolutions))
		for i, w := range s.convolutions {
			ways[i] = one(i, w[2])
		}
		known := slices.ContainsFunc(found, func(other []way) bool { return slices.Equal(other, ways) })
		if tall, broad := s.left(ways, input); !known && tall > 0 && s.convolutions[len(ways)-1][0]*tall*broad == s.affines[0][0] && len(found) < mostWays {
			found = append(found, ways)
		}
	}
	last := len(s.convolutions) - 1
	either := func(first bool, yes, no int) int {
		if first {
			return yes
		}
		return no
	}
	add(func(int, int) way { return way{c.Pad, c.Pool} })
	add(func(i, _ int) way { // DeepConvNet
		return way{either(i == 3 && last == 5, 2, 1), either(i%2 == 1, 2, 1)}
	})
	add(func(int, int) way { return way{0, 2} })                                                  // SimpleConvNet
	add(func(_, size int) way { return way{size / 2, 2} })                                        //
	add(func(i, size int) way { return way{either(i == 0, 0, size/2), either(i == 0, 2, 1)} })    // notebooks 08 and 09
	add(func(i, size int) way { return way{either(i == 0, 0, size/2), 2} })                       // 07
	add(func(i, size int) way { return way{either(i == 0, size/2, 0), 2} })                       // LeNet
	add(func(i, size int) way { return way{size / 2, either(i == 0 || i == last, 2, 1)} })        // 12
	add(func(i, size int) way { return way{size / 2, either(i%2 == 1, 2, 1)} })                   // VGG
	add(func(i, size int) way { return way{either(i == 0, 0, size/2), either(i == last, 2, 1)} }) //
	for pool := 1; pool <= mostPool; pool++ {
		for pad := 0; pad <= mostPad; pad++ {
			add(func(int, int) way { return way{pad, pool} })
		}
	}
	for choice := range 1 << (2 * min(len(s.convolutions), 6)) {
		add(func(i, size int) way {
			return way{either(choice>>(2*i)&1 == 0, size/2, 0), either(choice>>(2*i)&2 == 0, 1, 2)}
		})
	}
	return found
}

// left returns the height and width of the maps that the first affine layer gets, 0 where nothing is left.
func (s stack) left(ways []way, input []int) (int, int) {
	height, width := input[1], input[2]
	for i, w := range ways {
		size := s.convolutions[i][2]
		height, width = height+2*w.pad-size+1, width+2*w.pad-size+1
		if height < w.pool || width < w.pool {
			return 0, 0
		}
		height, width = (height-w.pool)/w.pool+1, (width-w.pool)/w.pool+1
	}
	return height, width
}

// candidates returns the networks that the parameters of a file may be of, the likeliest first, in groups: those of a
// group differ in what leaves all shapes as they are.
func candidates(c Settings, arrays map[string]*ndarray.Array[float32], input []int) ([][]described.Network, error) {
	s, err := stackOf(arrays)
	if err != nil {
		return nil, err
	}
	if err := withoutMeans(arrays); err != nil {
		return nil, err
	}
	if channels := s.convolutions[0][1]; channels != input[0] {
		return nil, unknown(arrays, fmt.Sprintf("W1 has shape %s, the images have %d channel", shapes.Text(s.convolutions[0]), input[0]),
			fmt.Sprintf("W1의 형상은 %s인데 이미지의 채널은 %d개입니다", shapes.Text(s.convolutions[0]), input[0]))
	}
	ways := s.ways(c, input)
	if len(ways) == 0 {
		return nil, unknown(arrays, fmt.Sprintf("no padding and pooling leads from images of (%d, %d) to the %d inputs of the first affine layer", input[1], input[2], s.affines[0][0]),
			fmt.Sprintf("(%d, %d) 이미지에서 첫 Affine 층의 입력 %d개가 되는 패딩과 풀링이 없습니다", input[1], input[2], s.affines[0][0]))
	}
	first, second := "Relu", "Sigmoid"
	if c.Activation == "sigmoid" {
		first, second = second, first
	}
	var groups [][]described.Network
	for _, w := range ways {
		var group []described.Network
		for _, skips := range []bool{false, true} {
			for _, pool := range []string{"Pool", "AveragePool"} {
				for _, activation := range []string{first, second} {
					net, ok := s.network(input, w, c.Dropout, activation, pool, skips)
					same := slices.ContainsFunc(group, func(other described.Network) bool { return other.String() == net.String() })
					if ok && !same && (!skips || pool == "Pool") {
						group = append(group, net)
					}
				}
			}
		}
		if len(group) > 0 {
			groups = append(groups, group)
		}
	}
	if len(groups) == 0 {
		return nil, unknown(arrays, "the sizes of batch normalisation fit no layer", "배치 정규화의 크기에 맞는 층이 없습니다")
	}
	return groups, nil
}

// network puts a network together; skips takes a way around each convolution that leaves the shape as it is, as in notebook 08. It is
// false where batch normalisation fits nowhere.
func (s stack) network(input []int, ways []way, ratio float64, activation, pool string, skips bool) (described.Network, bool) {
	net := described.Network{Input: input}
	norms := s.norms
	learned := len(s.convolutions) + len(s.affines) - 1 // layers after which it can stand
	from, to := 0, learned
	switch len(norms) {
	case 0, learned:
	case len(s.convolutions):
		to = len(s.convolutions)
	case len(s.convolutions) - 1:
		from, to = 1, len(s.convolutions)
	default:
		return net, false
	}
	norm := func(i int, shape ...int) (row []described.Part) {
		if len(norms) == 0 || i < from || i >= to {
			return nil
		}
		kind := "BatchNormPerChannel"
		all := 1
		for _, n := range shape {
			all *= n
		}
		switch norms[0] {
		case all:
			kind = "BatchNorm"
		case shape[0]:
		default:
			return nil // and so one is left
		}
		norms = norms[1:]
		return []described.Part{{Kind: kind}}
	}
	for i, w := range s.convolutions {
		tall, broad := s.left(ways[:i], input)
		pad := ways[i].pad
		row := []described.Part{part("Conv", w[0], w[2], 1, pad)}
		row = append(row, norm(i, w[0], tall+2*pad-w[2]+1, broad+2*pad-w[2]+1)...)
		row = append(row, part(activation))
		if skips && w[0] == w[1] && 2*pad+1 == w[2] && ways[i].pool == 1 {
			row = []described.Part{{Kind: "Residual", Rows: [][]described.Part{row}}}
		}
		if ways[i].pool > 1 {
			row = append(row, part(pool, ways[i].pool, ways[i].pool))
		}
		net.Parts = append(net.Parts, row...)
	}
	for i, w := range s.affines {
		net.Parts = append(net.Parts, part("Affine", w[1]))
		if i == len(s.affines)-1 {
			break
		}
		net.Parts = append(append(net.Parts, norm(len(s.convolutions)+i, w[1])...), part(activation))
		if ratio > 0 {
			net.Parts = append(net.Parts, dropout(ratio))
		}
	}
	return net, len(norms) == 0
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

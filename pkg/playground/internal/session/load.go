package session

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/internal/shapes"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/params"
	"convbook/pkg/playground/internal/described"
)

// load takes over a network from a file. What network it is stands in the file, or shapes tell it and, where they leave
// several, which of them reads the most test images.
func (s *Session) load(ask Fields) ([]Fields, error) {
	name, content, err := file(ask["file"])
	if err != nil {
		return nil, err
	}
	c, err := s.settings.with(ask["settings"])
	if err != nil {
		return nil, err
	}
	arrays, err := params.Decode[float32](content)
	if err != nil {
		return nil, unread(name, err, "가중치 파일을 읽을 수 없습니다. 노트북에서 params.Save로 다시 저장하세요")
	}
	if err := checkFinite(arrays); err != nil {
		return nil, err
	}
	data, err := s.dataOf(c)
	if err != nil {
		return nil, err
	}
	groups, text := [][]described.Network(nil), params.NetworkOf(content)
	if text != "" {
		net, err := described.Parse(text)
		if err == nil {
			err = withoutMeans(arrays)
		}
		if err != nil {
			return nil, unread(name, err, "파일에 적힌 신경망을 읽을 수 없습니다")
		}
		groups = [][]described.Network{{net}}
	} else if groups, err = candidates(c, arrays, inputOf(data)); err != nil {
		return nil, err
	}
	if groups, err = affordable(groups, data, arrays); err != nil {
		return nil, err
	}
	chosen := choice{net: groups[0][0], kind: c.Kind}
	if ask["settings"] == nil || text == "" {
		chosen, err = s.choose(c.Kind, groups, arrays)
	}
	if err != nil {
		return nil, unread(name, err, "다른 신경망의 가중치입니다")
	}
	return s.takeOver(c, chosen, arrays, text != "")
}

// takeOver makes the network that was chosen.
func (s *Session) takeOver(c Settings, chosen choice, arrays map[string]*ndarray.Array[float32], told bool) ([]Fields, error) {
	c.Kind = chosen.kind
	data, err := s.dataOf(c)
	if err != nil {
		return nil, err
	}
	if as, set := c.of(chosen.net, len(data.Classes)); set {
		c = as
	}
	cost, err := chosen.net.Cost()
	if err != nil {
		return nil, err
	}
	c.Batch = max(1, min(c.Batch, int(mostProducts/cost.Products))) // a step of ten seconds at most
	before := *s
	err = s.make(c, data, chosen.net)
	if err == nil {
		err = s.net.SetParams(arrays)
	}
	if err != nil {
		*s = before
		return nil, err
	}
	answer := s.built("loaded")
	by, assumed := "file", []string{}
	switch {
	case told:
	case chosen.clear:
		by, assumed = "images", []string{"dropout"}
	default:
		by, assumed = "settings", []string{"activation", "dropout", "pad", "pool"}
	}
	answer["by"], answer["assumed"], answer["right"] = by, assumed, []int{chosen.right, chosen.of}
	return []Fields{answer}, nil
}

func inputOf(d *dataset.Data) []int {
	channels, height, width := d.Train.Shape()
	return []int{channels, height, width}
}

// affordable leaves out the networks that would fill the memory, or do not go with the images. Where none is left it says why.
func affordable(groups [][]described.Network, data *dataset.Data, arrays map[string]*ndarray.Array[float32]) (left [][]described.Network, why error) {
	input, classes := inputOf(data), len(data.Classes)
	for _, group := range groups {
		group = slices.DeleteFunc(group, func(net described.Network) bool {
			cost, err := net.Cost()
			switch {
			case !slices.Equal(net.Input, input):
				why = fault{fmt.Sprintf("the network takes images of shape %s, these are %s", shapes.Text(net.Input), shapes.Text(input)),
					fmt.Sprintf("신경망은 형상이 %s인 이미지를 받는데 이 이미지는 %s입니다", shapes.Text(net.Input), shapes.Text(input))}
			case err != nil:
				why = fault{err.Error(), "파일에 적힌 신경망의 형상이 맞지 않습니다: " + err.Error()}
			case len(cost.Output) != 1 || cost.Output[0] != classes:
				why = fault{fmt.Sprintf("the last layer gives %s, the images have %d classes", shapes.Text(cost.Output), classes),
					fmt.Sprintf("마지막 층의 출력은 %s인데 이미지의 클래스는 %d개입니다", shapes.Text(cost.Output), classes)}
			case cost.Parameters > mostLearned || cost.Products > mostProducts:
				why = fault{fmt.Sprintf("the network learns %.0f numbers by %.0f products for an image; here %d and %d at most", cost.Parameters, cost.Products, mostLearned, mostProducts),
					fmt.Sprintf("신경망의 매개변수는 %.0f개, 이미지 한 장의 곱셈은 %.0f번입니다. 여기서는 %d개, %d번까지 됩니다", cost.Parameters, cost.Products, mostLearned, mostProducts)}
			case cost.Layers > mostDrawn:
				why = fault{fmt.Sprintf("the network has %d layers, %d at most are drawn here", cost.Layers, mostDrawn),
					fmt.Sprintf("신경망의 층이 %d개입니다. 여기서는 %d개까지 그립니다", cost.Layers, mostDrawn)}
			case lessThan(arrays, cost.Parameters):
				why = fault{fmt.Sprintf("the network learns %.0f numbers, the file has fewer: it is of another network", cost.Parameters),
					fmt.Sprintf("신경망의 매개변수는 %.0f개인데 파일에는 그보다 적습니다. 다른 신경망의 파일입니다", cost.Parameters)}
			default:
				return false
			}
			return true
		})
		if len(group) > 0 {
			left = append(left, group)
		}
	}
	if len(left) > 0 {
		return left, nil
	}
	return nil, why
}

// lessThan says whether a file holds fewer numbers than a network learns: memory is only taken for what a file has.
func lessThan(arrays map[string]*ndarray.Array[float32], learned float64) bool {
	size := 0.0
	for _, a := range arrays {
		size += float64(a.Size())
	}
	return size < learned
}

// choice is a network that the parameters of a file may be of, with images, and how it reads them.
type choice struct {
	net       described.Network
	kind      string
	classes   int
	right, of int
	loss      float64
	clear     bool // that it is this one
}

// tried is how many test images networks are held against each other by.
const tried = 40

// patience is after how long no other group of networks is tried.
var patience = 5 * time.Second

// choose returns the network, and the kind of images, by which most test images are read: the first of those that read
// about as many, and the first of all where none reads half of them.
func (s *Session) choose(kind string, groups [][]described.Network, arrays map[string]*ndarray.Array[float32]) (choice, error) {
	began := time.Now()
	var all []choice
	for _, group := range groups {
		if len(all) > 0 && time.Since(began) > patience {
			break
		}
		most := 0 // of a hundred
		for i := range s.kinds {
			k := (i + slices.Index(s.kinds, kind)) % len(s.kinds) // that of the page first
			if i > 0 && (most > 50 || !slices.Equal(inputOf(s.sets[k]), group[0].Input) || len(s.sets[k].Classes) != all[0].classes) {
				continue
			}
			for _, net := range group {
				one := convnet.Build[float32](nprandom.New(0), net.Input, convnet.Std(0), net.Build()...)
				if err := one.SetParams(arrays); err != nil {
					return choice{}, err
				}
				c := choice{net: net, kind: s.kinds[k], classes: one.Classes()}
				c.try(one, s.sets[k])
				most = max(most, 100*c.right/max(c.of, 1))
				all = append(all, c)
			}
		}
		if most >= 90 {
			break
		}
	}
	best := slices.MinFunc(all, func(a, b choice) int { return cmp.Or(cmp.Compare(b.right, a.right), cmp.Compare(a.loss, b.loss)) })
	if best.right*2 <= best.of {
		return all[0], nil
	}
	// What differs little, such as a border of zeros, is taken as the likeliest has it.
	at := slices.IndexFunc(all, func(c choice) bool {
		return c.kind == best.kind && c.right*20 >= best.right*19 && c.loss <= 1.2*best.loss+0.01
	})
	all[at].clear = true
	return all[at], nil
}

// try counts the test images that a network reads.
func (c *choice) try(net *convnet.Sequential[float32], data *dataset.Data) {
	some := data.Test.Head(min(tried, data.Test.Len()))
	scores := net.Predict(dataset.Images[float32](some))
	labels := some.Labels()
	for i, class := range scores.ArgMax(1) {
		if class == labels[i] {
			c.right++
		}
	}
	c.of, c.loss = len(labels), float64(layers.NewSoftmaxWithLoss[float32]().Forward(scores, labels))
	if c.loss != c.loss {
		c.loss = math.Inf(1)
	}
}

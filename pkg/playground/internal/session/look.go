package session

import (
	"fmt"
	"math"

	"convbook/pkg/dataset"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// mostImages is how many images one message asks for.
const mostImages = 100

// setOf returns the images that a message names.
func (s *Session) setOf(ask Fields) (*dataset.Set, string, error) {
	d := s.data
	if d == nil {
		var err error
		if d, err = s.dataOf(s.settings); err != nil {
			return nil, "", err
		}
	}
	switch name, _ := ask["set"].(string); name {
	case "train":
		return d.Train, name, nil
	case "test":
		return d.Test, name, nil
	}
	return nil, "", fault{fmt.Sprintf(`there is no set %s; want "train" or "test"`, shown(ask["set"])), fmt.Sprintf(`%s라는 집합은 없습니다. "train" 또는 "test"여야 합니다`, shown(ask["set"]))}
}

func (s *Session) images(ask Fields) ([]Fields, error) {
	set, name, err := s.setOf(ask)
	if err != nil {
		return nil, err
	}
	from, ok := asWhole(ask["from"], 0, set.Len())
	count, fits := asWhole(ask["count"], 0, mostImages)
	if !ok || !fits {
		return nil, fault{fmt.Sprintf("from %s, count %s: want 0 to %d, and %d at most", shown(ask["from"]), shown(ask["count"]), set.Len(), mostImages),
			fmt.Sprintf("from %s, count %s: 0부터 %d까지, 한 번에 %d개까지입니다", shown(ask["from"]), shown(ask["count"]), set.Len(), mostImages)}
	}
	part := set.Head(min(from+count, set.Len())).Tail(min(count, set.Len()-from))
	_, height, width := set.Shape()
	pixels := make([]byte, 0, part.Len()*height*width)
	for i := range part.Len() {
		pixels = append(pixels, part.Pixels(i)...)
	}
	return []Fields{{"say": "images", "set": name, "from": from, "size": []int{height, width}, "pixels": pixels, "labels": part.Labels()}}, nil
}

// chosen returns the image that a message names or carries, and its label, -1 where nobody knows.
func (s *Session) chosen(asked any) (pixels []byte, label int, err error) {
	ask, _ := asked.(Fields)
	if drawn, ok := ask["pixels"].([]byte); ok {
		_, height, width := s.train.Shape()
		if len(drawn) != height*width {
			return nil, 0, fault{fmt.Sprintf("an image of %d pixels; want %d, for the shape (%d, %d)", len(drawn), height*width, height, width),
				fmt.Sprintf("픽셀이 %d개입니다. 형상 (%d, %d)에 맞는 %d개여야 합니다", len(drawn), height, width, height*width)}
		}
		return drawn, -1, nil
	}
	set, _, err := s.setOf(ask)
	if err != nil {
		return nil, 0, err
	}
	i, ok := asWhole(ask["index"], 0, set.Len()-1)
	if !ok {
		return nil, 0, fault{fmt.Sprintf("there is no image %s; want a whole number from 0 to %d", shown(ask["index"]), set.Len()-1),
			fmt.Sprintf("%s번 이미지는 없습니다. 0부터 %d까지의 정수여야 합니다", shown(ask["index"]), set.Len()-1)}
	}
	return set.Pixels(i), set.Label(i), nil
}

func (s *Session) look(ask Fields) ([]Fields, error) {
	pixels, label, err := s.chosen(ask["image"])
	if err != nil {
		return nil, err
	}
	x := ndarray.Zeros[float32](append([]int{1}, s.net.InputShape()...)...)
	for i, p := range pixels {
		x.Data()[i] = float32(p) / 255
	}
	var given []Fields
	var scores *ndarray.Array[float32]
	for _, a := range s.net.Activations(x) {
		scores = a.Output
		given = append(given, values(a.Layer, scores.Shape()[1:], scores.Data()))
	}
	return []Fields{{"say": "seen", "image": pixels, "label": label, "layers": given, "scores": scores.Data(),
		"probabilities": layers.Softmax(scores).Data(), "predicted": scores.ArgMax(1)[0]}}, nil
}

func values(name string, shape []int, of []float32) Fields {
	return Fields{"name": name, "shape": shape, "values": of}
}

func (s *Session) weights(ask Fields) ([]Fields, error) {
	wanted := s.net.ParamNames()
	if names, ok := ask["names"].([]any); ok {
		wanted = nil
		for _, name := range names {
			text, _ := name.(string)
			if s.net.Params()[text] == nil {
				return nil, fault{fmt.Sprintf("there is no parameter %s; want some of %v", shown(name), s.net.ParamNames()),
					fmt.Sprintf("%s라는 매개변수는 없습니다. %v 가운데 골라야 합니다", shown(name), s.net.ParamNames())}
			}
			wanted = append(wanted, text)
		}
	}
	var all []Fields
	for _, name := range wanted {
		p := s.net.Params()[name]
		all = append(all, values(name, p.Shape(), p.Data()))
	}
	return []Fields{{"say": "weights", "step": s.step, "parameters": all, "scales": s.scales()}}, nil
}

func (s *Session) gradients(Fields) ([]Fields, error) {
	if s.grads == nil {
		if err := s.foresee(); err != nil {
			return nil, err
		}
	}
	var all []Fields
	for _, name := range s.net.ParamNames() {
		g := s.grads[name]
		squares, largest := 0.0, 0.0
		for _, v := range g.Data() {
			squares += float64(v) * float64(v)
			largest = max(largest, math.Abs(float64(v)))
		}
		one := values(name, g.Shape(), g.Data())
		one["norm"], one["largest"] = math.Sqrt(squares), largest
		all = append(all, one)
	}
	return []Fields{{"say": "gradients", "step": s.step, "loss": float64(s.loss), "parameters": all}}, nil
}

// foresee computes the gradients of the step to come, and leaves its draws to it, and the running values of batch normalisation.
func (s *Session) foresee() error {
	before := s.rng.State()
	for name, a := range s.net.State() {
		if s.net.Params()[name] == nil {
			defer a.Copy(a.Clone())
		}
	}
	loss, grads := s.gradientOfBatch()
	s.loss, s.grads = loss, grads
	return s.rng.SetState(before)
}

package main

import (
	"fmt"

	"convbook/pkg/figure"
	"convbook/pkg/ndarray"
	"convbook/pkg/playground/internal/session"
)

// stepsOfCover is how long the network is trained whose figure stands in the index: as long as somebody watches.
const stepsOfCover = 200

// cover draws what the filters of the playground's first network make of a test image when it has been trained, as SVG: by the
// same program as in the page.
func cover(images []byte, standIn bool) ([]byte, error) {
	s := session.New()
	ask := func(do string, fields session.Fields) (session.Fields, error) {
		fields["do"] = do
		said := s.Answer(fields)
		answer := said[len(said)-1]
		if answer["say"] == "error" {
			return nil, fmt.Errorf("the figure of the index: %v", answer["en"])
		}
		return answer, nil
	}
	_, err := ask("begin", session.Fields{"images": images})
	if err == nil {
		_, err = ask("build", session.Fields{})
	}
	for i := 0; i < stepsOfCover && err == nil; i++ {
		_, err = ask("step", session.Fields{})
	}
	if err != nil {
		return nil, err
	}
	seen, err := ask("look", session.Fields{"image": session.Fields{"set": "test", "index": 0.0}})
	if err != nil {
		return nil, err
	}
	maps := seen["layers"].([]session.Fields)[1] // of the first Relu
	shape := maps["shape"].([]int)
	all := ndarray.FromSlice(maps["values"].([]float32), shape...)
	return figure.ImageGrid(all, 4, nil, figure.Title(fmt.Sprintf("a digit, as %d filters see it after %d steps · 갱신 %d회 뒤 필터 %d개가 본 숫자", shape[0], stepsOfCover, stepsOfCover, shape[0])),
		figure.StandIn(standIn)).Narrow().SVG()
}

// Package session is what the playground of the site does behind its page: it builds a network, trains it step by step, and
// says what is in it. It answers messages, which kernel/internal/site/js/messages.js describes; package playground
// takes them from the page's Worker, and nothing here knows of browsers.
package session

import (
	"fmt"
	"slices"
	"strings"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
	"convbook/pkg/playground/internal/carried"
	"convbook/pkg/playground/internal/described"
)

// Fields are a message: texts, numbers, truth values, slices of them, Fields and slices of Fields. Numbers of a page
// are float64.
type Fields = map[string]any

// Session is one page's network. It serves one goroutine at a time.
type Session struct {
	sets     []*dataset.Data
	kinds    []string // of sets
	settings Settings

	data     *dataset.Data // of the network that is there
	train    *dataset.Set  // what is trained on
	plan     described.Network
	net      *convnet.Sequential[float32]
	rng      *nprandom.RandomState // of weights, batches and dropout
	optimize optimizer.Stateful[float32]

	x       *ndarray.Array[float32] // one batch
	t       []int
	indices []int
	loss    float32 // of the last step
	grads   map[string]*ndarray.Array[float32]

	step     int
	training bool
	pending  losses
	measure  measuring
}

// New returns a session without images and network.
func New() *Session { return &Session{settings: standard()} }

// Answer answers one message of the page. What a page could have asked wrongly is said in an answer; a panic would end
// the page's Worker.
func (s *Session) Answer(ask Fields) (said []Fields) {
	answers := map[string]func(Fields) ([]Fields, error){
		"begin": s.begin, "build": s.build, "start": s.start, "pause": s.pause, "step": s.oneStep,
		"look": s.look, "gradients": s.gradients, "weights": s.weights, "images": s.images,
		"load": s.load, "save": s.save, "data": s.drop,
	}
	defer func() {
		if p := recover(); p != nil {
			said = []Fields{failed(fmt.Errorf("%v", p))}
		}
		if id, ok := ask["id"]; ok && len(said) > 0 {
			said[len(said)-1]["id"] = id
		}
	}()
	do, _ := ask["do"].(string)
	answer, ok := answers[do]
	switch {
	case !ok:
		return []Fields{failed(fault{fmt.Sprintf("there is no message %q", do), fmt.Sprintf("%q라는 메시지는 없습니다", do)})}
	case do != "begin" && len(s.sets) == 0:
		return []Fields{failed(fault{"the images are not there yet", "아직 이미지가 없습니다"})}
	case s.net == nil && do != "begin" && do != "build" && do != "data" && do != "images" && do != "load":
		return []Fields{failed(fault{"there is no network yet; build one first", "아직 신경망이 없습니다. 먼저 만드세요"})}
	}
	said, err := answer(ask)
	if err != nil {
		return []Fields{failed(err)}
	}
	return said
}

// fault is an error in both languages.
type fault struct{ en, ko string }

func (f fault) Error() string { return f.en }

// failed is the answer that says an error.
func failed(err error) Fields {
	f, ok := err.(fault)
	if !ok {
		text := plain(err)
		f = fault{text, "오류: " + text}
	}
	return Fields{"say": "error", "en": f.en, "ko": f.ko}
}

// plain is what an error says, without the name of the package.
func plain(err error) string {
	return strings.TrimPrefix(strings.TrimPrefix(err.Error(), "params: "), "dataset: ")
}

func (s *Session) begin(ask Fields) ([]Fields, error) {
	file, _ := ask["images"].([]byte)
	sets, err := carried.Read(file)
	if err != nil {
		return nil, err
	}
	s.sets, s.kinds = nil, nil
	for _, d := range sets {
		s.add(d.Name, d)
	}
	s.settings.Kind = s.kinds[0]
	kinds := make([]Fields, len(s.sets))
	for i := range s.sets {
		kinds[i] = s.describe(i)
	}
	return []Fields{{"say": "begun", "kinds": kinds, "settings": s.settings.fields()}}, nil
}

// add takes in a data set, in place of one of the same kind.
func (s *Session) add(kind string, d *dataset.Data) (at int) {
	if at := slices.Index(s.kinds, kind); at >= 0 {
		s.sets[at] = d
		return at
	}
	s.sets, s.kinds = append(s.sets, d), append(s.kinds, kind)
	return len(s.sets) - 1
}

// describe says what a data set is.
func (s *Session) describe(at int) Fields {
	d := s.sets[at]
	_, height, width := d.Train.Shape()
	return Fields{"kind": s.kinds[at], "title": d.Title, "train": d.Train.Len(), "test": d.Test.Len(), "size": []int{height, width},
		"names": d.Classes, "standIn": d.StandIn, "own": d.Own}
}

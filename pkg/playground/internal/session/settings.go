package session

import (
	"fmt"
	"math"
	"slices"

	"convbook/pkg/convnet"
	"convbook/pkg/optimizer"
)

// Settings are what a network and its training are made of.
type Settings struct {
	Kind       string
	Train      int
	Filters    []int
	Size, Pad  int
	Pool       int
	Hidden     int
	Dropout    float64
	Std        float64 // of the initial weights, unless Initial has a name
	Initial    string  // "he", "xavier" or ""
	Optimizer  string
	Rate       float64
	Batch      int
	Seed       uint32
	Activation string
}

func standard() Settings {
	return Settings{Kind: "mnist", Train: 500, Filters: []int{8}, Size: 5, Pad: 0, Pool: 2, Hidden: 50, Initial: "he",
		Optimizer: "adam", Rate: 0.002, Batch: 10, Activation: "relu"}
}

func (c Settings) fields() Fields {
	std := any(c.Std)
	if c.Initial != "" {
		std = c.Initial
	}
	return Fields{"kind": c.Kind, "train": c.Train, "filters": slices.Clone(c.Filters), "size": c.Size, "pad": c.Pad, "pool": c.Pool, "hidden": c.Hidden,
		"dropout": c.Dropout, "std": std, "optimizer": c.Optimizer, "rate": c.Rate, "batch": c.Batch, "seed": int(c.Seed), "activation": c.Activation}
}

// The bounds of settings; above them a page would only seem to stand still.
const (
	mostConvolutions = 3
	mostFilters      = 64
	mostSize         = 11
	mostPad          = 5
	mostPool         = 4
	mostHidden       = 500
	mostBatch        = 100
)

// with returns the settings with what a page asks for in their place.
func (c Settings) with(asked any) (Settings, error) {
	f, _ := asked.(Fields)
	r := reader{fields: f}
	r.text("kind", "데이터", &c.Kind, nil)
	r.whole("train", "학습 이미지 수", &c.Train, 1, math.MaxInt32)
	r.filters(&c.Filters)
	r.whole("size", "필터 크기", &c.Size, 1, mostSize)
	r.whole("pad", "패딩", &c.Pad, 0, mostPad)
	r.whole("pool", "풀링 크기", &c.Pool, 1, mostPool)
	r.whole("hidden", "은닉층 뉴런 수", &c.Hidden, 1, mostHidden)
	r.number("dropout", "드롭아웃 비율", &c.Dropout, func(v float64) bool { return v >= 0 && v < 1 }, "from 0 to below 1", "0 이상 1 미만이어야 합니다")
	r.initial(&c)
	r.text("optimizer", "최적화 기법", &c.Optimizer, []string{"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"})
	r.number("rate", "학습률", &c.Rate, func(v float64) bool { return v > 0 && v <= 100 }, "above 0, such as 0.001", "0보다 큰 수여야 합니다(예: 0.001)")
	r.whole("batch", "배치 크기", &c.Batch, 1, mostBatch)
	seed := int(c.Seed)
	r.whole("seed", "시드", &seed, 0, math.MaxUint32)
	c.Seed = uint32(seed)
	r.text("activation", "활성화 함수", &c.Activation, []string{"relu", "sigmoid"})
	return c, r.err
}

// reader reads settings until one is wrong.
type reader struct {
	fields Fields
	err    error
}

// next returns a setting if it is there, and nothing was wrong before.
func (r *reader) next(name string) (any, bool) {
	v, ok := r.fields[name]
	return v, ok && v != nil && r.err == nil
}

func (r *reader) wrong(name, korean string, v any, want, wantKorean string) {
	r.err = fault{fmt.Sprintf("%s is %s; want %s", name, shown(v), want), fmt.Sprintf("%s: %s. %s", korean, shown(v), wantKorean)}
}

// shown is a value as a message has it, in a few letters.
func shown(v any) string {
	text := fmt.Sprint(v)
	if s, ok := v.(string); ok {
		text = fmt.Sprintf("%q", s)
	}
	if letters := []rune(text); len(letters) > 40 {
		return string(letters[:40]) + "…"
	}
	return text
}

func (r *reader) whole(name, korean string, into *int, low, high int) {
	v, ok := r.next(name)
	if !ok {
		return
	}
	n, ok := asWhole(v, low, high)
	if !ok {
		r.wrong(name, korean, v, fmt.Sprintf("a whole number from %d to %d", low, high), fmt.Sprintf("%d부터 %d까지의 정수여야 합니다", low, high))
		return
	}
	*into = n
}

// asWhole returns a number of a message as a whole one within bounds.
func asWhole(v any, low, high int) (int, bool) {
	f, ok := v.(float64)
	if !ok || f != math.Trunc(f) || f < float64(low) || f > float64(high) {
		return 0, false
	}
	return int(f), true
}

func (r *reader) number(name, korean string, into *float64, fits func(float64) bool, want, wantKorean string) {
	v, ok := r.next(name)
	if !ok {
		return
	}
	f, ok := v.(float64)
	if !ok || !fits(f) {
		r.wrong(name, korean, v, "a number "+want, wantKorean)
		return
	}
	*into = f
}

func (r *reader) text(name, korean string, into *string, among []string) {
	v, ok := r.next(name)
	if !ok {
		return
	}
	text, ok := v.(string)
	if !ok || among != nil && !slices.Contains(among, text) {
		r.wrong(name, korean, v, fmt.Sprintf("one of %v", among), fmt.Sprintf("%v 가운데 하나여야 합니다", among))
		return
	}
	*into = text
}

func (r *reader) filters(into *[]int) {
	v, ok := r.next("filters")
	if !ok {
		return
	}
	list, _ := v.([]any)
	counts := make([]int, len(list))
	fits := len(list) >= 1 && len(list) <= mostConvolutions
	for i, one := range list {
		n, ok := asWhole(one, 1, mostFilters)
		counts[i], fits = n, fits && ok
	}
	if !fits {
		r.wrong("filters", "필터 수", v, fmt.Sprintf("1 to %d numbers from 1 to %d", mostConvolutions, mostFilters),
			fmt.Sprintf("1부터 %d까지의 정수 1~%d개여야 합니다", mostFilters, mostConvolutions))
		return
	}
	*into = counts
}

func (r *reader) initial(c *Settings) {
	v, ok := r.next("std")
	if !ok {
		return
	}
	if name, ok := v.(string); ok && (name == "he" || name == "xavier") {
		c.Initial, c.Std = name, 0
		return
	}
	f, ok := v.(float64)
	if !ok || !(f >= 0 && f <= 10) {
		r.wrong("std", "가중치 초깃값", v, `"he", "xavier" or a standard deviation from 0 to 10`, `"he", "xavier" 또는 0 이상 10 이하의 표준편차여야 합니다`)
		return
	}
	c.Initial, c.Std = "", f
}

func (c Settings) scale() convnet.InitialScale {
	switch c.Initial {
	case "he":
		return convnet.He
	case "xavier":
		return convnet.Xavier
	}
	return convnet.Std(c.Std)
}

func (c Settings) optimizer() (optimizer.Stateful[float32], error) {
	return optimizer.New[float32](c.Optimizer, optimizer.Settings{LR: c.Rate})
}

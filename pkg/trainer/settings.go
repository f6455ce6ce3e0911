package trainer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"convbook/pkg/dataset"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// settings is all that the weights at the end of a run depend on.
type settings struct {
	Format   int       `json:"format"`
	Settings []setting `json:"settings"`
}

type setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

const (
	settingsFormat = 1
	maxSettings    = 1 << 20 // bytes of the file
)

// settingsOf collects the settings of a run before its first step. The error names
// a random source that cannot be kept.
func settingsOf[T ndarray.Float](tr *Trainer[T]) (settings, error) {
	sources, err := tr.sources()
	if err != nil {
		return settings{}, err
	}
	s := settings{Format: settingsFormat}
	add := func(name string, value any) {
		s.Settings = append(s.Settings, setting{name, fmt.Sprint(value)})
	}
	c := tr.config
	add("data", tr.history.Dataset)
	add("stand-in", tr.history.StandIn)
	add("training images", tr.data.train.Len())
	add("validation images", tr.data.validation.Len())
	add("test images", tr.data.test.Len())
	add("content of the images", imagesDigest(tr.data))
	add("network", describe(tr.net))
	add("kind of numbers", kindOf[T]())
	add("initial weights (seed)", tr.net.Digest())
	add("random numbers (seed)", sourcesDigest(sources))
	add("epochs", c.Epochs)
	add("batch size", c.MiniBatchSize)
	add("optimizer", strings.ToLower(c.Optimizer))
	add("optimizer's settings", fmt.Sprintf("%+v", c.OptimizerParam))
	add("images for the accuracy", c.EvaluateSampleNumPerEpoch)
	add("class-exact", c.ClassExact)
	if !c.Augment.IsZero() {
		add("augmentation", fmt.Sprintf("%+v", c.Augment))
	}
	for _, callback := range c.Callbacks {
		if p, ok := callback.(Participant); ok {
			add("callback", p.Settings())
		}
	}
	return s, nil
}

// describe names the network's parameters with their shapes and, where it can tell,
// its layers with their settings.
func describe[T ndarray.Float](net Network[T]) string {
	var words []string
	state := net.State()
	for _, name := range slices.Sorted(maps.Keys(state)) {
		words = append(words, name+" "+ndarray.ShapeText(state[name].Shape()))
	}
	if net, ok := net.(layered[T]); ok {
		for _, name := range net.LayerNames() {
			if l, ok := net.Layer(name).(fmt.Stringer); ok {
				name += " (" + l.String() + ")"
			}
			words = append(words, name)
		}
	}
	return strings.Join(words, ", ")
}

// layered is a network that shows its layers.
type layered[T ndarray.Float] interface {
	LayerNames() []string
	Layer(name string) layers.Layer[T]
}

func imagesDigest(p parts) string {
	sum := sha256.New()
	for _, s := range []*dataset.Set{p.train, p.validation, p.test} {
		for i := range s.Len() {
			sum.Write(s.Pixels(i))
		}
		labels := make([]byte, s.Len())
		for i := range labels {
			labels[i] = byte(s.Label(i))
		}
		sum.Write(labels)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

func sourcesDigest(sources []*nprandom.RandomState) string {
	sum := sha256.New()
	for _, s := range sources {
		state := s.State()
		fmt.Fprintln(sum, state.Twister, state.HasGauss, state.Gauss)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// sources returns what the run draws from: the batches' source, and those of the
// network that are others.
func (tr *Trainer[T]) sources() ([]*nprandom.RandomState, error) {
	sources := []*nprandom.RandomState{tr.config.Rng}
	net, ok := tr.net.(interface{ Sources() []ndarray.Source })
	if !ok {
		return sources, nil
	}
	for _, source := range net.Sources() {
		rng, ok := source.(*nprandom.RandomState)
		if !ok {
			return nil, fmt.Errorf("trainer: the network draws from a %T, which a Folder cannot keep; make the network with nprandom.New, or train without a Folder", source)
		}
		if !slices.Contains(sources, rng) {
			sources = append(sources, rng)
		}
	}
	return sources, nil
}

// file returns the settings as the file keeps them.
func (s settings) file() ([]byte, error) {
	text, err := json.MarshalIndent(s, "", " ")
	return append(text, '\n'), err
}

func (s settings) digest() string {
	sum := sha256.New()
	for _, v := range s.Settings {
		fmt.Fprintf(sum, "%q %q\n", v.Name, v.Value)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// readSettings reads what file wrote. The errors say what is wrong with "it".
func readSettings(file []byte) (settings, error) {
	var s settings
	if len(file) > maxSettings {
		return s, fmt.Errorf("it has %d bytes, more than any settings", len(file))
	}
	if err := json.Unmarshal(bytes.TrimSpace(file), &s); err != nil {
		return s, fmt.Errorf("it is damaged: %w", err)
	}
	if s.Format != settingsFormat {
		return s, fmt.Errorf("it is of format %d, this program reads format %d", s.Format, settingsFormat)
	}
	if len(s.Settings) == 0 {
		return s, errors.New("it holds no settings")
	}
	return s, nil
}

// differences names the settings that a kept run does not share with now.
func (s settings) differences(now settings) []string {
	var found []string
	all := slices.Concat(s.Settings, now.Settings)
	seen := map[string]bool{}
	for _, v := range all {
		if seen[v.Name] {
			continue
		}
		seen[v.Name] = true
		if kept, wanted := s.value(v.Name), now.value(v.Name); kept != wanted {
			found = append(found, fmt.Sprintf("%s: %s there, %s now", v.Name, kept, wanted))
		}
	}
	return found
}

// value joins what the settings say under a name.
func (s settings) value(name string) string {
	var values []string
	for _, v := range s.Settings {
		if v.Name == name {
			values = append(values, v.Value)
		}
	}
	if values == nil {
		return "none"
	}
	return strings.Join(values, " and ")
}

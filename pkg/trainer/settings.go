package trainer

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"convbook/pkg/dataset"
	"convbook/pkg/internal/runfile"
	"convbook/pkg/internal/shapes"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// settingsOf collects all that the weights at the end of a run depend on, before its
// first step. The error names
// a random source that cannot be kept.
func settingsOf[T ndarray.Float](tr *training[T]) (runfile.Settings, error) {
	sources, err := tr.sources()
	if err != nil {
		return runfile.Settings{}, err
	}
	s := runfile.NewSettings()
	add := s.Add
	c := tr.config
	add("data", tr.history.Dataset)
	add("stand-in", tr.history.StandIn)
	add("training images", tr.data.train.Len())
	add("validation images", tr.data.validation.Len())
	add("test images", tr.data.test.Len())
	s.AddFollowing("content of the images", imagesDigest(tr.data))
	add("network", describe(tr.net))
	add("kind of numbers", runfile.Kind[T]())
	s.AddFollowing("initial weights (seed)", tr.net.Digest())
	s.AddFollowing("random numbers (seed)", sourcesDigest(sources))
	add("epochs", c.Epochs)
	add("batch size", c.MiniBatchSize)
	add("optimizer", strings.ToLower(c.Optimizer))
	add("optimizer's settings", fmt.Sprintf("%+v", c.OptimizerParam))
	add("images for the accuracy", c.EvaluateSampleNumPerEpoch)
	add("class-exact", c.ClassExact)
	if !c.Augment.IsZero() {
		add("augmentation", fmt.Sprintf("%+v", c.Augment))
	}
	if c.Device != nil {
		add("device", c.Device.Kind()+" "+c.Device.Name()) // its sums are rounded in another order
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
		words = append(words, name+" "+shapes.Text(state[name].Shape()))
	}
	if net, ok := net.(layered[T]); ok {
		for _, name := range net.LayerNames() {
			if l, ok := net.Layer(name).(fmt.Stringer); ok {
				name += " (" + l.String() + ")"
			}
			words = append(words, name)
		}
	}
	if net, ok := net.(interface{ Frozen() []string }); ok && len(net.Frozen()) > 0 {
		words = append(words, "frozen: "+strings.Join(net.Frozen(), " "))
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
		sum.Write(pixelsDigest(s))
		labels := make([]byte, s.Len())
		for i := range labels {
			labels[i] = byte(s.Label(i))
		}
		sum.Write(labels)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// stretch is where the pixels of images lie that follow each other in memory.
type stretch struct {
	first *byte
	bytes int
}

// digests holds the digest of each stretch, since all trials of a sweep look at the same
// images.
var digests sync.Map

func pixelsDigest(s *dataset.Set) []byte {
	where, follows := stretch{}, true
	next := uintptr(0)
	for i := range s.Len() {
		pixels := s.Pixels(i)
		at := unsafe.SliceData(pixels)
		if i == 0 {
			where.first, next = at, uintptr(unsafe.Pointer(at))
		}
		follows = follows && uintptr(unsafe.Pointer(at)) == next
		next += uintptr(len(pixels))
		where.bytes += len(pixels)
	}
	if known, ok := digests.Load(where); ok && follows {
		return known.([]byte)
	}
	sum := sha256.New()
	for i := range s.Len() {
		sum.Write(s.Pixels(i))
	}
	digest := sum.Sum(nil)
	if follows {
		digests.Store(where, digest)
	}
	return digest
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
func (tr *training[T]) sources() ([]*nprandom.RandomState, error) {
	sources := []*nprandom.RandomState{tr.config.Rng}
	net, ok := tr.net.(interface{ Sources() []ndarray.Source })
	if !ok {
		return sources, nil
	}
	for _, source := range net.Sources() {
		rng, ok := source.(*nprandom.RandomState)
		if !ok {
			return nil, fmt.Errorf("trainer: the network draws from a %T, which cannot be kept; make the network with nprandom.New, or train without Config.Keep", source)
		}
		if !slices.Contains(sources, rng) {
			sources = append(sources, rng)
		}
	}
	return sources, nil
}

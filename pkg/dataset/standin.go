package dataset

import (
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"sync"

	"convbook/pkg/dataset/internal/catalog"
	"convbook/pkg/internal/pipe"
	"convbook/pkg/nprandom"
)

// How many images a stand-in has: as many as the real data sets.
const (
	standInTrain = 60000
	standInTest  = 10000
)

// drawnSums are the SHA-256 of the first 500 images of each stand-in, as amd64 draws
// them; a test compares them. They name what is kept, so that a stand-in that is drawn
// otherwise is another one.
var drawnSums = map[string]string{
	"fashion": "0001674798192a87dec29a1272d9521e5ebadd542bb2b6dc02f8997593a06db8",
	"mnist":   "002ca4417e324a5ff22dca887b23899072d75311a558ac0b9b0846b7261568b2",
}

type drawer = func(r *nprandom.RandomState, class int) *canvas

// drawing returns what draws the stand-in of a data set, nil where there is none.
func drawing(e *catalog.Entry) drawer {
	return map[string]drawer{"fashion": drawGarment, "mnist": drawDigit}[e.Name]
}

// standIn opens the stand-in of a data set, drawn once and kept, and says what it is.
func standIn(e *catalog.Entry, o options) (*Data, error) {
	if drawing(e) == nil {
		return nil, fmt.Errorf("dataset: there are no %s files and no stand-in for them; connect to the network, or set %s to the folder of the files", e.Title, FolderVariable)
	}
	name := fmt.Sprintf("stand-in-%s-%s-%s", e.Name, drawnSums[e.Name][:12], runtime.GOARCH)
	data, _, err := o.kept.open(e, name)
	if err != nil {
		data = o.kept.keep(e, name, drawStandIn(e))
	}
	data.StandIn, data.Source = true, "drawn by the program, because the real images were not found"
	pipe.Kernel.MarkStandIn() // whatever the cell shows, with or without a note in it
	if o.log != io.Writer(os.Stdout) || firstNotice(e.Name) {
		fmt.Fprintln(o.log, data.Notice())
	}
	return data, nil
}

// noticed are the stand-ins that this program has told of: a cell that trains many
// networks opens its data for each of them.
var noticed sync.Map

func firstNotice(name string) bool {
	_, before := noticed.LoadOrStore(name, true)
	return !before
}

// drawStandIn draws a data set. Image i depends on i and the data set alone, so
// every run has the same images, on any number of processors.
func drawStandIn(e *catalog.Entry) *Data {
	seed := uint32(70_000)
	if e.Name == "mnist" {
		seed = 140_000
	}
	return &Data{Name: e.Name, Title: e.Title, Classes: e.Classes, StandIn: true,
		Train: drawSet(standInTrain, seed, drawing(e)), Test: drawSet(standInTest, seed+standInTrain, drawing(e))}
}

// drawSet draws count images on all processors, each from a generator seeded
// with its own number.
func drawSet(count int, seed uint32, draw drawer) *Set {
	s := &Set{pixels: make([]uint8, count*side*side), labels: make([]uint8, count), height: side, width: side}
	var group sync.WaitGroup
	parts := runtime.GOMAXPROCS(0)
	for part := range parts {
		group.Go(func() {
			r := nprandom.New(0)
			for i := part * count / parts; i < (part+1)*count/parts; i++ {
				r.Seed(seed + uint32(i))
				class := r.RandInt(0, 10)
				s.labels[i] = uint8(class)
				expose(r, draw(r, class), s.Pixels(i))
			}
		})
	}
	group.Wait()
	return s
}

// expose turns a drawing into bytes, with grain on what was painted.
func expose(r *nprandom.RandomState, c *canvas, pixels []uint8) {
	film := film()
	film = film[r.RandInt(0, len(film)-len(c.grey)):]
	grain := r.Uniform(0.02, 0.14)
	for i, v := range c.grey {
		v += v * grain * film[i]
		pixels[i] = uint8(255*min(max(v, 0), 1) + 0.5)
	}
}

// film returns a strip of normal numbers. Every image takes its grain from some
// place of it: drawing 784 normal numbers for each would take longer than all
// the rest.
var film = sync.OnceValue(func() []float64 {
	r, strip := nprandom.New(0), make([]float64, 1<<14)
	for i := range strip {
		strip[i] = r.Randn()
	}
	return strip
})

// pose places a drawing on the canvas, a little turned, scaled, slanted and
// shifted.
func pose(r *nprandom.RandomState, turn, slant, shift float64) affine {
	angle, lean := r.Uniform(-turn, turn), r.Uniform(-slant, slant)
	sx, sy := r.Uniform(0.82, 1.05), r.Uniform(0.82, 1.05)
	sin, cos := math.Sincos(angle)
	return affine{
		xx: sx * cos, xy: sy * (lean*cos - sin), dx: r.Uniform(-shift, shift),
		yx: sx * sin, yy: sy * (lean*sin + cos), dy: r.Uniform(-shift, shift),
	}
}

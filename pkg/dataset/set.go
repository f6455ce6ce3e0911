package dataset

import (
	"fmt"
	"slices"

	"convbook/pkg/dataset/internal/catalog"
	"convbook/pkg/internal/idx"
	"convbook/pkg/internal/kernels"
	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// Set is a list of labelled grey images of one size. Sets share memory, which may be
// that of a file and read only; nothing changes them.
type Set struct {
	pixels        []uint8 // count x height x width
	labels        []uint8
	height, width int
}

// newSet puts an images file and a labels file together, upright and with labels from 0.
func newSet(images, labels dataFile, e *catalog.Entry) (*Set, error) {
	size, pixels, err := idx.Read(images.bytes, idx.Images)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", images.name, err)
	}
	classOf, err := idx.ReadLabels(labels.bytes)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", labels.name, err)
	}
	if size[0] != len(classOf) {
		return nil, fmt.Errorf("%s holds %d images but %s holds %d labels", images.name, size[0], labels.name, len(classOf))
	}
	if size[0] == 0 {
		return nil, fmt.Errorf("%s holds no images", images.name)
	}
	first, last := e.FirstLabel, e.FirstLabel+len(e.Classes)-1
	for i, class := range classOf {
		if int(class) < first || int(class) > last {
			return nil, fmt.Errorf("%s: label %d is %d, but there are only %d classes, %d to %d", labels.name, i, class, len(e.Classes), first, last)
		}
	}
	s := &Set{pixels: pixels, labels: classOf, height: size[1], width: size[2]}
	if e.Transposed {
		s = s.transposed()
	}
	if first != 0 {
		s.labels = slices.Clone(s.labels)
		for i := range s.labels {
			s.labels[i] -= uint8(first)
		}
	}
	return s, nil
}

// transposed exchanges the rows and columns of every image.
func (s *Set) transposed() *Set {
	turned := &Set{pixels: make([]uint8, len(s.pixels)), labels: s.labels, height: s.width, width: s.height}
	for i := range s.Len() {
		from, to := s.Pixels(i), turned.Pixels(i)
		for y := range turned.height {
			for x := range turned.width {
				to[y*turned.width+x] = from[x*s.width+y]
			}
		}
	}
	return turned
}

// Len returns the number of images.
func (s *Set) Len() int { return len(s.labels) }

// Shape returns the shape of one image: 1, 28, 28.
func (s *Set) Shape() (c, h, w int) { return 1, s.height, s.width }

// Pixels returns the bytes of image i in row-major order, 0 for black to 255
// for white. The caller must not change them.
func (s *Set) Pixels(i int) []uint8 {
	size := s.height * s.width
	return s.pixels[i*size : (i+1)*size : (i+1)*size]
}

// Label returns the class of image i.
func (s *Set) Label(i int) int { return int(s.labels[i]) }

// Labels returns the classes of all images.
func (s *Set) Labels() []int {
	t := make([]int, len(s.labels))
	for i, label := range s.labels {
		t[i] = int(label)
	}
	return t
}

// Head returns the first n images. It panics unless 0 <= n <= Len.
func (s *Set) Head(n int) *Set {
	if n < 0 || n > s.Len() {
		panic(fmt.Sprintf("Head(%d): the set has %d images", n, s.Len()))
	}
	return &Set{pixels: s.pixels[:n*s.height*s.width], labels: s.labels[:n], height: s.height, width: s.width}
}

// Pick returns the images with the given indices, in that order. It panics when one
// is not there.
func (s *Set) Pick(indices []int) *Set {
	size := s.height * s.width
	picked := &Set{pixels: make([]uint8, 0, len(indices)*size), labels: make([]uint8, 0, len(indices)), height: s.height, width: s.width}
	for _, i := range indices {
		if i < 0 || i >= s.Len() {
			panic(fmt.Sprintf("Pick: there is no image %d; the set has %d images", i, s.Len()))
		}
		picked.pixels = append(picked.pixels, s.Pixels(i)...)
		picked.labels = append(picked.labels, s.labels[i])
	}
	return picked
}

// Class returns the images of one class, in their order.
func (s *Set) Class(label int) *Set {
	var indices []int
	for i, t := range s.labels {
		if int(t) == label {
			indices = append(indices, i)
		}
	}
	return s.Pick(indices)
}

// Tail returns the last n images. It panics unless 0 <= n <= Len.
func (s *Set) Tail(n int) *Set {
	if n < 0 || n > s.Len() {
		panic(fmt.Sprintf("Tail(%d): the set has %d images", n, s.Len()))
	}
	first := s.Len() - n
	return &Set{pixels: s.pixels[first*s.height*s.width:], labels: s.labels[first:], height: s.height, width: s.width}
}

// grey holds float32(p)/255 for each byte p.
var grey = func() (table [256]float32) {
	for p := range table {
		table[p] = float32(p) / 255
	}
	return table
}()

// brighten sets x = float32(pixel)/255.
func brighten[T ndarray.Float](pixels []uint8, x []T) {
	if x, ok := any(x).([]float32); ok {
		kernels.Grey(pixels, x)
		return
	}
	for i, p := range pixels {
		x[i] = T(grey[p])
	}
}

// Images returns all images of s as an array (N, 1, H, W) of numbers from 0
// to 1.
func Images[T ndarray.Float](s *Set) *ndarray.Array[T] {
	x := ndarray.Zeros[T](s.Len(), 1, s.height, s.width)
	brighten(s.pixels, x.Data())
	return x
}

// Gather puts the images with the given indices into x (len(indices), 1, H, W)
// and their classes into t. It panics when the shapes do not fit.
func Gather[T ndarray.Float](s *Set, indices []int, x *ndarray.Array[T], t []int) {
	shapes.Check("Gather x", x.Shape(), []int{len(indices), 1, s.height, s.width}, "one image for each index")
	shapes.Check("Gather t", []int{len(t)}, []int{len(indices)}, "one label for each index")
	size := s.height * s.width
	for k, i := range indices {
		brighten(s.Pixels(i), x.Data()[k*size:(k+1)*size])
		t[k] = int(s.labels[i])
	}
}

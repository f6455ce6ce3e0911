// Package carried packs the images that the page of the playground has in it, and reads them there.
package carried

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"convbook/pkg/dataset"
	"convbook/pkg/internal/idx"
)

// How many images of each data set a page has, the first ones.
const (
	Train = 500
	Test  = 300
)

// names are those of the files of a data set in the archive, each in a folder of the data set's name.
var names = []string{"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}

// about is the file beside them: the title, and a second line for a stand-in.
const (
	about   = "about"
	standIn = "stand-in"
)

// Pack returns an archive with some data sets. It is not compressed: the page's program is, with what goes with it.
func Pack(sets []*dataset.Data) ([]byte, error) {
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	add := func(name string, content []byte) error {
		w, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			return err
		}
		_, err = w.Write(content)
		return err
	}
	for _, d := range sets {
		title := d.Title
		if d.StandIn {
			title += "\n" + standIn
		}
		err := add(path.Join(d.Name, about), []byte(title))
		for i, set := range []*dataset.Set{d.Train, d.Test} {
			pixels, labels := content(set)
			err = errors.Join(err, add(path.Join(d.Name, names[2*i]), pixels), add(path.Join(d.Name, names[2*i+1]), labels))
		}
		if err != nil {
			return nil, err
		}
	}
	err := archive.Close()
	return b.Bytes(), err
}

// content returns the two files of a set.
func content(s *dataset.Set) (images, labels []byte) {
	_, height, width := s.Shape()
	pixels, classes := make([]byte, 0, s.Len()*height*width), make([]byte, 0, s.Len())
	for i := range s.Len() {
		pixels, classes = append(pixels, s.Pixels(i)...), append(classes, byte(s.Label(i)))
	}
	return idx.Encode(idx.Images, []int{s.Len(), height, width}, pixels), idx.Encode(idx.Labels, []int{s.Len()}, classes)
}

// Read returns the data sets of an archive, in its order.
func Read(file []byte) ([]*dataset.Data, error) {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, fmt.Errorf("the page's images: %w", err)
	}
	var order []string
	sets := map[string]map[string][]byte{}
	for _, entry := range archive.File {
		folder, name := path.Split(entry.Name)
		if sets[folder] == nil {
			sets[folder], order = map[string][]byte{}, append(order, folder)
		}
		r, err := entry.Open()
		if err != nil {
			return nil, fmt.Errorf("the page's images: %w", err)
		}
		if sets[folder][name], err = io.ReadAll(io.LimitReader(r, int64(len(file)))); err != nil {
			return nil, fmt.Errorf("the page's images: %w", err)
		}
	}
	var all []*dataset.Data
	for _, folder := range order {
		d, err := dataset.OfFiles(strings.TrimSuffix(folder, "/"), sets[folder])
		if err != nil {
			return nil, fmt.Errorf("the page's images: %w", err)
		}
		title, mark, _ := strings.Cut(string(sets[folder][about]), "\n")
		d.Title, d.StandIn, d.Own = title, mark == standIn, false
		all = append(all, d)
	}
	return all, nil
}

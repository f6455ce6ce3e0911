// Images packs the first images of MNIST and of Fashion-MNIST for the playground of the site, whose page has no file
// system and no network:
//
//	go run ./pkg/playground/images -into FILE -cover FILE
//
// The images are those that dataset.Open opens; a stand-in is marked as one. It prints a line for each. The cover is a figure for the
// index of the course: a network, trained as the page trains it, at work.
package main

import (
	"flag"
	"fmt"
	"os"

	"convbook/pkg/dataset"
	"convbook/pkg/playground/internal/carried"
	"convbook/pkg/system/atomicfile"
)

func main() {
	into := flag.String("into", "images.zip", "the `file` to write")
	drawing := flag.String("cover", "cover.svg", "the `file` for the figure of the index")
	flag.Parse()
	if err := write(*into, *drawing); err != nil {
		fmt.Fprintln(os.Stderr, "images:", err)
		os.Exit(1)
	}
}

func write(into, drawing string) error {
	var sets []*dataset.Data
	for _, name := range []string{"mnist", "fashion"} {
		data, err := dataset.Open(name, dataset.Log(os.Stderr))
		if err != nil {
			return err
		}
		sets = append(sets, data.Head(min(carried.Train, data.Train.Len()), min(carried.Test, data.Test.Len())))
		fmt.Printf("%s: %s\n", name, data.Label())
	}
	file, err := carried.Pack(sets)
	if err != nil {
		return err
	}
	if err := atomicfile.Write(into, file); err != nil {
		return err
	}
	svg, err := cover(file, sets[0].StandIn)
	if err != nil {
		return err
	}
	return atomicfile.Write(drawing, svg)
}

package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// Data is a data set: images to train on and images to test on.
type Data struct {
	Name    string // "mnist" or "fashion"
	Title   string // "MNIST" or "Fashion-MNIST"
	Classes []string
	Train   *Set
	Test    *Set
	Source  string // where it came from, in words
	StandIn bool   // drawn by the program instead of the real images
}

// Environment is the variable that names a folder with data. Its value
// "stand-in" asks for the stand-in.
const Environment = "CONVBOOK_DATA"

const standInValue = "stand-in"

// Option changes how Open works.
type Option func(*options)

type options struct {
	folder string
	ctx    context.Context
	log    io.Writer
	cache  string
	fetch  downloader
}

// Folder takes the data from a folder, which holds the four files or a folder
// fashion or mnist with them, compressed or not.
func Folder(dir string) Option { return func(o *options) { o.folder = dir } }

// Context ends a download when ctx is cancelled.
func Context(ctx context.Context) Option { return func(o *options) { o.ctx = ctx } }

// Log is where Open tells what takes long or needs attention; os.Stdout
// otherwise.
func Log(w io.Writer) Option { return func(o *options) { o.log = w } }

// Open opens the data set with the given name, "mnist" or "fashion". The
// package documentation says where it looks. When a folder was named, by Folder
// or CONVBOOK_DATA, the data must be there and whole: nothing is downloaded or
// drawn in its place. Errors say which file, what was found, and what to do.
func Open(name string, opts ...Option) (*Data, error) {
	e, err := find(name)
	if err != nil {
		return nil, err
	}
	o := options{folder: os.Getenv(Environment), ctx: context.Background(), log: os.Stdout, cache: cacheFolder(e), fetch: newDownloader()}
	for _, opt := range opts {
		opt(&o)
	}
	switch o.folder {
	case "":
		return e.openCached(o)
	case standInValue:
		return e.standIn(o), nil
	}
	unset := "open the data set without naming a folder"
	if o.folder == os.Getenv(Environment) {
		unset = "unset " + Environment
	}
	files, from, err := e.readFolder(o.folder)
	if err != nil {
		return nil, fmt.Errorf("dataset: %w; put the four %s files there, or %s to have them downloaded", err, e.title, unset)
	}
	data, err := e.assemble(files)
	if err != nil {
		return nil, fmt.Errorf("dataset: in %s, %w; replace the file, or %s to have it downloaded", from, err, unset)
	}
	data.Source = from
	return data, nil
}

// Must returns data, or panics with err: for notebooks, where an error should
// stop the cell and be read.
func Must(data *Data, err error) *Data {
	if err != nil {
		panic(err)
	}
	return data
}

// Head returns the same data with only the first images of each set. It panics
// when a set has fewer.
func (d *Data) Head(train, test int) *Data {
	head := *d
	head.Train, head.Test = d.Train.Head(train), d.Test.Head(test)
	return &head
}

// String says in one line what the data is. Source says where it came from.
func (d *Data) String() string {
	return fmt.Sprintf("%s: %d training and %d test images in %d classes", d.Label(), d.Train.Len(), d.Test.Len(), len(d.Classes))
}

// Label is the title of the data, marked when it is the stand-in. Figures show
// it.
func (d *Data) Label() string {
	if d.StandIn {
		return d.Title + " STAND-IN (drawn, not real)"
	}
	return d.Title
}

// Notice tells, for a stand-in, that it is one and how to get the real data.
// For real data it is empty.
func (d *Data) Notice() string {
	if !d.StandIn {
		return ""
	}
	return fmt.Sprintf("These are not the real %s images: they were not found, so the program drew a stand-in.\n"+
		"Connect to the network and run again, or put the four files into a folder %s and set %s to the folder above it.",
		d.Title, d.Name, Environment)
}

// openCached takes the data from the cache folder, from the web, or draws it.
func (e *entry) openCached(o options) (*Data, error) {
	files, err := e.readCache(o)
	source := o.cache
	if err != nil {
		files, source, err = e.download(o)
	}
	if errors.Is(err, errNoNetwork) {
		return e.standIn(o), nil
	}
	if err != nil {
		return nil, fmt.Errorf("dataset: %w; try again later, or get the four files another way and set %s to their folder, or to %s for drawn images", err, Environment, standInValue)
	}
	data, err := e.assemble(files)
	if err != nil {
		return nil, fmt.Errorf("dataset: %w", err)
	}
	data.Source = source
	return data, nil
}

func (e *entry) standIn(o options) *Data {
	data := e.drawStandIn()
	fmt.Fprintln(o.log, data.Notice())
	return data
}

// assemble reads the four files.
func (e *entry) assemble(files [4]dataFile) (*Data, error) {
	d := &Data{Name: e.name, Title: e.title, Classes: e.classes}
	var err error
	if d.Train, err = newSet(files[0], files[1], len(e.classes)); err != nil {
		return nil, err
	}
	if d.Test, err = newSet(files[2], files[3], len(e.classes)); err != nil {
		return nil, err
	}
	if d.Train.height != d.Test.height || d.Train.width != d.Test.width {
		return nil, fmt.Errorf("the training images are %dx%d but the test images %dx%d", d.Train.height, d.Train.width, d.Test.height, d.Test.width)
	}
	return d, nil
}

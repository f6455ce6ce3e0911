package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"convbook/pkg/dataset/internal/catalog"
	"convbook/pkg/system/private"
)

// Data is a data set: images to train on and images to test on.
type Data struct {
	Name    string // "mnist", "fashion", …
	Title   string // "MNIST", "Fashion-MNIST", …; of files that nobody knows, with "your own files"
	Classes []string
	Train   *Set
	Test    *Set
	Source  string // where it came from, in words
	StandIn bool   // drawn by the program instead of the real images
	Own     bool   // files that are not those that are distributed under the name
}

// FolderVariable is the variable that names a folder with data. Its value
// "stand-in" asks for the stand-in.
const FolderVariable = "CONVBOOK_DATA"

const standInValue = "stand-in"

// Option changes how Open works.
type Option func(*options)

type options struct {
	folder    string
	ctx       context.Context
	log       io.Writer
	downloads string // the folder that they are kept in, "" for none
	kept      store
	again     bool // TryAgain
	fetch     func(ctx context.Context, e *catalog.Entry, folder string, log io.Writer) error
	network   func() uint32 // a mark of the network that the machine is in
}

// Folder takes the data from a folder, which holds the four files, compressed or not, or
// a folder with them named as the data set; Keras' mnist.npz, torchvision's MNIST/raw and
// Kaggle's file names are known, too.
func Folder(dir string) Option { return func(o *options) { o.folder = dir } }

// Context ends a download when ctx is cancelled.
func Context(ctx context.Context) Option { return func(o *options) { o.ctx = ctx } }

// Log is where Open tells what takes long or needs attention; os.Stdout
// otherwise.
func Log(w io.Writer) Option { return func(o *options) { o.log = w } }

// Open opens the data set with the given name: "mnist", "fashion", "kmnist", "qmnist",
// "emnist-digits", "emnist-letters" or "emnist-balanced". The
// package documentation says where it looks. When a folder was named, by Folder
// or CONVBOOK_DATA, the data must be there and complete: nothing is downloaded or
// drawn in its place. Errors say which file, what was found, and what to do.
func Open(name string, opts ...Option) (*Data, error) {
	e, err := catalog.Find(name)
	if err != nil {
		return nil, fmt.Errorf("dataset: %w", err)
	}
	o := options{folder: os.Getenv(FolderVariable), ctx: context.Background(), log: os.Stdout, fetch: fetch, network: networkNow}
	o.downloads, o.kept = cacheFolders(e)
	for _, opt := range opts {
		opt(&o)
	}
	switch o.folder {
	case "":
		return openCached(e, o)
	case standInValue:
		return standIn(e, o)
	}
	unset := "open the data set without naming a folder"
	if o.folder == os.Getenv(FolderVariable) {
		unset = "unset " + FolderVariable
	}
	files, from, err := readFolder(e, o.folder)
	if err != nil {
		return nil, fmt.Errorf("dataset: %w; put the four %s files there, or %s to have them downloaded", err, e.Title, unset)
	}
	data, err := openFiles(e, files, o)
	if err != nil {
		return nil, fmt.Errorf("dataset: in %s, %w; replace the file, or %s to have it downloaded", from, err, unset)
	}
	data.Source = from
	return data, nil
}

// openFiles checks the files of a folder. What is compressed or stored otherwise than it
// is shown is unpacked once, and kept.
func openFiles(e *catalog.Entry, files [4]dataFile, o options) (*Data, error) {
	name := fingerprint(e, files)
	if data, _, err := o.kept.open(e, name); err == nil {
		return data, nil
	}
	data, err := checked(e, files)
	if err != nil {
		return nil, err
	}
	return o.kept.keep(e, name, data), nil
}

// checked reads four files and says whose they are.
func checked(e *catalog.Entry, files [4]dataFile) (*Data, error) {
	own, err := judge(e, files)
	if err != nil {
		return nil, err
	}
	data, err := assemble(e, files)
	if err != nil {
		return nil, err
	}
	if own && (e.Sums[0] != "" || !fits(e, data)) {
		data.markOwn()
	}
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
		"Connect to the network and run again, or put the four files into a folder %s,\n"+
		"and set %s to the folder above it.\n"+
		"실제 %s 이미지를 찾지 못해 그려서 만든 대체 이미지를 씁니다. 네트워크에 연결해 다시 실행하거나,\n"+
		"파일 네 개를 %s 폴더에 넣고 %s 변수에 그 위 폴더를 지정하세요.",
		d.Title, d.Name, FolderVariable, d.Title, d.Name, FolderVariable)
}

// markOwn says that the files are not those that are distributed under the name.
func (d *Data) markOwn() {
	d.Own = true
	d.Title += " (your own files)"
}

// official is the name under which a data set is kept that was downloaded.
func official(e *catalog.Entry) string {
	sum := e.Sums[0] + e.Packed[0]
	return e.Name + "-" + sum[:min(8, len(sum))]
}

// openCached takes the data from the cache folder, from the web, or draws it.
func openCached(e *catalog.Entry, o options) (*Data, error) {
	if data, ok := openShared(e, o.log); ok {
		return data, nil
	}
	data, found, err := o.kept.open(e, official(e))
	if err == nil {
		data.Source = o.downloads
		return data, nil
	}
	if found {
		fmt.Fprintf(o.log, "%s in the cache is damaged (%v) and is made anew.\n", e.Title, err)
	}
	if files, err := readDownloads(e, o, o.downloads, true); err == nil {
		return openDownloads(e, files, o, o.downloads)
	}
	if len(e.Mirrors) == 0 {
		return nil, fmt.Errorf("dataset: %s is opened from a folder: get it from %s and set %s to the folder", e.Title, e.Home, FolderVariable)
	}
	if failed := o.lastFailure(); !failed.IsZero() {
		fmt.Fprint(o.log, waiting(e.Name, failed))
		return standIn(e, o)
	}
	folder, source := o.downloads, o.downloads
	if err := makeFolder(folder); err != nil {
		fmt.Fprintf(o.log, "%s cannot be kept in the cache (%v): it is used now and will be downloaded again next time.\n", e.Title, err)
		if folder, err = os.MkdirTemp("", "convbook-download-"); err != nil {
			return nil, fmt.Errorf("dataset: there is no folder for a download: %w", err)
		}
		defer os.RemoveAll(folder)
		source = "the web"
	}
	err = o.fetch(o.ctx, e, folder, o.log)
	if errors.Is(err, errUnreachable) {
		o.noteFailure()
		return standIn(e, o)
	}
	o.forgetFailure()
	var files [4]dataFile
	if err == nil {
		files, err = readDownloads(e, o, folder, false)
	}
	if err != nil {
		return nil, fmt.Errorf("dataset: %w; try again later, or get the four files another way and set %s to their folder%s", err, FolderVariable, orDrawn(e))
	}
	return openDownloads(e, files, o, source)
}

func orDrawn(e *catalog.Entry) string {
	if drawing(e) == nil {
		return ""
	}
	return ", or to " + standInValue + " for drawn images"
}

func makeFolder(folder string) error {
	if folder == "" {
		return errors.New("there is no cache folder that can be written")
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return cause(err)
	}
	return private.Check(folder)
}

// readDownloads reads the files that were downloaded and checks them.
func readDownloads(e *catalog.Entry, o options, folder string, again bool) (files [4]dataFile, err error) {
	if folder == "" || private.Check(folder) != nil {
		return files, errors.New("no downloads")
	}
	for i, name := range e.Files {
		path := filepath.Join(folder, name+".gz")
		content, err := readBounded(path)
		if err != nil {
			return files, err
		}
		files[i] = dataFile{name + ".gz", content}
		if err := matches(e, i, content); err != nil {
			if again {
				fmt.Fprintf(o.log, "%s is damaged (%v) and will be downloaded again.\n", path, err)
			}
			return files, fmt.Errorf("%s is damaged (%w)", path, err)
		}
	}
	return files, nil
}

func openDownloads(e *catalog.Entry, files [4]dataFile, o options, source string) (*Data, error) {
	data, err := assemble(e, files)
	if err != nil {
		return nil, fmt.Errorf("dataset: %w", err)
	}
	data.Source = source
	return o.kept.keep(e, official(e), data), nil
}

// assemble reads the four files.
func assemble(e *catalog.Entry, files [4]dataFile) (*Data, error) {
	d := &Data{Name: e.Name, Title: e.Title, Classes: e.Classes}
	var err error
	if d.Train, err = newSet(files[0], files[1], e); err != nil {
		return nil, err
	}
	if d.Test, err = newSet(files[2], files[3], e); err != nil {
		return nil, err
	}
	if d.Train.height != d.Test.height || d.Train.width != d.Test.width {
		return nil, fmt.Errorf("the training images are %dx%d but the test images %dx%d", d.Train.height, d.Train.width, d.Test.height, d.Test.width)
	}
	return d, nil
}

// Package catalog says what is known of each data set: what its files are called, what
// they hold, and where they come from.
package catalog

import (
	"fmt"
	"strings"
)

// Entry is one data set.
type Entry struct {
	Name, Title string
	Aliases     []string // other names, which its folder may have, too
	Classes     []string
	Files       [4]string // images and labels to train on, images and labels to test on; .gz may follow
	Mirrors     []string  // each ends with a slash and serves Files with .gz
	Home        string    // where people get it

	// What the files are known by: the SHA-256 of what they hold, or the MD5 of the
	// compressed files as they are distributed. Empty where nobody has published it.
	Sums   [4]string
	Packed [4]string

	Counts     [2]int // how many images there are to train and to test on
	FirstLabel int    // the label of Classes[0]
	Transposed bool   // rows and columns are exchanged in the files
}

var digits = strings.Fields("0 1 2 3 4 5 6 7 8 9")

// standard are the names that most data sets of the kind use.
var standard = [4]string{"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}

// Entries are all data sets. The MD5 of KMNIST and QMNIST are those that torchvision
// checks (torchvision/datasets/mnist.py); of the files in EMNIST's archive none are published.
var Entries = []*Entry{
	{
		Name: "mnist", Title: "MNIST", Classes: digits, Files: standard, Counts: [2]int{60000, 10000},
		Mirrors: []string{
			"https://ossci-datasets.s3.amazonaws.com/mnist/",
			"https://storage.googleapis.com/cvdf-datasets/mnist/",
		},
		Sums: [4]string{
			"ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
			"65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
			"0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
			"ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
		},
	},
	{
		Name: "fashion", Title: "Fashion-MNIST", Aliases: []string{"fashion-mnist", "fashion_mnist", "FashionMNIST"},
		Classes: []string{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"},
		Files:   standard, Counts: [2]int{60000, 10000},
		Mirrors: []string{
			"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
			"https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
		},
		Sums: [4]string{
			"c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
			"bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
			"5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
			"0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
		},
	},
	{
		Name: "kmnist", Title: "KMNIST", Aliases: []string{"kuzushiji", "Kuzushiji-MNIST"},
		Classes: strings.Fields("o ki su tsu na ha ma ya re wo"), Files: standard, Counts: [2]int{60000, 10000},
		Mirrors: []string{"http://codh.rois.ac.jp/kmnist/dataset/kmnist/"},
		Packed: [4]string{
			"bdb82020997e1d708af4cf47b453dcf7", "e144d726b3acfaa3e44228e80efcd344",
			"5c965bf0a639b31b8f53240b1b52f4d7", "7320c461ea6c1c855c0b718fb2a4b134",
		},
	},
	{
		Name: "qmnist", Title: "QMNIST", Classes: digits, Counts: [2]int{60000, 60000},
		Files:   [4]string{"qmnist-train-images-idx3-ubyte", "qmnist-train-labels-idx2-int", "qmnist-test-images-idx3-ubyte", "qmnist-test-labels-idx2-int"},
		Mirrors: []string{"https://raw.githubusercontent.com/facebookresearch/qmnist/master/"},
		Packed: [4]string{
			"ed72d4157d28c017586c42bc6afe6370", "0058f8dd561b90ffdd0f734c6a30e5e4",
			"1394631089c404de565df7b7aeaf9412", "5b5b05890a5e13444e108efe57b788aa",
		},
	},
	emnist("digits", digits, 0, 240000, 40000),
	emnist("letters", letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), 1, 124800, 20800),
	emnist("balanced", letters("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt"), 0, 112800, 18800),
}

// emnist is a part of EMNIST (Cohen et al., 2017). Labels of the letters begin at 1.
func emnist(part string, classes []string, first, train, test int) *Entry {
	name := "emnist-" + part
	return &Entry{
		Name: name, Title: "EMNIST " + part, Aliases: []string{"emnist", "EMNIST"}, Classes: classes,
		Files:  [4]string{name + "-train-images-idx3-ubyte", name + "-train-labels-idx1-ubyte", name + "-test-images-idx3-ubyte", name + "-test-labels-idx1-ubyte"},
		Home:   "https://www.nist.gov/itl/products-and-services/emnist-dataset (gzip.zip)",
		Counts: [2]int{train, test}, FirstLabel: first, Transposed: true,
	}
}

func letters(all string) []string { return strings.Split(all, "") }

// Find returns the data set of a name.
func Find(name string) (*Entry, error) {
	var names []string
	for _, e := range Entries {
		if strings.EqualFold(e.Name, name) || len(e.Aliases) > 0 && !e.Transposed && contains(e.Aliases, name) {
			return e, nil
		}
		names = append(names, fmt.Sprintf("%q", e.Name))
	}
	if what := related(name); what != "" {
		return nil, fmt.Errorf("%q %s", name, what)
	}
	return nil, fmt.Errorf("no data set is called %q; choose one of %s", name, strings.Join(names, ", "))
}

// related says what to open instead of a data set that is near to one here.
func related(name string) string {
	switch short := strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "", ".", "").Replace(name)); short {
	case "emnist":
		return `has several parts; choose one of "emnist-digits", "emnist-letters", "emnist-balanced"`
	case "emnistbyclass", "emnistbymerge", "byclass", "bymerge":
		return `is not opened here: some of its classes have a hundred times the images of others; "emnist-balanced" has 47 classes of equal size`
	case "emnistmnist":
		return `is the digits of MNIST once more; choose "mnist" or "emnist-digits"`
	case "digits", "letters", "balanced":
		return fmt.Sprintf("is a part of EMNIST; open %q", "emnist-"+short)
	case "cifar10", "cifar100", "cifar", "svhn", "imagenet", "tinyimagenet", "stl10", "coco", "medmnist", "notmnist", "k49", "kuzushiji49":
		return `is not opened here: the images must be grey and in the four files that MNIST has, as those of "mnist" and "fashion" are`
	}
	return ""
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

// Folders are the names that a folder with its files may have.
func (e *Entry) Folders() []string {
	name := []string{e.Name, e.Title}
	return append(name, e.Aliases...)
}

// Part says which of the four files index is.
func Part(index int) string {
	return [4]string{"training images", "training labels", "test images", "test labels"}[index]
}

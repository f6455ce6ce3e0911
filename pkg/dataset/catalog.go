package dataset

import (
	"fmt"
	"strings"
)

// catalog says what is known of each data set.
var catalog = []*entry{
	{
		name: "mnist", title: "MNIST", aliases: []string{"mnist"},
		classes: []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
		mirrors: []string{
			"https://ossci-datasets.s3.amazonaws.com/mnist/",
			"https://storage.googleapis.com/cvdf-datasets/mnist/",
		},
		sums: [4]string{
			"ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
			"65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
			"0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
			"ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
		},
	},
	{
		name: "fashion", title: "Fashion-MNIST", aliases: []string{"fashion", "fashion-mnist", "fashion_mnist", "FashionMNIST"},
		classes: []string{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"},
		mirrors: []string{
			"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
			"https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
		},
		sums: [4]string{
			"c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
			"bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
			"5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
			"0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
		},
	},
}

// entry is one data set.
type entry struct {
	name, title string
	aliases     []string // what its folder may be called
	classes     []string
	mirrors     []string  // each ends with a slash and serves fileNames with .gz
	sums        [4]string // SHA-256 of the uncompressed files, in the order of fileNames
}

// fileNames are the four files of every data set.
var fileNames = [4]string{
	"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
	"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
}

func find(name string) (*entry, error) {
	var names []string
	for _, e := range catalog {
		for _, alias := range e.aliases {
			if strings.EqualFold(alias, name) {
				return e, nil
			}
		}
		names = append(names, fmt.Sprintf("%q", e.name))
	}
	return nil, fmt.Errorf("dataset: no data set is called %q; choose one of %s", name, strings.Join(names, ", "))
}

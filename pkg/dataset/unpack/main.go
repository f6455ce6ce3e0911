// Unpack opens data sets and writes them into a folder, unpacked, for the kernel that
// all users of a machine share:
//
//	go run ./pkg/dataset/unpack -into FOLDER NAME…
//
// It prints a line for each. A data set that cannot be opened, or only drawn, is left
// out: the users download or draw it themselves.
package main

import (
	"flag"
	"fmt"
	"os"

	"convbook/pkg/dataset"
)

func main() {
	into := flag.String("into", "data", "the `folder` above those of the data sets")
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	for _, name := range flag.Args() {
		data, err := dataset.Open(name, dataset.Log(os.Stderr))
		switch {
		case err != nil:
			fmt.Printf("%s: %v\n", name, err)
			continue
		case data.StandIn:
			fmt.Printf("%s: no images; students get the drawn stand-in, or download it\n", name)
			continue
		}
		if err := data.Unpack(*into); err != nil {
			fmt.Fprintln(os.Stderr, "unpack:", err)
			os.Exit(1)
		}
		fmt.Printf("%s: %v\n", name, data)
	}
}

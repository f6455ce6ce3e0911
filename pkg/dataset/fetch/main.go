// Fetch downloads data sets, each file checked, from the first mirror that sends it
// complete:
//
//	go run ./pkg/dataset/fetch [-into FOLDER] NAME…
//
// The files of a data set lie in FOLDER/NAME afterwards, for CONVBOOK_DATA=FOLDER.
// Package dataset starts it where there are no data, so that the programs of cells, of
// which few download anything, do without net/http.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"convbook/pkg/dataset/internal/catalog"
	"convbook/pkg/dataset/internal/download"
)

func main() {
	into := flag.String("into", "data", "the `folder` above those of the data sets")
	exactly := flag.Bool("exactly", false, "puts the files into the folder itself")
	mirror := flag.String("mirror", "", "an `address` to fetch from instead of the known ones")
	talks := flag.Bool("talk", false, "tells its parent by lines what happens, and ends with it")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	fail := func(err error) {
		fmt.Fprintln(os.Stderr, "fetch:", err)
		os.Exit(1)
	}
	var log io.Writer = os.Stdout
	if *talks {
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		go func() { // the parent, however it ends, closes the standard input
			io.Copy(io.Discard, os.Stdin)
			cancel()
		}()
		log = lines{"say "}
		fail = func(err error) {
			if errors.Is(err, download.ErrUnreachable) {
				fmt.Println("unreachable")
			} else {
				fmt.Println("failed " + strings.ReplaceAll(err.Error(), "\n", " "))
			}
			os.Exit(0)
		}
	}
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	d := download.New()
	if *mirror != "" {
		d.Mirrors = strings.Split(*mirror, ",")
	}
	for _, name := range flag.Args() {
		e, err := catalog.Find(name)
		if err != nil {
			fail(err)
		}
		if len(e.Mirrors) == 0 {
			fail(fmt.Errorf("%s has no mirror for single files; get it from %s", e.Title, e.Home))
		}
		folder := *into
		if !*exactly {
			folder = filepath.Join(folder, e.Name)
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			fail(err)
		}
		if err := d.Into(ctx, e, folder, log); err != nil {
			fail(err)
		}
	}
	if *talks {
		fmt.Println("done")
	}
}

// lines writes each line behind a word.
type lines struct{ word string }

func (l lines) Write(text []byte) (int, error) {
	for _, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		fmt.Println(l.word + line)
	}
	return len(text), nil
}

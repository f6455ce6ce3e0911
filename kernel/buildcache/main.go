// Command buildcache is the build cache of a user whose kernel is shared by all users
// of a machine: what is compiled already lies in a folder that all of them read, what
// a user compiles goes into a folder of the user's own. So nobody waits for what was
// compiled for another, and nobody can change what another runs. The go command starts
// it where GOCACHEPROG says so:
//
//	buildcache OWN SHARED
//
// With -keep, OWN keeps what is found in SHARED, too: so the shared folder is filled by
// its installer, who has compiled most of it before.
//
// Both folders have the layout of the go command's own cache, so that a plain
//
//	GOCACHE=SHARED go build std ./pkg/...
//
// fills the shared one.
//
// Measured, a cell's `go build` with everything compiled takes 0.02 s of processor time
// more than with the go command's own cache (0.21 s instead of 0.19 s). To copy the
// shared folder into each home instead would take 0.7 s and 256 MB for each user; hard
// links to files of others are forbidden on Linux, and what links of the other kind lead
// to the go command would take for unused after five days.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	keep := flag.Bool("keep", false, "keep in OWN what is found in SHARED")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "buildcache: want [-keep] OWN SHARED, two folders; the go command starts this program, see GOCACHEPROG")
	}
	flag.Parse()
	if flag.NArg() != 2 {
		flag.Usage()
		os.Exit(2)
	}
	if err := serve(os.Stdin, os.Stdout, layers{folder(flag.Arg(0)), folder(flag.Arg(1)), *keep}); err != nil {
		fmt.Fprintln(os.Stderr, "buildcache:", err)
		os.Exit(1)
	}
}

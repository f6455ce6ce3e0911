package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// options are what the command line asks for.
type options struct {
	rows           []string
	json, markdown bool
	peers          bool
	python         string
	device         string // words of the name of what the row gpu measures
	gpu            bool   // the row gpu is asked for

	rounds int
	slice  time.Duration // for which a contender works in a round
	quick  bool
}

// rows are what can be measured, in this order.
var rows = []string{"assignment", "book", "deep", "sigmoid", "norm", "evaluation", "product", "kernels", "memory", "sweeps", "scaling"}

// alone are the rows that know no peers.
var alone = []string{"kernels", "scaling"}

// onDevice is the row of another program, which is measured where it is asked for.
const onDevice = "gpu"

// quickRows are what -quick measures unless rows are chosen.
var quickRows = []string{"assignment", "book", "deep", "evaluation", "product", "kernels"}

// parse reads the command line. Its errors are for the user.
func parse(args []string, log io.Writer) (options, error) {
	o := options{rounds: 5, slice: 250 * time.Millisecond}
	set := flag.NewFlagSet("go run ./pkg/benchmark", flag.ContinueOnError)
	set.SetOutput(log)
	chosen := set.String("rows", "", "what to measure, with commas between: "+strings.Join(rows, ", ")+" (default all of these), and "+onDevice)
	set.BoolVar(&o.quick, "quick", false, "fewer and shorter rounds, and neither memory, sweeps nor scaling: half a minute")
	set.BoolVar(&o.json, "json", false, "write JSON")
	set.BoolVar(&o.markdown, "md", false, "write Markdown")
	set.BoolVar(&o.peers, "peers", true, "measure NumPy and PyTorch, too, and install them where they are not")
	set.StringVar(&o.python, "python", "", "a Python that has NumPy and PyTorch, instead of installing them")
	set.StringVar(&o.device, "device", "", "words of the name of the device for the row gpu; the best one without")
	if err := set.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, errors.New("--help lists what can be given")
	}
	if set.NArg() > 0 {
		return o, fmt.Errorf("%q is not understood; --help lists what can be given", set.Arg(0))
	}
	if o.json && o.markdown {
		return o, errors.New("-json and -md exclude each other")
	}
	o.rows = rows
	if o.quick {
		o.rounds, o.slice, o.rows = 2, 80*time.Millisecond, quickRows
	}
	if *chosen != "" {
		o.rows = nil
		for name := range strings.SplitSeq(*chosen, ",") {
			if name = strings.TrimSpace(name); name == onDevice {
				o.gpu = true
				continue
			}
			if !slices.Contains(rows, name) {
				return o, fmt.Errorf("there is no row %q; choose from %s, %s", name, strings.Join(rows, ", "), onDevice)
			}
			o.rows = append(o.rows, name)
		}
	}
	return o, nil
}

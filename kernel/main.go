// Command kernel runs the notebooks of the course on the GoNB kernel, which it
// sets up by itself, and opens them in JupyterLab:
//
//	go run ./kernel run assignment
//	go run ./kernel lab
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"convbook/kernel/internal/terminal"

	"convbook/pkg/system/private"
)

type commands struct {
	Run       runCommand       `cmd:"" help:"Run notebooks and write them, with their outputs and as HTML pages, into out/."`
	Mark      markCommand      `cmd:"" help:"Mark what students handed in, in a sandbox."`
	Lab       labCommand       `cmd:"" help:"Open JupyterLab on the notebooks."`
	Site      siteCommand      `cmd:"" help:"Write the course as a web site, with a playground that trains in the browser."`
	Share     shareCommand     `cmd:"" help:"Start a board by which machines share a sweep."`
	Install   installCommand   `cmd:"" help:"Install the kernel for your own Jupyter or VS Code, or for all users of a machine."`
	Uninstall uninstallCommand `cmd:"" help:"Take the installed kernel away."`
	Handout   handoutCommand   `cmd:"" help:"Write notebooks for students: no outputs, no solutions, checks locked."`
	Doctor    doctorCommand    `cmd:"" help:"Say what is there and what is missing."`
	Clean     cleanCommand     `cmd:"" help:"Remove what was set up, after showing it."`
	Version   versionCommand   `cmd:"" help:"Say which version of the course this is."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), ends()...)
	defer stop()
	var c commands
	parser := kong.Must(&c, kong.Name("go run ./kernel"),
		kong.Description("Sets up the Go kernel of convbook and runs its notebooks."),
		kong.UsageOnError(), kong.Writers(os.Stdout, terminal.ShownTo(os.Stderr)), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if len(os.Args) < 2 {
		welcome()
		return
	}
	command, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)
	command.BindTo(ctx, (*context.Context)(nil))
	err = command.Run()
	private.Close()
	if err != nil {
		fmt.Fprintln(os.Stderr)
		if errors.Is(err, context.Canceled) {
			fmt.Fprintln(os.Stderr, "stopped")
			os.Exit(130)
		}
		fmt.Fprintln(os.Stderr, terminal.Shown(err.Error()))
		os.Exit(1)
	}
}

// ends are the signals that end a command: Ctrl-C, a terminal that is closed, a reader
// of what we print that has gone.
func ends() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGPIPE}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup does
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// welcome says what can be done and which notebooks there are.
func welcome() {
	fmt.Print(`convbook: convolutional networks in Go notebooks.

  go run ./kernel run assignment   run one notebook (a path or a part of its name)
  go run ./kernel run all          run them all
  go run ./kernel lab              open them in JupyterLab
  go run ./kernel --help           everything else

`)
	list, err := notebooks()
	if err != nil {
		fmt.Println(terminal.Shown(err.Error()))
		return
	}
	fmt.Println("Notebooks:")
	for _, n := range list {
		fmt.Printf("  %-28s %s\n", terminal.Name(n.name), n.title())
	}
}

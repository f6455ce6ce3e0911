// Command board is what machines share a sweep by. It is built when it is first used:
//
//	board serve FOLDER [-address HOST]… [-port N]   runs a board; prints the line for others
//	board status FOLDER                             says how the sweeps of a board stand
//	board stop FOLDER                               ends the board of a folder
//	board companion                                 is started by a program with a sweep
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
)

func main() {
	err := errors.New("board serve, status or stop FOLDER, or board companion")
	if len(os.Args) == 2 && os.Args[1] == "companion" {
		signal.Ignore(os.Interrupt) // Ctrl-C is for the program, which ends this one
		err = companionMain(os.Stdin, os.Stdout)
	}
	if len(os.Args) > 2 {
		err = command(os.Args[1], os.Args[2], os.Args[3:])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func command(name, folder string, rest []string) error {
	switch name {
	case "serve":
		flags := flag.NewFlagSet("serve", flag.ExitOnError)
		var hosts several
		flags.Var(&hosts, "address", "listen on this address of the machine; may be given several times")
		port := flags.Int("port", 0, "listen on this port")
		flags.Parse(rest)
		ctx, stop := untilSignal()
		defer stop()
		return serve(ctx, folder, hosts, *port, func(line string) { fmt.Println(line) })
	case "status":
		return status(os.Stdout, folder)
	case "stop":
		return stopBoard(folder)
	}
	return fmt.Errorf("there is no %q", name)
}

type several []string

func (s *several) String() string { return strings.Join(*s, ",") }

func (s *several) Set(value string) error {
	*s = append(*s, value)
	return nil
}

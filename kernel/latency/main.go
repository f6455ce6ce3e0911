// Command latency measures how long a student waits for the kernel, beside the Python
// kernel doing the same steps in the same run, rounds in turn:
//
//	go run ./kernel/latency        # a table
//	go run ./kernel/latency -md    # the same for the README
//
// Both kernels are talked to by the same client, over the Jupyter protocol. Every
// figure is the median of the rounds. An edited cell has never been built before: its
// time is that of goimports, the compiler and the linker, and of running it. The
// figure that Python draws is matplotlib's, in the page. "Empty caches" means none of
// Go's built packages, and for Python none of its compiled files.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	markdown := flag.Bool("md", false, "print a table in Markdown")
	rounds := flag.Int("rounds", 9, "rounds, in each of which both kernels do every step")
	cold := flag.Bool("cold", true, "also measure from empty caches, which takes a minute")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *rounds, *cold, *markdown); err != nil {
		if errors.Is(err, context.Canceled) {
			fmt.Fprintln(os.Stderr, "stopped")
			os.Exit(130)
		}
		fmt.Fprintln(os.Stderr, "latency:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, rounds int, cold, markdown bool) error {
	if rounds < 1 {
		return fmt.Errorf("-rounds is %d; want 1 or more", rounds)
	}
	programs, err := programs(ctx, os.Stderr)
	if err != nil {
		return err
	}
	t, err := measure(ctx, programs, rounds, cold, os.Stderr)
	if err != nil {
		return err
	}
	t.print(os.Stdout, markdown)
	return nil
}

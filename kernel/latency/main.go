// Command latency measures how long a student waits for the kernel, beside the Python
// kernel doing the same steps in the same run, rounds in turn:
//
//	go run ./kernel/latency               # two tables
//	go run ./kernel/latency -md           # the same for the README
//	go run ./kernel/latency -course=false # a small notebook only
//	go run ./kernel/latency -rounds 0     # the course's notebooks only
//	go run ./kernel/latency -rounds 0 03 07
//
// Both kernels are talked to by the same client, over the Jupyter protocol. Every
// figure is the median of the rounds. An edited cell has never been built before: its
// time is that of goimports, the compiler and the linker, and of running it. The
// figure that Python draws is matplotlib's, in the page. "Empty caches" means none of
// Go's built packages, and for Python none of its compiled files.
//
// In the course's notebooks every cell runs but those that train, of which only the
// declarations do, and those that open what these train.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"convbook/kernel/internal/setup"
)

func main() {
	markdown := flag.Bool("md", false, "print a table in Markdown")
	rounds := flag.Int("rounds", 9, "rounds, in each of which both kernels do every step")
	cold := flag.Bool("cold", true, "also measure from empty caches, which takes a minute")
	course := flag.Bool("course", true, "also measure the course's notebooks, or those named")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *rounds, *cold, *course, *markdown, flag.Args()); err != nil {
		if errors.Is(err, context.Canceled) {
			fmt.Fprintln(os.Stderr, "stopped")
			os.Exit(130)
		}
		fmt.Fprintln(os.Stderr, "latency:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, rounds int, cold, course, markdown bool, names []string) error {
	if rounds < 0 {
		return fmt.Errorf("-rounds is %d; want 0 or more", rounds)
	}
	root, err := setup.Root(".")
	if err != nil {
		return err
	}
	programs, err := programs(ctx, root, os.Stderr)
	if err != nil {
		return err
	}
	if rounds > 0 {
		t, err := measure(ctx, programs, rounds, cold, os.Stderr)
		if err != nil {
			return err
		}
		t.print(os.Stdout, markdown)
	}
	if !course {
		return nil
	}
	c, err := measureCourse(ctx, programs, root, names, os.Stderr)
	if err != nil {
		return err
	}
	fmt.Println()
	c.print(os.Stdout, markdown)
	return nil
}

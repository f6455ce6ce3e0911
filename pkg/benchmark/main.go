package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"convbook/pkg/benchmark/internal/report"
)

func main() {
	if os.Getenv(memoryVariable) != "" {
		trainForMemory(os.Stdout)
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch err := command(ctx, os.Args[1:], os.Stdout, os.Stderr); {
	case errors.Is(err, flag.ErrHelp):
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "stopped")
		os.Exit(130)
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// command runs the benchmark: the report goes to out, what happens meanwhile to log.
func command(ctx context.Context, args []string, out, log io.Writer) error {
	o, err := parse(args, log)
	if err != nil {
		return err
	}
	if o.gpu {
		if err := measureDevice(ctx, o, out, log); err != nil || len(o.rows) == 0 {
			return err
		}
	}
	began := time.Now()
	s := newBench(ctx, o, log)
	defer s.close()
	if err := s.run(); err != nil {
		return err
	}
	fmt.Fprintf(log, "done in %v\n\n", time.Since(began).Round(time.Second))
	return write(out, s.report, o)
}

func write(out io.Writer, r *report.Report, o options) error {
	switch {
	case o.json:
		return r.JSON(out)
	case o.markdown:
		_, err := io.WriteString(out, r.Markdown())
		return err
	}
	_, err := io.WriteString(out, r.Text())
	return err
}

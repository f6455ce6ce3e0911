package trainer

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"convbook/pkg/dataset"
	"convbook/pkg/internal/runfolder"
	"convbook/pkg/nprandom"
)

// The test program is also the program that is killed, when these are set.
const (
	killedFolder = "CONVBOOK_TEST_RUN"
	killedData   = "CONVBOOK_TEST_IMAGES"
)

func TestMain(m *testing.M) {
	if folder := os.Getenv(killedFolder); folder != "" {
		if err := trainToBeKilled(folder, os.Getenv(killedData)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func toBeKilled(data *dataset.Data) tinyRun[float32] {
	return tinyRun[float32]{data: data, optimizer: "adam", change: func(c *Config) {
		c.Epochs = 200
		often(c)
	}}
}

// trainToBeKilled trains and prints the number of each step.
func trainToBeKilled(folder, images string) error {
	data, err := dataset.Open("fashion", dataset.Folder(images))
	if err != nil {
		return err
	}
	tr, _, err := toBeKilled(data).prepare(folder, new(teller), &remembering{})
	if err != nil {
		return err
	}
	_, err = tr.Train(context.Background())
	return err
}

// teller prints the steps.
type teller struct{ stopper }

func (*teller) StepEnd(e Event) error {
	_, err := os.Stdout.WriteString(strconv.Itoa(e.Step) + "\n")
	return err
}

// A program that is killed at random moments, and started again each time, ends
// its run with the same bits. CONVBOOK_KILLS says how often; 20, and 200 with
// CONVBOOK_LONG.
func TestKill(t *testing.T) {
	kills := 20
	if os.Getenv("CONVBOOK_LONG") != "" {
		kills = 200
	}
	if n, err := strconv.Atoi(os.Getenv("CONVBOOK_KILLS")); err == nil {
		kills = n
	}
	images := writeTiny(t)
	r := toBeKilled(openTiny(t, images))
	want := r.whole(t, &remembering{})
	moments := nprandom.New(uint32(time.Now().UnixNano()))
	killed, runs, lost, leftovers := 0, 0, 0, 0
	for killed < kills {
		folder := t.TempDir()
		runs++
		for killed < kills {
			moment := time.Duration(moments.Uniform(0, 150) * float64(time.Millisecond))
			last, finished := lives(t, folder, images, moment, moments.Rand() < 0.5)
			if finished {
				break
			}
			killed++
			lost = max(lost, last-newestStep(t, folder))
			left, _ := filepath.Glob(filepath.Join(folder, "*", "*.part"))
			leftovers += len(left)
		}
		tr, rng := r.start(t, folder, &remembering{})
		h, err := tr.Train(context.Background())
		if got := outcomeOf(h, rng); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("after %d kills the run ends as\n%+v, %v\nwant\n%+v", killed, got, err, want)
		}
		if left, _ := filepath.Glob(filepath.Join(folder, "*", "*.part")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
	t.Logf("%d kills of %d runs of %d steps; the same bits each time; at most %d steps were trained again; %d half-written files were swept",
		killed, runs, len(want.loss), lost, leftovers)
}

// lives starts the program and kills it after a while, counted from its start or
// from its first step, however late a busy machine comes to that. It returns the
// last step that the program told of, and whether it had come to its end before.
func lives(t *testing.T, folder, images string, long time.Duration, fromFirstStep bool) (last int, finished bool) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), killedFolder+"="+folder, killedData+"="+images)
	var errors strings.Builder
	child.Stderr = &errors
	steps, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	scanner := bufio.NewScanner(steps)
	if fromFirstStep && scanner.Scan() {
		last, _ = strconv.Atoi(scanner.Text())
	}
	alarm := time.AfterFunc(long, func() { child.Process.Kill() })
	defer alarm.Stop()
	for scanner.Scan() {
		if step, err := strconv.Atoi(scanner.Text()); err == nil {
			last = step
		}
	}
	switch err := child.Wait(); {
	case err == nil:
		return last, true
	case child.ProcessState.ExitCode() >= 0:
		t.Fatalf("the program ends with %v: %s", err, &errors)
	}
	return last, false
}

// newestStep returns the step of the newest checkpoint, which must be whole.
func newestStep(t *testing.T, folder string) int {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, "*", runfolder.CheckpointPrefix+"*"+runfolder.CheckpointEnding))
	if err != nil || len(found) > runfolder.CheckpointsKept+1 {
		t.Fatalf("%d checkpoints in %s, %v", len(found), folder, err)
	}
	if len(found) == 0 {
		return 0
	}
	file, err := os.ReadFile(found[len(found)-1])
	if err != nil {
		t.Fatal(err)
	}
	c, err := readWhole(file)
	if err != nil {
		t.Fatalf("a kill left a checkpoint of which %v", err)
	}
	return c.Step
}

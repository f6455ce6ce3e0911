package distributed

import (
	"context"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/nprandom"
)

// TestMain is the main of the processes that a test starts: they go straight to
// the training that the test is in.
func TestMain(m *testing.M) {
	if value := os.Getenv(roleVariable); value != "" {
		own, _, _ := strings.Cut(value, "/")
		call, err := strconv.ParseInt(own, 10, 64)
		if err != nil {
			panic(err)
		}
		calls.Store(call - 1)
		if os.Getenv("CONVBOOK_TEST_FALLS") != "" {
			panic("the roof falls in")
		}
		n, err := strconv.Atoi(os.Getenv("CONVBOOK_TEST_PROCESSES"))
		if err != nil {
			panic(err)
		}
		_, err = Train(context.Background(), small(), images(), config(n))
		panic(err) // never reached: a started process ends in Train
	}
	os.Exit(m.Run())
}

// images are opened once in each process.
var images = sync.OnceValue(func() *dataset.Set {
	os.Setenv("CONVBOOK_DATA", "stand-in")
	return dataset.Must(dataset.Open("mnist")).Train.Head(400)
})

func small() *convnet.SimpleConvNet[float32] {
	return convnet.NewSimpleConvNet[float32](nprandom.New(0), convnet.SimpleConvNetConfig{FilterNum: 8, HiddenSize: 20, WeightInit: "he"})
}

func config(processes int) Config {
	return Config{Processes: processes, Steps: 12, BatchSize: 64, LR: 0.002, Rng: nprandom.New(1)}
}

func train(t *testing.T, processes int, change func(*Config)) (*Result, error) {
	t.Helper()
	t.Setenv("CONVBOOK_TEST_PROCESSES", strconv.Itoa(processes))
	c := config(processes)
	if change != nil {
		change(&c)
	}
	return Train(context.Background(), small(), images(), c)
}

// TestSameBits trains in one, two and four processes: the same losses and the same
// weights.
func TestSameBits(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows hands no pipes over")
	}
	one, err := train(t, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if one.Bytes != 0 || one.Children != 0 || len(one.Loss) != 12 || one.Loss[11] >= one.Loss[0] {
		t.Fatalf("alone: %+v", one)
	}
	weights := int64(0)
	for _, p := range small().Params() {
		weights += int64(p.Size())
	}
	before := runtime.GOMAXPROCS(0)
	for _, n := range []int{2, 4} {
		got, err := train(t, n, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got.Digest != one.Digest {
			t.Errorf("%d processes end with %s, one with %s", n, got.Digest, one.Digest)
		}
		for i, loss := range got.Loss {
			if loss != one.Loss[i] {
				t.Fatalf("%d processes, step %d: loss %v, alone %v", n, i, loss, one.Loss[i])
			}
		}
		// Each step and process: 64 indices, the sum there and back.
		if want := int64(n-1) * 12 * 4 * (64 + 2*(weights+1)); got.Bytes != want || got.Children != n-1 {
			t.Errorf("%d processes passed %d bytes between %d children, want %d", n, got.Bytes, got.Children, want)
		}
	}
	if now := runtime.GOMAXPROCS(0); now != before {
		t.Errorf("GOMAXPROCS is %d after training, was %d", now, before)
	}
}

// TestThrottle holds the time to what the traffic must take.
func TestThrottle(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows hands no pipes over")
	}
	const rate = 1e6
	got, err := train(t, 2, func(c *Config) { c.Throttle = rate })
	if err != nil {
		t.Fatal(err)
	}
	if least := time.Duration(float64(got.Bytes) / 2 / rate * 1e9); got.Took < least*9/10 || got.Waited < least*8/10 {
		t.Errorf("%d bytes, half of them throttled, took %v and %v of waiting; the rate allows %v at best", got.Bytes, got.Took, got.Waited, least)
	}
}

// TestOtherSettings refuses a process that came to another call.
func TestOtherSettings(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows hands no pipes over")
	}
	_, err := train(t, 2, func(c *Config) { c.Steps = 3 })
	if err == nil || !strings.Contains(err.Error(), "has the settings") {
		t.Errorf("got %v", err)
	}
}

// TestLostProcess says what a process that fell had to say.
func TestLostProcess(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows hands no pipes over")
	}
	t.Setenv("CONVBOOK_TEST_FALLS", "1")
	_, err := train(t, 2, nil)
	if err == nil || !strings.Contains(err.Error(), "process 1") {
		t.Errorf("got %v", err)
	}
}

// TestCancelled ends a training that would take for ever.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	c := config(1)
	c.Steps = 1 << 30
	if _, err := Train(ctx, small(), images(), c); err != context.DeadlineExceeded {
		t.Errorf("got %v", err)
	}
}

// TestBadConfigs names what is wrong with each.
func TestBadConfigs(t *testing.T) {
	for want, change := range map[string]func(*Config){
		"Processes is 3":   func(c *Config) { c.Processes = 3 },
		"BatchSize is 100": func(c *Config) { c.BatchSize = 100 },
		"Steps is 0":       func(c *Config) { c.Steps = 0 },
		"LR is -1":         func(c *Config) { c.LR = -1 },
		"Throttle is -2":   func(c *Config) { c.Throttle = -2 },
		"Rng is nil":       func(c *Config) { c.Rng = nil },
	} {
		if _, err := train(t, 1, change); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", want, err)
		}
	}
	drops := convnet.NewSimpleConvNet[float32](nprandom.New(0), convnet.SimpleConvNetConfig{DropoutRatio: 0.5, UseDropout: true})
	if _, err := Train(context.Background(), drops, images(), config(1)); err == nil || !strings.Contains(err.Error(), "Dropout1") {
		t.Errorf("with dropout: got %v", err)
	}
}

package gpu

import (
	"errors"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/internal/opencl"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

// little is a network whose kernels are compiled soon.
func little(seed uint32) *convnet.Sequential[float32] {
	return convnet.Build[float32](nprandom.New(seed), []int{1, 8, 8}, convnet.He, convnet.Affine(10), convnet.Relu(), convnet.Dropout(0.2), convnet.Affine(10))
}

// TestUpdates holds the six rules to those of pkg/optimizer over some steps, with the
// moments that are handed back.
func TestUpdates(t *testing.T) {
	d := opened(t)
	train := drawn(t, nprandom.New(3), 40, 10)
	names := optimizer.Names()
	if os.Getenv("CONVBOOK_LONG") == "" {
		names = []string{"adam"} // PoCL compiles for seconds, and once for all tests that use the same
	}
	for _, name := range names {
		settings := optimizer.Settings{LR: 0.05}
		onDevice, here := little(1), little(1)
		own, err := optimizer.New[float32](name, settings)
		if err != nil {
			t.Fatal(err)
		}
		other, _ := optimizer.New[float32](name, settings)
		p, err := d.Plan(work(onDevice, other, 8, train))
		if err != nil {
			t.Fatal(err)
		}
		rng := nprandom.New(7)
		indices := make([]int, 8)
		for range 6 {
			rng.ChoiceInto(train.Len(), indices)
			x, labels := gather(train, indices)
			loss, grads := here.LossGradient(x, labels)
			own.Update(here.Params(), grads)
			if err := p.Step(indices, nil, false); err != nil {
				t.Fatal(err)
			}
			got, err := p.Loss()
			if err != nil || math.Abs(got-float64(loss)) > 1e-4 {
				t.Errorf("%s: the loss is %v (%v), want %v", name, got, err, loss)
			}
		}
		if err := p.Store(); err != nil {
			t.Fatal(err)
		}
		for param, want := range here.Params() {
			near(t, name+": "+param, wide(onDevice.Params()[param]), wide(want), 1e-4)
		}
		want, got := own.State(), other.State()
		if got.Updates != want.Updates {
			t.Errorf("%s counts %d updates, want %d", name, got.Updates, want.Updates)
		}
		for letter, moments := range want.Moments {
			for param, m := range moments {
				if got.Moments[letter][param] == nil {
					t.Fatalf("%s: no moment %s of %s came back", name, letter, param)
				}
				near(t, name+": moment "+letter+" of "+param, wide(got.Moments[letter][param]), wide(m), 1e-4)
			}
		}
		p.Close()
	}
}

func wide(a *ndarray.Array[float32]) []float64 { return ndarray.Convert[float64](a).Data() }

// TestRight counts as the network does, also in pieces, and on the first samples of a set.
func TestRight(t *testing.T) {
	d := opened(t)
	data := drawnData(t, nprandom.New(3), 60, 37, 8, 8, 10)
	net := little(2)
	made, err := d.Plan(work(net, optimizer.NewAdam[float32](0), 8, data.Train, data.Train, data.Test))
	if err != nil {
		t.Fatal(err)
	}
	defer made.Close()
	made.(*plan).capacity = 16 // what the buffers have room for and more
	for _, n := range []int{1, 15, 16, 17, 37} {
		s := data.Test.Head(n)
		x, labels := gather(s, upTo(n))
		right := 0
		for i, class := range net.Classify(x) {
			if class == labels[i] {
				right++
			}
		}
		if got, err := made.Right(s); err != nil || got != right {
			t.Errorf("of %d samples %d are right (%v), want %d", n, got, err, right)
		}
	}
}

// TestGrey wants the bytes of images to become the numbers that they are on the processor.
func TestGrey(t *testing.T) {
	d := opened(t)
	c, err := d.device.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	program, err := c.Build(file("begin")+"__kernel void greys(__global float *out) { out[get_global_id(0)] = grey(get_global_id(0)); }", "")
	if err != nil {
		t.Fatal(err)
	}
	k, err := program.Kernel("greys")
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.Buffer("out", 4*256)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]float32, 256)
	if err := errors.Join(k.SetBuffer(0, out), k.Launch([3]int{1, 1, 1}, 256), opencl.Read(out, 0, got)); err != nil {
		t.Fatal(err)
	}
	for p, v := range got {
		if v != float32(p)/255 {
			t.Errorf("byte %d becomes %v, want %v", p, v, float32(p)/255)
		}
	}
}

// TestNotFiniteStays wants a step whose loss is not finite, and those after it, to leave
// the parameters as they are.
func TestNotFiniteStays(t *testing.T) {
	d := opened(t)
	train := drawn(t, nprandom.New(3), 40, 10)
	net := little(1)
	p, err := d.Plan(work(net, optimizer.NewAdam[float32](1), 8, train))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	indices := upTo(8)
	broken := make([]float32, 8*64)
	broken[70] = float32(math.NaN())
	before := values(net)
	if err := errors.Join(p.Step(indices, broken, false), p.Step(indices, nil, false)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if loss, err := p.Loss(); err != nil || !math.IsNaN(loss) {
			t.Errorf("the loss is %v (%v), want nan", loss, err)
		}
	}
	if err := p.Store(); err != nil {
		t.Fatal(err)
	}
	for name, want := range before {
		if !slices.Equal(net.Params()[name].Data(), want) {
			t.Errorf("%s changed after a loss that is not finite", name)
		}
	}
}

// told wants an error of two lines at most with these words.
func told(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil || strings.Count(err.Error(), "\n") > 1 {
		t.Errorf("the error is %v", err)
		return
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the error is %q, want %q in it", err, word)
		}
	}
}

// TestUnsupported names the layer that has no kernel.
func TestUnsupported(t *testing.T) {
	d := opened(t)
	train := drawn(t, nprandom.New(3), 40, 10)
	w := work(little(1), optimizer.NewSGD[float32](1), 8, train)
	w.Input, w.Names, w.Layers = []int{1, 8, 8}, []string{"Average1"}, []any{layers.NewAveragePooling[float32](2, 2, 2, 0)}
	_, err := d.Plan(w)
	told(t, err, "Average1", "without Config.Device", "Config.Device 없이")
	_, err = d.Plan(work(little(1), "an optimizer", 8, train))
	told(t, err, "optimizer", "without Config.Device", "Config.Device 없이")
}

// TestLittleMemory evaluates in smaller pieces where the device has little memory.
func TestLittleMemory(t *testing.T) {
	d := opened(t)
	data := drawnData(t, nprandom.New(3), 4000, 10, 8, 8, 10)
	d.prepare = func(c *opencl.Context) { c.Limit(64*4000 + 150<<10) }
	net := little(1)
	p, err := d.Plan(work(net, optimizer.NewAdam[float32](0), 8, data.Train, data.Train))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if capacity := p.(*plan).capacity; capacity >= 4000 || capacity < 8 {
		t.Errorf("%d images are evaluated at once", capacity)
	}
	x, labels := gather(data.Train, upTo(4000))
	right := 0
	for i, class := range net.Classify(x) {
		if class == labels[i] {
			right++
		}
	}
	if got, err := p.Right(data.Train); err != nil || got != right {
		t.Errorf("%d are right (%v), want %d", got, err, right)
	}
}

// TestAtOnce wants plans of one device to be made and closed at the same time, as the
// trials of a sweep do, and nothing of one that is closed to be held.
func TestAtOnce(t *testing.T) {
	d := opened(t)
	train := drawn(t, nprandom.New(3), 40, 10)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 3 {
				p, err := d.Plan(work(little(1), optimizer.NewAdam[float32](0), 8, train))
				if err != nil {
					t.Error(err)
					return
				}
				if err := p.Step(upTo(8), nil, false); err != nil {
					t.Error(err)
				}
				p.Close()
			}
		})
	}
	all.Wait()
	if len(d.plans) != 0 {
		t.Errorf("the device holds %d plans that are closed", len(d.plans))
	}
}

// TestTooLittleMemory wants an error in words, and a device that can be used again.
func TestTooLittleMemory(t *testing.T) {
	d := opened(t)
	train := drawn(t, nprandom.New(3), 40, 10)
	d.prepare = func(c *opencl.Context) { c.Limit(6000) }
	_, err := d.Plan(work(little(1), optimizer.NewAdam[float32](0), 8, train))
	if !errors.Is(err, opencl.ErrMemory) || !strings.Contains(err.Error(), "MB") {
		t.Errorf("the error is %v, want that of too little memory", err)
	}
	d.prepare = nil
	p, err := d.Plan(work(little(1), optimizer.NewAdam[float32](0), 8, train))
	if err != nil {
		t.Fatal(err)
	}
	p.Close()
	if err := p.Step(upTo(8), nil, false); err == nil {
		t.Error("a plan that is closed can be used")
	}
}

package gpu

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"convbook/pkg/internal/device"
	"convbook/pkg/internal/opencl"
	"convbook/pkg/trainer"
)

// breaking is a device that is lost after some steps.
type breaking struct {
	*Device
	after int
}

func (b breaking) Plan(w device.Work) (device.Plan, error) {
	p, err := b.Device.Plan(w)
	return &breakingPlan{Plan: p, left: b.after}, err
}

type breakingPlan struct {
	device.Plan
	left int
}

var errLost = errors.New("the device does not answer any more")

func (b *breakingPlan) Loss() (float64, error) {
	if b.left--; b.left < 0 {
		return 0, errLost
	}
	return b.Plan.Loss()
}

func (b *breakingPlan) Store() error {
	if b.left < 0 {
		return errLost
	}
	return b.Plan.Store()
}

// atTheEnd takes the weights of a run that is over.
type atTheEnd struct{ trainer.Base }

func (atTheEnd) LooksOn() {}

func (atTheEnd) TrainEnd(e trainer.Event, _ error) { e.Run.Weights() }

// TestLost wants a run whose device is lost to go on from its checkpoint, with the same
// bits at the end.
func TestLost(t *testing.T) {
	d := opened(t)
	r := small(t)
	_, h, err := r.train(context.Background(), d, "")
	if err != nil {
		t.Fatal(err)
	}
	want := outcomeOf(h)
	folder := t.TempDir()
	_, _, err = r.train(context.Background(), breaking{d, 23}, folder, atTheEnd{})
	told(t, err, "failed after step 23", errLost.Error(), "the last checkpoint", "체크포인트")
	if !errors.Is(err, errLost) {
		t.Fatal(err)
	}
	var log strings.Builder
	r.change = func(c *trainer.Config) { c.Log, c.Verbose = &log, true }
	if _, h, err = r.train(context.Background(), d, folder); err != nil || !reflect.DeepEqual(outcomeOf(h), want) {
		t.Errorf("it ends as %v (%v), want %v", outcomeOf(h), err, want)
	}
	if !strings.Contains(log.String(), "going on after step") {
		t.Errorf("it began anew: %s", log.String())
	}
}

// TestTooLittleToGoOn wants a run that is to go on where another program has taken the memory to
// say so and to leave its checkpoint, from which it goes on with the same bits.
func TestTooLittleToGoOn(t *testing.T) {
	d := opened(t)
	r := small(t)
	_, h, err := r.train(context.Background(), d, "")
	if err != nil {
		t.Fatal(err)
	}
	want := outcomeOf(h)
	folder := t.TempDir()
	if _, _, err := r.train(context.Background(), breaking{d, 23}, folder); !errors.Is(err, errLost) {
		t.Fatal(err)
	}
	guards := d.prepare
	d.prepare = func(c *opencl.Context) { c.Limit(6000) }
	_, _, err = r.train(context.Background(), d, folder)
	told(t, err, "too little memory", "smaller batch", "메모리")
	d.prepare = guards
	var log strings.Builder
	r.change = func(c *trainer.Config) { c.Log, c.Verbose = &log, true }
	if _, h, err = r.train(context.Background(), d, folder); err != nil || !reflect.DeepEqual(outcomeOf(h), want) {
		t.Errorf("it ends as %v (%v), want %v", outcomeOf(h), err, want)
	}
	if !strings.Contains(log.String(), "going on after step") {
		t.Errorf("it began anew: %s", log.String())
	}
}

package trainer_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/nprandom"
	"convbook/pkg/trainer"
)

// stopAt ends a run with an error after a step.
type stopAt int

func (stopAt) TrainBegin(trainer.Event)     {}
func (stopAt) EpochEnd(trainer.Event) error { return nil }
func (s stopAt) StepEnd(e trainer.Event) error {
	if e.Step == int(s) {
		return errors.New("the power fails")
	}
	return nil
}
func (stopAt) TrainEnd(trainer.Event, error) {}

// TestAugmentedRuns checks that augmentation changes what is learned, that a stopped
// run ends with the bits of one that was not, and that another augmentation is another
// run.
func TestAugmentedRuns(t *testing.T) {
	data := dataset.Must(dataset.Open("fashion")).Head(400, 100)
	all := dataset.Augmentation{Shift: 2, Rotate: 10, Flip: 0.5, Noise: 0.05, Seed: 1}
	train := func(a dataset.Augmentation, folder string, callbacks ...trainer.Callback) (*trainer.History, error) {
		rng := nprandom.New(0)
		net := convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{FilterNum: 4, HiddenSize: 10})
		return trainer.Train(context.Background(), net, data, trainer.Config{Epochs: 3, MiniBatchSize: 20, Optimizer: "adam",
			Rng: rng, Augment: a, EvaluateSampleNumPerEpoch: 50, Keep: folder, CheckpointEvery: 1, Callbacks: callbacks})
	}
	without := trainer.Must(train(dataset.Augmentation{}, ""))
	with := trainer.Must(train(all, ""))
	if with.Digest == without.Digest {
		t.Error("augmentation changes nothing")
	}
	folder := t.TempDir()
	if _, err := train(all, folder, stopAt(17)); err == nil {
		t.Fatal("the run was not stopped")
	}
	if resumed := trainer.Must(train(all, folder)); resumed.Digest != with.Digest {
		t.Errorf("the resumed run ends with %s, the whole one with %s", resumed.Digest, with.Digest)
	}
	less := dataset.Augmentation{Shift: 1}
	if beside, alone := trainer.Must(train(less, folder)), trainer.Must(train(less, "")); beside.Digest != alone.Digest {
		t.Errorf("with another augmentation the run in the same folder ends with %s, alone with %s", beside.Digest, alone.Digest)
	}
	if again := trainer.Must(train(all, folder)); again.Digest != with.Digest {
		t.Errorf("beside another augmentation the run is opened with %s, was %s", again.Digest, with.Digest)
	}
	if _, err := train(dataset.Augmentation{Flip: 2}, ""); err == nil || !strings.Contains(err.Error(), "Augmentation.Flip is 2") {
		t.Errorf("a probability of 2: %v", err)
	}
}

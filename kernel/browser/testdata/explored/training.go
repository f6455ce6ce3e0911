package main

import (
	"context"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/evaluation"
	"convbook/pkg/explore"
	"convbook/pkg/nprandom"
	"convbook/pkg/trainer"
)

// snapped is a run at an epoch.
type snapped struct {
	Epoch              int
	Filters, Confusion []float64
	Train, Test        []float64
}

// training trains a small network and takes a snapshot after each epoch.
func training() ([]*explore.Figure, any) {
	data := dataset.Must(dataset.Open("mnist")).Head(400, 200)
	rng := nprandom.New(5)
	net := convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{FilterNum: 7, HiddenSize: 20})
	var snapshots []explore.Snapshot[float32]
	history := trainer.Must(trainer.Train(context.Background(), net, data, trainer.Config{Epochs: 5, MiniBatchSize: 50, Rng: rng, Optimizer: "adam",
		EvaluateSampleNumPerEpoch: 200, Callbacks: []trainer.Callback{trainer.OnEpoch(func(e trainer.Event) error {
			counts := evaluation.Confusion(evaluation.Answers[float32](net, data.Test), 10)
			snapshots = append(snapshots, explore.Take(len(snapshots)+1, net.Params()["W1"], counts))
			return nil
		})}}))
	train, test := history.Accuracies()
	var want []snapped
	for _, s := range snapshots {
		w := snapped{Epoch: s.Epoch, Train: train, Test: test}
		for _, v := range s.Filters.Reshape(-1).Data() {
			w.Filters = append(w.Filters, float64(v))
		}
		for _, row := range s.Confusion {
			for _, n := range row {
				w.Confusion = append(w.Confusion, float64(n))
			}
		}
		want = append(want, w)
	}
	return []*explore.Figure{explore.Training(history, snapshots, explore.Title("a small network learns · 작은 신경망의 학습"),
		explore.Classes("zero · 영", "one · 일", "two · 이"))}, want
}

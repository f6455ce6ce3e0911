// Package trainer trains a network as the class's Trainer does
// (common/trainer.py): it draws batches, updates the parameters, and measures
// the accuracy once an epoch.
//
//	tr := trainer.New(net, data, trainer.Config{Epochs: 20, Optimizer: "adam",
//		Rng: nprandom.New(0), EvaluateSampleNumPerEpoch: 1000, Verbose: true})
//	history, err := tr.Train(context.Background())
//
// Batches are drawn with replacement, as the class draws them; an epoch is as
// many steps as batches fit into the training set, and the accuracy is measured
// on its first step, so "epoch:1" is the network after one update.
package trainer

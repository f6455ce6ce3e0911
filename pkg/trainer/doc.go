// Package trainer trains a network as the class's Trainer does
// (common/trainer.py): it draws batches, updates the parameters, and measures
// the accuracy once an epoch.
//
//	tr, err := trainer.New(net, data, trainer.Config{Epochs: 20, Optimizer: "adam",
//		Rng: nprandom.New(0), EvaluateSampleNumPerEpoch: 1000, Verbose: true})
//	history, err := tr.Train(context.Background())
//
// Batches are drawn with replacement, as the class draws them; an epoch is as
// many steps as batches fit into the training set, and the accuracy is measured
// on its first step, so "epoch:1" is the network after one update.
//
// # The folder of a run
//
// With Config.Folder a run loses nothing, whatever ends it: a cancelled context, a
// panic, a kill, a full disk. The same program started again goes on from the last
// checkpoint and ends with the same bits as if it had never stopped. A run that is
// finished is loaded at once, and prints the same log. With other settings (data,
// network, seed, optimizer …) Train says which differ and leaves the files alone;
// Config.Restart gives them up. While one program trains in a folder, a second one
// is told so.
//
//	settings.json          what the weights at the end depend on
//	history.jsonl          a line for each epoch
//	checkpoint-STEP.ckpt   all that is needed to go on; the last two are kept
//	history.json           the history, for LoadHistory, when all is done
//	params.npz             the parameters, for params.Load, when all is done
//	lock                   held while a program trains here
//
// A checkpoint is begun on the first step of each epoch and every ten seconds
// (Config.CheckpointEvery), and written while training goes on: a step waits only
// for a copy of the numbers. When writing the one before takes longer than an
// epoch, the next begins as soon as it is there.
//
// # Callbacks
//
// A Callback follows training; a Participant changes it. OnStep and OnEpoch make one of
// a function, others embed Base; package callbacks holds those of Keras. A run that
// diverges ends with NotFinite, which says where. FindLearningRate tries rates before
// training.
package trainer

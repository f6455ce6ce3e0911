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
// # What is kept
//
// With Config.Keep a run loses nothing, whatever ends it: a cancelled context, a panic, a
// kill, a full disk. The same program started again goes on from the last checkpoint and
// ends with the same bits as if it had never stopped. A run that is finished is opened
// at once: it says so, and prints the same log. With other settings (data, network,
// seed, optimizer …) Train says which differ and trains anew; the run before is kept
// beside it, and opened again by its settings. What nobody asks for is removed after a
// month. Config.Restart gives up what is kept with the same settings. While one program
// trains, a second one with the same settings is told so.
//
// OpenRun hands history and parameters to later cells. The files lie in a folder of the
// user's own, or in the one that CONVBOOK_RUNS names, in NAME/SETTINGS:
//
//	settings.json          what the weights at the end depend on
//	history.jsonl          a line for each epoch
//	checkpoint-STEP.ckpt   all that is needed to go on; the last two are kept
//	history.json           the history, for OpenRun, when all is done
//	params.npz             the parameters, for OpenRun, when all is done
//	lock                   held while a program trains here
//
// What is read is believed only if its digest fits. A checkpoint is begun on the first step of each epoch and every ten seconds
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

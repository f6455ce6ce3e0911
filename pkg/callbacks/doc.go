// Package callbacks holds what follows a training run or changes it, each a
// trainer.Callback for trainer.Config.Callbacks. EarlyStopping, ReduceOnPlateau and
// LRSchedule are those of Keras; CSVLog and JSONLog write a line for each epoch.
//
//	trainer.Train(ctx, net, data, trainer.Config{..., ValidationSplit: 0.1,
//		Callbacks: []trainer.Callback{&callbacks.EarlyStopping{Patience: 3, RestoreBest: true}}})
package callbacks

// Package live shows training and sweeps while they go on: in a GoNB notebook as an
// output that changes, in a terminal as a progress bar, in a log file as a line now
// and then.
//
//	trainer.Train(ctx, net, data, trainer.Config{..., Callbacks: []trainer.Callback{live.Training()}})
//
// It is not part of package display so that a cell that draws a figure does not
// link everything that trains.
package live

// Package evaluation asks a network about the samples of a set: how many it classifies
// right, which it takes for what, and which of its mistakes it is most certain of.
//
//	answers := evaluation.Answers[float32](net, data.Test)
//	wrong := evaluation.Mistakes(answers)
//	counts := evaluation.Confusion(answers, 10)
package evaluation

package trainer

import (
	"errors"
	"fmt"
	"math"

	"convbook/pkg/dataset"
	"convbook/pkg/ndarray"
)

// RateSearch says which learning rates FindLearningRate tries. A zero value stands
// for the number given.
type RateSearch struct {
	From, To float64 // 1e-6 and 1
	Steps    int     // 100
}

// RateCurve is the loss by learning rate: what figure.Curves draws over a
// logarithmic axis.
type RateCurve struct {
	Rates []float64
	Loss  []float64 // of the step with that rate

	// Smooth is the loss without the noise of the batches: an average in which
	// each step weighs less the longer ago it is (0.9 for each step), divided by
	// the sum of the weights.
	Smooth []float64

	// Steepest is the rate at which Smooth falls most, counted over the logarithm
	// of the rate: a good one to train with, or to begin the search at. It is 0
	// when the loss never falls.
	Steepest float64
}

// FindLearningRate trains net for a few steps with a rate that grows from step to
// step by the same factor, until the loss is four times the lowest or not finite.
// (Smith, Cyclical Learning Rates, 2017) Network and random sources are afterwards
// as they were before; Epochs, Keep and Callbacks of the config are not used.
func FindLearningRate[T ndarray.Float](net Network[T], data *dataset.Data, config Config, search RateSearch) (*RateCurve, error) {
	return bodies[T]().findLearningRate(net, data, config, search)
}

func findLearningRate[T ndarray.Float](net Network[T], data *dataset.Data, config Config, search RateSearch) (*RateCurve, error) {
	search = search.withDefaults()
	if !(search.From > 0 && search.To > search.From) || !finite(search.To) || search.Steps < 2 {
		return nil, fmt.Errorf("trainer: FindLearningRate from %v to %v in %d steps: want rates that grow from above 0, and 2 steps or more",
			search.From, search.To, search.Steps)
	}
	config.Keep, config.Callbacks = "", nil
	tr, err := newTraining(net, data, config)
	if err != nil {
		return nil, err
	}
	back, err := tr.remember()
	if err != nil {
		return nil, err
	}
	defer tr.leaveDevice()
	if config.Device != nil {
		d, err := tr.onDevice()
		if err != nil {
			return nil, err
		}
		d.ahead = 1 // each step has a rate of its own
	}
	curve := new(RateCurve)
	average, lowest := 0.0, math.Inf(1)
	for i := range search.Steps {
		rate := search.From * math.Pow(search.To/search.From, float64(i)/float64(search.Steps-1))
		tr.setLR(rate)
		loss, err := tr.step()
		if err != nil || !finite(loss) {
			break
		}
		average = 0.9*average + 0.1*loss
		smooth := average / (1 - math.Pow(0.9, float64(i+1)))
		curve.Rates, curve.Loss, curve.Smooth = append(curve.Rates, rate), append(curve.Loss, loss), append(curve.Smooth, smooth)
		lowest = min(lowest, smooth)
		if smooth > 4*lowest {
			break
		}
	}
	curve.Steepest = steepest(curve.Rates, curve.Smooth)
	if err := back(); err != nil {
		return nil, err
	}
	if len(curve.Rates) == 0 {
		return nil, errors.New("trainer: FindLearningRate: the loss of the first step is not finite; check the initial weights and the images")
	}
	return curve, nil
}

func (s RateSearch) withDefaults() RateSearch {
	if s.From == 0 {
		s.From = 1e-6
	}
	if s.To == 0 {
		s.To = 1
	}
	if s.Steps == 0 {
		s.Steps = 100
	}
	return s
}

// steepest returns the rate at which values fall most: rates grow by a constant
// factor, so the difference of the neighbours tells.
func steepest(rates, values []float64) float64 {
	rate, most := 0.0, 0.0
	for i := 1; i+1 < len(values); i++ {
		if fall := values[i-1] - values[i+1]; fall > most {
			rate, most = rates[i], fall
		}
	}
	return rate
}

func (tr *training[T]) setLR(lr float64) {
	if !(lr >= 0) || !finite(lr) {
		panic(fmt.Sprintf("trainer: a learning rate of %v: want a number that is not negative", lr))
	}
	tr.rate = lr
	tr.optimizer.SetLearningRate(lr)
}

package sweep

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
)

// Halving is successive halving (Jamieson and Talwalkar, 2016): after Epochs
// epochs, and again after 2, 4, 8 … times as many, the points are ranked by their
// test accuracy, averaged over the seeds, and only the best share of them goes on.
type Halving struct {
	Epochs int     // until the first ranking; at least 1
	Share  float64 // of the points that goes on, above 0 and below 1; 0.5 when it is 0
}

func (h *Halving) check() error {
	if h.Epochs < 1 || h.Share < 0 || h.Share >= 1 {
		return fmt.Errorf("sweep: Halving after %d epochs with a share of %v: want at least 1 epoch and a share below 1", h.Epochs, h.Share)
	}
	return nil
}

// stage is where a trial stands for the judge.
type stage int

const (
	underWay stage = iota
	waiting        // at the rung, for the others
	ended
)

// judge ranks the points once all their trials have come to a rung or ended. What
// it decides depends on the accuracies alone, not on the order of arrival.
type judge struct {
	Halving
	mu      sync.Mutex
	rung    int // the epochs of the next ranking
	trials  []*trial
	stages  []stage
	scores  []float64    // of the waiting trials
	out     map[int]bool // points that were dismissed
	verdict chan struct{}
}

func newJudge(h Halving, trials []*trial) *judge {
	if h.Share == 0 {
		h.Share = 0.5
	}
	j := &judge{Halving: h, rung: h.Epochs, trials: trials, stages: make([]stage, len(trials)),
		scores: make([]float64, len(trials)), out: make(map[int]bool), verdict: make(chan struct{})}
	for i, t := range trials {
		if t.result.done() {
			j.stages[i] = ended
		}
	}
	return j
}

// isRung reports whether points are ranked after so many epochs.
func (j *judge) isRung(epochs int) bool {
	for rung := j.Epochs; rung <= epochs; rung *= 2 {
		if rung == epochs {
			return true
		}
	}
	return false
}

// arrive brings a trial's accuracy to the rung and waits for the verdict: whether
// the trial goes on.
func (j *judge) arrive(ctx context.Context, t *trial, epochs int, score float64) (stays bool, err error) {
	j.mu.Lock()
	j.stages[t.index], j.scores[t.index] = waiting, score
	given := j.verdict
	j.decide()
	j.mu.Unlock()
	select {
	case <-given:
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	return !j.out[t.point], nil
}

// end takes a trial that is finished out of those that others wait for.
func (j *judge) end(t *trial) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.stages[t.index] = ended
	j.decide()
}

// decide ranks the points when nothing is missing for it.
func (j *judge) decide() {
	someWait := false
	for i, t := range j.trials {
		if j.stages[i] == underWay && !j.out[t.point] {
			return
		}
		someWait = someWait || j.stages[i] == waiting
	}
	if !someWait {
		return
	}
	ranked, score := j.ranking()
	slices.SortStableFunc(ranked, func(a, b int) int {
		switch {
		case score[a] > score[b]:
			return -1
		case score[a] < score[b]:
			return 1
		}
		return 0
	})
	kept := int(math.Ceil(j.Share * float64(len(ranked))))
	for _, point := range ranked[kept:] {
		j.out[point] = true
	}
	for i := range j.stages {
		if j.stages[i] == waiting {
			j.stages[i] = underWay
		}
	}
	j.rung *= 2
	close(j.verdict)
	j.verdict = make(chan struct{})
}

// ranking returns the points that are still in and their mean accuracy at the rung.
func (j *judge) ranking() (points []int, score map[int]float64) {
	score, count := make(map[int]float64), make(map[int]float64)
	for i, t := range j.trials {
		if j.out[t.point] {
			continue
		}
		if count[t.point] == 0 {
			points = append(points, t.point)
		}
		count[t.point]++
		s := j.scores[i]
		if j.stages[i] == ended {
			s = t.result.at(j.rung)
		}
		score[t.point] += s
	}
	for _, p := range points {
		score[p] /= count[p]
	}
	return points, score
}

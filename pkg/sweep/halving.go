package sweep

import (
	"cmp"
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

// judge ranks the points once all their trials have come to a rung or ended. What
// it decides depends on the accuracies alone, not on the order of arrival, nor on the
// machine that trains.
type judge struct {
	Halving
	mu      sync.Mutex
	rung    int // the epochs of the next ranking
	trials  []*trial
	ended   []*Result
	scores  []map[int]float64 // of the trials, by epochs
	out     map[int]int       // after how many epochs a point was dismissed
	verdict chan struct{}
}

func newJudge(h Halving, trials []*trial) *judge {
	if h.Share == 0 {
		h.Share = 0.5
	}
	j := &judge{Halving: h, rung: h.Epochs, trials: trials, ended: make([]*Result, len(trials)),
		scores: make([]map[int]float64, len(trials)), out: make(map[int]int), verdict: make(chan struct{})}
	for i, t := range trials {
		j.scores[i] = make(map[int]float64)
		if t.result.done() {
			j.ended[i] = &t.result
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

// arrive brings a trial's accuracy to a rung.
func (j *judge) arrive(trial, epochs int, score float64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, twice := j.scores[trial][epochs]; !twice {
		j.scores[trial][epochs] = score
		j.decide()
	}
}

// wait waits for what is decided at a rung: whether a trial goes on.
func (j *judge) wait(ctx context.Context, t *trial, epochs int) (stays bool, err error) {
	for {
		j.mu.Lock()
		given, decided := j.verdict, j.rung > epochs
		after, out := j.out[t.point]
		j.mu.Unlock()
		if decided || out && after <= epochs {
			return !out || after > epochs, nil
		}
		select {
		case <-given:
		case <-ctx.Done():
			return false, context.Cause(ctx)
		}
	}
}

// forget begins anew: nobody waits yet.
func (j *judge) forget() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.rung = j.Epochs
	clear(j.out)
	for i := range j.scores {
		clear(j.scores[i])
	}
}

// end takes a trial that is finished out of those that others wait for.
func (j *judge) end(t *trial) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.ended[t.index] = &t.result
	j.decide()
}

// decide ranks the points when nothing is missing for it, and again at the next rung.
func (j *judge) decide() {
	for j.complete() {
		ranked, score := j.ranking()
		slices.SortStableFunc(ranked, func(a, b int) int { return cmp.Compare(score[b], score[a]) })
		kept := int(math.Ceil(j.Share * float64(len(ranked))))
		for _, point := range ranked[kept:] {
			j.out[point] = j.rung
		}
		j.rung *= 2
		close(j.verdict)
		j.verdict = make(chan struct{})
	}
}

// complete reports whether all trials that are still in have come to the rung or ended,
// and one waits there.
func (j *judge) complete() bool {
	someWait := false
	for i, t := range j.trials {
		if _, out := j.out[t.point]; out {
			continue
		}
		_, arrived := j.scores[i][j.rung]
		if !arrived && j.ended[i] == nil {
			return false
		}
		someWait = someWait || arrived && j.ended[i] == nil
	}
	return someWait
}

// ranking returns the points that are still in and their mean accuracy at the rung.
func (j *judge) ranking() (points []int, score map[int]float64) {
	score, count := make(map[int]float64), make(map[int]float64)
	for i, t := range j.trials {
		if _, out := j.out[t.point]; out {
			continue
		}
		if count[t.point] == 0 {
			points = append(points, t.point)
		}
		count[t.point]++
		s := j.scores[i][j.rung]
		if j.ended[i] != nil {
			s = j.ended[i].at(j.rung)
		}
		score[t.point] += s
	}
	for _, p := range points {
		score[p] /= count[p]
	}
	return points, score
}

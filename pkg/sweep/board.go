package sweep

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"convbook/pkg/system/companion"
	"convbook/pkg/trainer"
)

// boardStore shares a sweep with other machines by a board. What this machine finds is
// kept in its own folder, too, so that a lost board loses nothing. The connection is
// that of a companion, a program of its own; what it brings comes from other machines
// and is looked at before it is used.
type boardStore struct {
	*folderStore
	link   *companionLink
	trials []*trial
	code   string // digest of the training function
	judge  *judge
	tell   func(*companion.Shared, string)
	note   func(string)
	left   func() float64

	mu      sync.Mutex
	index   map[string]int // of keys
	counts  map[int]Result // results that count, by trial
	stops   map[int]context.CancelCauseFunc
	wrong   bool  // results that points were ranked by have been taken out before
	failure error // why the sweep cannot go on
}

// errElsewhere ends a training whose result another machine has brought.
var errElsewhere = errors.New("another machine has ended this trial")

// errRanked ends a sweep with Halving that must begin anew.
var errRanked = errors.New("sweep: points were ranked by results that turned out wrong")

// openBoard joins the sweep at the board that CONVBOOK_SWEEP names.
func (r *running) openBoard(ctx context.Context, s Sweep, folder *folderStore) (store, error) {
	b := &boardStore{folderStore: folder, trials: r.trials, code: r.training.code, judge: r.judge, tell: r.progress.share, note: r.progress.note, left: r.progress.left,
		index: map[string]int{}, counts: map[int]Result{}, stops: map[int]context.CancelCauseFunc{}}
	join := &companion.Sweep{Name: filepath.Base(s.Keep), Program: r.training.program(ctx, r.trials[0]), Variant: variant(), Folder: filepath.Join(folder.folder, travelling), Halving: s.Halving != nil}
	for i, t := range r.trials {
		b.index[t.key] = i
		join.Keys = append(join.Keys, t.key)
	}
	if err := os.MkdirAll(join.Folder, 0o700); err != nil {
		return nil, fmt.Errorf("sweep: %w", err)
	}
	link, err := startCompanion(b.news)
	if err != nil {
		return nil, fmt.Errorf("sweep: %w", err)
	}
	b.link = link
	if err := b.join(ctx, join, s.Restart); err != nil {
		b.link.close()
		return nil, err
	}
	go b.beat()
	return b, nil
}

// join joins a sweep and takes over what the board knows of it.
func (b *boardStore) join(ctx context.Context, sweep *companion.Sweep, restart bool) error {
	joined, err := b.link.ask(ctx, companion.Message{Do: companion.Join, Sweep: sweep})
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	if joined.Text != "" {
		b.note(joined.Text)
	}
	if restart {
		if _, err := b.link.ask(ctx, companion.Message{Do: companion.Restart}); err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
	}
	b.mu.Lock()
	wrong := b.wrong
	b.mu.Unlock()
	if !wrong {
		return nil
	}
	// What is kept here may have been stopped by a wrong ranking, and what goes on has passed it.
	for _, t := range b.trials {
		if err := os.RemoveAll(b.going(t)); err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
	}
	return b.folderStore.remove(b.trials)
}

// program is what must be the same on all machines: the text of the training function,
// that of the packages, and what the first trial is trained with, data included.
func (t *training) program(ctx context.Context, first *trial) []companion.Setting {
	function, packages := t.parts()
	all := []companion.Setting{{Name: "the training function", Value: function}, {Name: "the packages of the course", Value: packages}}
	settings, _ := t.begin(ctx, first)
	for _, s := range settings {
		value := s.Value
		if len(value) > 200 {
			value = value[:200]
		}
		all = append(all, companion.Setting{Name: s.Name, Value: value})
	}
	return all
}

// beat gives the companion signs of life: without them it gives the trials back.
func (b *boardStore) beat() {
	for b.link.send(companion.Message{Do: companion.Alive, Trial: -1, Left: b.left()}) == nil {
		time.Sleep(3 * time.Second)
	}
}

// news takes what the companion tells by itself, in the order of the board's log.
func (b *boardStore) news(m companion.Message) {
	switch m.Do {
	case companion.Standing:
		b.tell(m.Shared, b.link.trouble)
		return
	case companion.Trouble:
		b.link.trouble = m.Text
		b.tell(nil, m.Text)
		return
	case companion.Anew:
		b.fail(errRanked)
		return
	case companion.Failed:
		b.fail(fmt.Errorf("sweep: %s", m.Text))
		return
	}
	if m.Trial < 0 || m.Trial >= len(b.trials) {
		return
	}
	switch m.Do {
	case companion.Ranked:
		if b.judge != nil {
			b.judge.arrive(m.Trial, m.Epochs, m.Score)
		}
	case companion.Ended:
		r, err := b.read(m)
		if err != nil {
			r = Result{Failed: fmt.Sprintf("the result of %s cannot be read", m.Machine)}
		}
		b.mu.Lock()
		b.counts[m.Trial] = r
		stop := b.stops[m.Trial]
		b.mu.Unlock()
		if stop != nil {
			stop(errElsewhere)
		}
	case companion.Taken:
		b.mu.Lock()
		delete(b.counts, m.Trial)
		b.wrong = b.wrong || b.judge != nil && m.Machine != ""
		before := b.failure == nil // that this machine joined
		b.mu.Unlock()
		if m.Machine == "" { // given up, to be computed anew
			return
		}
		b.note(fmt.Sprintf("results of %s differ from those of two other machines and are computed anew · %[1]s의 결과가 다른 두 컴퓨터와 달라 다시 계산합니다", m.Machine))
		if b.judge != nil && before {
			b.judge.forget()
		}
	}
}

// fail ends the sweep: trainings that go on are stopped.
func (b *boardStore) fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failure == nil {
		b.failure = err
	}
	for _, stop := range b.stops {
		stop(b.failure)
	}
}

// read reads a result that comes from another machine.
func (b *boardStore) read(m companion.Message) (r Result, err error) {
	t := b.trials[m.Trial]
	if m.Failed == "" {
		if err := json.Unmarshal(m.Result, &r); err != nil {
			return r, err
		}
		if !r.done() || r.Digest != m.Digest {
			return r, errors.New("it has no digest")
		}
	}
	r.Failed, r.Machine, r.Variant = m.Failed, m.Machine, m.Variant
	r.Settings, r.Seed, r.Key = t.result.Settings, t.seed, t.key
	return r, nil
}

// results returns the result that counts, or what this machine has kept.
func (b *boardStore) results(key string) ([]Result, error) {
	b.mu.Lock()
	r, ok := b.counts[b.index[key]]
	b.mu.Unlock()
	if ok {
		return []Result{r}, nil
	}
	return b.folderStore.results(key)
}

// agree brings this machine's result to the board, unless one counts already.
func (b *boardStore) agree(ctx context.Context, t *trial) (Result, error) {
	b.mu.Lock()
	counts, ok := b.counts[t.index]
	claimed := b.link.claims[t.index]
	b.mu.Unlock()
	if !ok || claimed > 0 && counts.Digest != t.result.Digest {
		q := companion.Message{Do: companion.Result, Trial: t.index, Claim: claimed, Digest: t.result.Digest, Failed: t.result.Failed, Variant: cmp.Or(t.result.Variant, "unknown")}
		if t.result.Failed == "" {
			value, err := json.Marshal(t.result)
			if err != nil {
				return t.result, fmt.Errorf("sweep: result of %s: %w", t.result.Settings, err)
			}
			q.Result = value
		}
		answer, err := b.link.ask(ctx, q)
		if err != nil {
			return t.result, fmt.Errorf("sweep: %w", err)
		}
		if counts, err = b.read(answer); err != nil {
			return t.result, fmt.Errorf("sweep: the result of %s: %w", answer.Machine, err)
		}
	}
	if counts.Failed == "" && t.result.Failed == "" && !slices.Equal(counts.Trained, t.result.Trained) {
		err := fmt.Errorf("sweep: %s has trained %s otherwise (%s): the programs must be the same on all machines · %[1]s에서 다른 설정으로 학습했습니다. 모든 컴퓨터에서 같은 프로그램을 쓰세요", counts.Machine, t.result.Settings, differ(counts.Trained, t.result.Trained))
		b.fail(err)
		return t.result, err
	}
	return counts, nil
}

func differ(there, here []trainer.Setting) string {
	return changed([]Result{{Trained: there}}, here)
}

// watch lets a training end when its trial has ended elsewhere.
func (b *boardStore) watch(t *trial, stop context.CancelCauseFunc) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stops[t.index] = stop
	if _, ended := b.counts[t.index]; ended {
		stop(errElsewhere)
	}
}

// next opens what other machines have ended, or takes a trial from the board's queue.
func (b *boardStore) next(left []*trial) (*trial, claim, error) {
	b.mu.Lock()
	for _, t := range left {
		if _, ended := b.counts[t.index]; ended {
			b.mu.Unlock()
			return t, nil, nil
		}
	}
	err := b.failure
	b.mu.Unlock()
	if err != nil {
		return nil, nil, err
	}
	m, err := b.link.ask(context.Background(), companion.Message{Do: companion.Next, Trial: -1})
	if err != nil {
		return nil, nil, fmt.Errorf("sweep: %w", err)
	}
	if m.Trial < 0 || m.Trial >= len(b.trials) {
		return nil, nil, nil
	}
	t := b.trials[m.Trial]
	c := &boardClaim{board: b, trial: t, number: m.Claim}
	if m.Again {
		return t, &boardComparison{c}, nil
	}
	b.mu.Lock()
	_, going := b.stops[t.index]
	b.link.claims[t.index] = m.Claim
	b.mu.Unlock()
	if going { // this machine is at it, and was taken for lost
		return nil, nil, nil
	}
	if m.Text != "" {
		b.note(m.Text)
	}
	c.arrived = m.Path
	return t, c, nil
}

// arrive brings an accuracy to the board, from where it comes to all machines.
func (b *boardStore) arrive(_ *judge, t *trial, epochs int, score float64) error {
	_, err := b.link.ask(context.Background(), companion.Message{Do: companion.Score, Trial: t.index, Epochs: epochs, Score: score})
	return err
}

func (b *boardStore) shared() bool { return true }

// together need not wait: the machines rank together.
func (b *boardStore) together(context.Context, func()) error { return nil }

// settle waits for the comparisons that other machines or this one can make, and then
// keeps all results here, for a later Run without the board.
func (b *boardStore) settle() (again []*trial, more bool, err error) {
	m, err := b.link.ask(context.Background(), companion.Message{Do: companion.Settled, Trial: -1})
	if err != nil {
		return nil, false, fmt.Errorf("sweep: %w", err)
	}
	b.mu.Lock()
	for _, t := range b.trials {
		if r, ok := b.counts[t.index]; !ok || r.Digest != t.result.Digest || r.Failed != t.result.Failed {
			again = append(again, t)
		}
	}
	failure := b.failure
	b.mu.Unlock()
	switch {
	case failure != nil:
		return nil, false, failure
	case len(again) > 0 || m.Checks > 0:
		return again, m.Checks > 0, nil
	case m.Text != "":
		return nil, false, fmt.Errorf("sweep: %s", m.Text)
	}
	return nil, false, b.keepAll()
}

// keepAll adds the results of other machines to this one's folder.
func (b *boardStore) keepAll() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range b.trials {
		r, ok := b.counts[t.index]
		if !ok || r.Failed != "" {
			continue
		}
		kept, err := b.folderStore.results(t.key)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(kept, func(k Result) bool { return k.Code == r.Code && k.Digest == r.Digest }) {
			if err := b.folderStore.add(r); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *boardStore) close() {
	b.link.close()
	b.folderStore.close()
}

// boardClaim is a trial from the board's queue.
type boardClaim struct {
	board   *boardStore
	trial   *trial
	number  int
	arrived string // the file of a checkpoint that another machine has left
}

func (c *boardClaim) release() {
	c.board.mu.Lock()
	delete(c.board.stops, c.trial.index)
	if now := c.board.link.claims[c.trial.index]; now > 0 {
		c.number = now // claimed again meanwhile
	}
	delete(c.board.link.claims, c.trial.index)
	c.board.mu.Unlock()
	c.board.link.ask(context.Background(), companion.Message{Do: companion.Release, Trial: c.trial.index, Claim: c.number})
}

// boardComparison is a trial to be trained once more.
type boardComparison struct{ *boardClaim }

func (c *boardComparison) release() {
	c.board.link.ask(context.Background(), companion.Message{Do: companion.Release, Trial: c.trial.index, Claim: c.number})
}

func (c *boardComparison) ended(digest string) error {
	_, err := c.board.link.ask(context.Background(), companion.Message{Do: companion.Check, Trial: c.trial.index, Claim: c.number, Digest: digest})
	return err
}

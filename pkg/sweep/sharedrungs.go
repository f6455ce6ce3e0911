package sweep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"convbook/pkg/internal/runfile"
	"convbook/pkg/trainer"
)

// rungEnding is that of the files of accuracies at a ranking.
const rungEnding = ".rung"

// rung is an accuracy that a trial has come to, for the judges of all machines. Like a result it belongs
// to a training of a key, and the first counts.
type rung struct {
	Key     string            `json:"key"`
	Code    string            `json:"code"`
	Trained []trainer.Setting `json:"trained"`
	Epochs  int               `json:"epochs"`
	Score   float64           `json:"score"`
}

func (r rung) fileName() string {
	training := strings.TrimSuffix(fileName(Result{Key: r.Key, Code: r.Code, Trained: r.Trained}), resultEnding)
	return fmt.Sprintf("%s-%d%s", training, r.Epochs, rungEnding)
}

func readRung(path string) (r rung, err error) {
	content, _, err := readSmall(path)
	if err != nil {
		return r, err
	}
	value, err := runfile.Unseal(content)
	if err == nil {
		err = json.Unmarshal(value, &r)
	}
	if err == nil && r.fileName() != filepath.Base(path) {
		err = errors.New("it is that of another trial")
	}
	return r, err
}

// arrive brings the accuracy of a trial to the folder, and the one that counts to the judge of this
// machine. Without it the others would wait for ever: a full disk is tried again for a while.
func (s *sharedStore) arrive(j *judge, t *trial, epochs int, score float64) error {
	r := rung{t.key, s.run.training.code, t.result.Trained, epochs, score}
	value, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("sweep: accuracy of %s: %w", t.result.Settings, err)
	}
	for began := time.Now(); ; time.Sleep(time.Second) {
		if err = s.claims.Add(r.fileName(), runfile.Seal(value)); errors.Is(err, fs.ErrExist) {
			var first rung
			if first, err = readRung(filepath.Join(s.folder, r.fileName())); err == nil {
				score = first.Score
			} else if err = s.claims.Replace(r.fileName(), runfile.Seal(value)); errors.Is(err, fs.ErrExist) {
				continue // another machine did the same
			}
		}
		if err == nil {
			j.arrive(t.index, epochs, score)
			return nil
		}
		if time.Since(began) > patience {
			return fmt.Errorf("sweep: an accuracy cannot be shared: %w; make room, and the same Run goes on", err)
		}
	}
}

// together lets the judge of this machine know what trials of others have come to. Each machine then
// decides by itself, and all alike.
func (s *sharedStore) together(ctx context.Context, _ func()) error {
	// Trials of their own: those of the sweep change while they are trained.
	trials := map[string]*trial{}
	for _, t := range s.run.trials {
		trials[shortDigest(t.key)] = &trial{index: t.index, seed: t.seed, result: Result{Settings: t.result.Settings}}
	}
	ctx, s.unfollow = context.WithCancel(ctx)
	s.following.Go(func() { s.follow(ctx, trials) })
	return nil
}

// follow reads new accuracies until ctx ends.
func (s *sharedStore) follow(ctx context.Context, trials map[string]*trial) {
	done := map[string]bool{}
	trained := map[*trial][]trainer.Setting{}
	for ctx.Err() == nil {
		entries, _ := os.ReadDir(s.folder) // if it cannot be read now, the next time
		for _, e := range entries {
			key, _, _ := strings.Cut(e.Name(), "-")
			t := trials[key]
			if done[e.Name()] || !strings.HasSuffix(e.Name(), rungEnding) || t == nil || ctx.Err() != nil {
				continue
			}
			r, err := readRung(filepath.Join(s.folder, e.Name()))
			if err != nil {
				continue // it may be replaced
			}
			done[e.Name()] = true
			if r.Code != s.run.training.code {
				continue
			}
			if _, known := trained[t]; !known {
				if trained[t], known = s.run.training.begin(ctx, t); !known {
					delete(trained, t)
					done[e.Name()] = false
					continue
				}
			}
			if slices.Equal(r.Trained, trained[t]) && s.run.judge.isRung(r.Epochs) {
				s.run.judge.arrive(t.index, r.Epochs, r.Score)
			}
		}
		rest(ctx)
	}
}

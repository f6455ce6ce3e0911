package sweep

import "context"

// store is where trials are claimed and results are kept: nowhere, in a folder, or where
// many machines share them.
type store interface {
	// results returns what is kept under a key, the newest first, also what others have
	// added.
	results(key string) ([]Result, error)

	// add keeps a result before it returns.
	add(r Result) error

	// agree returns the result of a trial that counts, which may be that of another
	// machine. The trial has one here, or failed here.
	agree(ctx context.Context, t *trial) (Result, error)

	// remove removes all results of trials.
	remove(trials []*trial) error

	// next returns the first of the trials that this program is to go on with, and claims
	// it: to train it, or to open it if results has it by then. It does not wait: the
	// trial is nil while others have them all. A trial that cannot be claimed comes without
	// a claim and with the reason, and is trained all the same; where there is a reason and
	// no trial the sweep ends. A claim that is a comparison is of a trial that has ended,
	// here or elsewhere.
	next(left []*trial) (*trial, claim, error)

	// together readies the store for trials that wait for each other, those of a sweep
	// with Halving. It calls waits where another program is at it, and then waits itself.
	together(ctx context.Context, waits func()) error

	// arrive brings the accuracy of a trial to a rung of the judge.
	arrive(j *judge, t *trial, epochs int, score float64) error

	// settle is called when all trials have ended here. It returns those whose results
	// were taken out since, and whether there may be more to do.
	settle() (again []*trial, more bool, err error)

	// shared reports whether other machines can bring more to do while trials go on.
	shared() bool

	// unreadable is how many kept results were found damaged.
	unreadable() int

	close()
}

// claim is the right to train a trial, which nobody else has meanwhile.
type claim interface {
	// release gives the trial free: its result is kept by then, or it was not finished.
	release()
}

// comparison is a claim to train a trial once more, to see whether it ends alike.
type comparison interface {
	claim
	ended(digest string) error
}

// alone is what a store need not do that one machine has for itself.
type alone struct{}

func (alone) agree(_ context.Context, t *trial) (Result, error) { return t.result, nil }
func (alone) settle() ([]*trial, bool, error)                   { return nil, false, nil }
func (alone) shared() bool                                      { return false }

func (alone) arrive(j *judge, t *trial, epochs int, score float64) error {
	j.arrive(t.index, epochs, score)
	return nil
}

// unkept is the store of a sweep that keeps nothing: one program has all trials.
type unkept struct{ alone }

func (unkept) results(string) ([]Result, error)          { return nil, nil }
func (unkept) add(Result) error                          { return nil }
func (unkept) remove([]*trial) error                     { return nil }
func (unkept) next(left []*trial) (*trial, claim, error) { return first(left), nil, nil }
func (unkept) together(context.Context, func()) error    { return nil }
func (unkept) unreadable() int                           { return 0 }
func (unkept) close()                                    {}

// first returns the first of the trials, nil where there is none.
func first(trials []*trial) *trial {
	if len(trials) == 0 {
		return nil
	}
	return trials[0]
}

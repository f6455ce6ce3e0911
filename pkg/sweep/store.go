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

	// remove removes all results of trials.
	remove(trials []*trial) error

	// next returns the first of the trials that this program is to go on with, and claims
	// it: to train it, or to open it if results has it by then. It does not wait: the
	// trial is nil while others have them all. A trial that cannot be claimed comes without
	// a claim and with the reason, and is trained all the same.
	next(left []*trial) (*trial, claim, error)

	// together readies the store for trials that wait for each other, those of a sweep
	// with Halving. It calls waits where another program is at it, and then waits itself.
	together(ctx context.Context, waits func()) error

	// unreadable is how many kept results were found damaged.
	unreadable() int

	close()
}

// claim is the right to train a trial, which nobody else has meanwhile.
type claim interface {
	// release gives the trial free: its result is kept by then, or it was not finished.
	release()
}

// unkept is the store of a sweep that keeps nothing: one program has all trials.
type unkept struct{}

func (unkept) results(string) ([]Result, error)          { return nil, nil }
func (unkept) add(Result) error                          { return nil }
func (unkept) remove([]*trial) error                     { return nil }
func (unkept) next(left []*trial) (*trial, claim, error) { return left[0], nil, nil }
func (unkept) together(context.Context, func()) error    { return nil }
func (unkept) unreadable() int                           { return 0 }
func (unkept) close()                                    {}

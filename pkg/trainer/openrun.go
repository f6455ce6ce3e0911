package trainer

import (
	"fmt"
	"path/filepath"

	"convbook/pkg/internal/kept"
	"convbook/pkg/internal/runfolder"
	"convbook/pkg/ndarray"
	"convbook/pkg/params"
)

// Run is what Config.Keep has kept of a run that was trained to its end.
type Run[T ndarray.Float] struct {
	History *History
	Params  map[string]*ndarray.Array[T] // also the running means of batch normalization
}

// OpenRun opens the run that was trained or opened last with Config.Keep set to name:
// each cell of a notebook is a program of its own, and what one cell trains the next
// ones find by its name. The error says when there is none, or it was not trained to
// its end.
func OpenRun[T ndarray.Float](name string) (*Run[T], error) { return bodies[T]().openRun(name) }

func openRun[T ndarray.Float](name string) (*Run[T], error) {
	all, err := kept.Folder(name)
	if err != nil {
		return nil, fmt.Errorf("trainer: %w", err)
	}
	version := kept.Last(all)
	if version == "" {
		return nil, fmt.Errorf("trainer: there is no run %q; run the cell that trains it first", name)
	}
	folder := filepath.Join(all, version)
	run := new(Run[T])
	if run.History, err = LoadHistory(filepath.Join(folder, runfolder.HistoryFile)); err != nil {
		return nil, err
	}
	if run.Params, err = params.Load[T](filepath.Join(folder, runfolder.ParamsFile)); err != nil {
		return nil, fmt.Errorf("trainer: the run %q: %w; run the cell that trains it again", name, err)
	}
	return run, nil
}

// Into puts the run's parameters into net. It panics when net is not built as the
// network that was trained, and names what differs.
func (r *Run[T]) Into(net Network[T]) {
	if err := net.SetParams(r.Params); err != nil {
		panic(fmt.Sprintf("trainer: the network is not built as the one that was trained: %v", err))
	}
}

package trainer

import (
	"fmt"

	"convbook/pkg/internal/runfile"
	"convbook/pkg/ndarray"
)

// control lets callbacks take part in the run of a trainer.
type control[T ndarray.Float] struct{ tr *training[T] }

func (c control[T]) SetLR(lr float64) { c.tr.setLR(lr) }

func (c control[T]) Settings() []Setting {
	if len(c.tr.settings.Settings) > 0 {
		return c.tr.settings.Settings
	}
	if c.tr.done > 0 {
		return nil
	}
	settings, err := settingsOf(c.tr)
	if err != nil {
		return nil
	}
	return settings.Settings
}

func (c control[T]) Weights() []byte {
	_ = c.tr.sync() // a device that fails here ends the training after the callback
	var w runfile.Writer
	w.Start(runfile.Header{})
	for name, a := range c.tr.net.State() {
		runfile.Add(&w, "net/"+name, a)
	}
	file, err := w.Seal()
	if err != nil {
		panic(err) // an empty header can always be written
	}
	return file
}

func (c control[T]) SetWeights(weights []byte) error {
	kept, err := runfile.Read(weights)
	if err != nil {
		return fmt.Errorf("trainer: the weights to go back to: %w", err)
	}
	state, _, err := restored[T](checkpoint{kept})
	if err != nil {
		return fmt.Errorf("trainer: the weights to go back to: %w", err)
	}
	if err := c.tr.sync(); err != nil {
		return err
	}
	return c.tr.net.SetParams(state)
}

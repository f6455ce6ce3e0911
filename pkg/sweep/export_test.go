package sweep

import (
	"bytes"
	"time"
)

// ReadResults returns the results in a file that can be read.
func ReadResults(file []byte) (results Results) {
	for line := range bytes.Lines(file) {
		if r, err := readResult(line); err == nil {
			results = append(results, r)
		}
	}
	return results
}

// SetPatience sets for how long a machine that shares a folder may give no sign of life.
func SetPatience(d time.Duration) { patience = d }

// TravelEvery sets how often checkpoints travel.
func TravelEvery(d time.Duration) { travelEvery = d }

package sweep

import "bytes"

// ReadResults returns the results in a file that can be read.
func ReadResults(file []byte) (results Results) {
	for line := range bytes.Lines(file) {
		if r, err := readResult(line); err == nil {
			results = append(results, r)
		}
	}
	return results
}

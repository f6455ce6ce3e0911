package engine

import (
	"testing"

	"convbook/pkg/internal/kernels"
)

// A block of fewer filters than a vector has lanes would be transposed number by number.
func TestPackBlocksAreWholeVectors(t *testing.T) {
	for filters := 1; filters <= 130; filters++ {
		end := 0
		for block := range packBlocks(filters) {
			from, to := packBlock(filters, block)
			if from != end {
				t.Errorf("%d filters: block %d begins at %d, the one before it ends at %d", filters, block, from, end)
			}
			if to-from < min(kernels.Group, filters) {
				t.Errorf("%d filters: block %d has %d of them, want at least %d", filters, block, to-from, min(kernels.Group, filters))
			}
			end = to
		}
		if end != filters {
			t.Errorf("%d filters: the blocks end at %d", filters, end)
		}
	}
}

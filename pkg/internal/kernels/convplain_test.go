package kernels

import "testing"

// Positions go together in about equal numbers, which the rooms of plain Go hold.
func TestPlainPositions(t *testing.T) {
	for size := 1; size <= 9; size++ {
		for channels := range 3 {
			c := plainConv[float32]{t: NewTaps(size, size, 1+15*channels, 1, 100)}
			for _, step := range []int{1, 4} {
				for all := step; all <= 400; all += step {
					some, taps := c.some(all, step), c.t.Len()
					if some < min(all, 8) || some%step != 0 || some > plainPositions || taps <= plainTaps && some*taps > plainPacked {
						t.Fatalf("%d taps, %d positions: %d go together", taps, all, some)
					}
					if times := (all + some - 1) / some; times > 1 && all-(times-1)*some < some-step*times {
						t.Fatalf("%d taps, %d positions: of %d at a time %d are left", taps, all, some, all-(times-1)*some)
					}
				}
			}
		}
	}
}

package session

import (
	"time"

	"convbook/pkg/dataset"
)

// measuring counts how many images are told right, a few at each turn, so that the page can ask in between.
type measuring struct {
	going bool
	right [2]int // of train and test
	next  int    // image, counted through both
	of    [2]int

	spent time.Duration // by the last one
	ended time.Time
}

const (
	mostMeasured = 200 // images of each set
	pieceSize    = 20

	// Between two measurements training gets so many times what one takes.
	share = 6
)

func (m *measuring) begin(s *Session) {
	*m = measuring{going: true, of: [2]int{min(mostMeasured, s.train.Len()), min(mostMeasured, s.data.Test.Len())}}
}

// due says whether it is time to measure again.
func (m *measuring) due() bool { return time.Since(m.ended) > share*m.spent }

// piece counts some images. The network stays as it is until all are counted.
func (m *measuring) piece(s *Session) []Fields {
	began := time.Now()
	which, set, at := 0, s.train, m.next
	if m.next >= m.of[0] {
		which, set, at = 1, s.data.Test, m.next-m.of[0]
	}
	n := min(pieceSize, m.of[which]-at)
	part := set.Head(at + n).Tail(n)
	for i, class := range s.net.Classify(dataset.Images[float32](part)) {
		if class == part.Label(i) {
			m.right[which]++
		}
	}
	m.next += n
	m.spent += time.Since(began)
	if m.next < m.of[0]+m.of[1] {
		return nil
	}
	m.going, m.ended = false, time.Now()
	return []Fields{{"say": "measured", "step": s.step, "train": float64(m.right[0]) / float64(m.of[0]), "test": float64(m.right[1]) / float64(m.of[1]),
		"of": []int{m.of[0], m.of[1]}}}
}

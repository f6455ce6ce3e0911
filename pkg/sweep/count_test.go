package sweep

import "testing"

// A trial counts once, however often it ends or is opened again, and the best is that of those that have ended.
func TestTrialsCountOnce(t *testing.T) {
	var last Progress
	p := newProgress(func(now Progress) { last = now }, 3)
	trials := []*trial{{index: 0}, {index: 1}, {index: 2}}
	p.begin(trials, 0)
	p.reopened(trials[1]) // handed out once more before it has ended
	for i, accuracy := range []float64{0.9, 0.7, 0.8} {
		trials[i].result.FinalTestAcc = accuracy
		p.ended(trials[i])
	}
	p.ended(trials[2])
	if p.end(); last.Done != 3 || last.Best == nil || last.Best.FinalTestAcc != 0.9 {
		t.Errorf("after all have ended: %+v", last)
	}
	p.reopened(trials[0])
	if p.end(); last.Done != 2 || last.Best == nil || last.Best.FinalTestAcc != 0.8 {
		t.Errorf("after the best was taken out: %+v", last)
	}
	trials[0].opened = true
	p.ended(trials[0])
	if p.end(); last.Done != 3 || last.Opened != 1 || last.Best.FinalTestAcc != 0.9 {
		t.Errorf("after it was opened: %+v", last)
	}
}

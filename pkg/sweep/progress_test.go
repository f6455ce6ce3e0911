package sweep

import (
	"testing"
	"time"
)

// How a sweep stands is told in both languages, with the same numbers.
func TestProgressInBothLanguages(t *testing.T) {
	best := &Result{FinalTestAcc: 0.8312}
	for _, c := range []struct {
		p               Progress
		english, korean string
	}{
		{Progress{Trials: 24, Left: -1}, "0 of 24 trials", "시도 24개 중 0개"},
		{Progress{Trials: 24, Done: 12, Failed: 2, Left: 40 * time.Second, Best: best}, "12 of 24 trials (2 failed), 40s left; best 0.8312", "시도 24개 중 12개 (2개 실패), 40초 남음; 최고 0.8312"},
		{Progress{Trials: 24, Done: 24, Opened: 24, Best: best}, "24 of 24 trials, opened, trained before; best 0.8312", "시도 24개 중 24개, 이미 학습한 결과; 최고 0.8312"},
		{Progress{Trials: 24, Done: 24, Opened: 3, Elapsed: 75 * time.Second, Changed: "epochs: 4 before, 2 now", Damaged: 1},
			"24 of 24 trials (3 opened, trained before) in 1m15s; trained anew, since the training has changed (epochs: 4 before, 2 now); 1 kept results were damaged, their trials run again",
			"시도 24개 중 24개 (3개는 이미 학습한 결과), 1분 15초 걸림; 학습 방법이 바뀌어 새로 학습함 (epochs: 4 before, 2 now); 저장된 결과 1개가 손상되어 다시 학습함"},
		{Progress{Trials: 24, Done: 2, Waiting: true}, "2 of 24 trials, waiting for another program that is at this sweep", "시도 24개 중 2개, 같은 탐색을 하는 다른 프로그램을 기다리는 중"},
	} {
		if got := c.p.String(); got != c.english {
			t.Errorf("English: %q, want %q", got, c.english)
		}
		if got := c.p.Korean(); got != c.korean {
			t.Errorf("Korean: %q, want %q", got, c.korean)
		}
	}
}

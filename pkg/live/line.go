package live

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"convbook/pkg/internal/bilingual"
	"convbook/pkg/trainer"
)

// progress is the state of training in a line.
func progress(e trainer.Event) bilingual.Text {
	var parts said
	parts.add(fmt.Sprintf("epoch %d of %d", e.Epoch, e.Epochs), fmt.Sprintf("에폭 %d/%d", e.Epoch, e.Epochs))
	parts.add(fmt.Sprintf("step %s of %s", grouped(e.Step), grouped(e.Steps)), fmt.Sprintf("갱신 %s/%s", grouped(e.Step), grouped(e.Steps)))
	if e.Step > 0 {
		parts.add(fmt.Sprintf("loss %.4f", e.Loss), fmt.Sprintf("손실 %.4f", e.Loss))
	}
	if left, known := timeLeft(e); known {
		parts.add(duration(left)+" left", inKorean(duration(left))+" 남음")
	}
	return parts.line()
}

// finalLine sums a run up.
func finalLine(e trainer.Event, err error) bilingual.Text {
	var parts said
	if e.Step > 0 && e.Opened {
		parts.add("opened, trained before", "이미 학습한 결과")
	}
	if err != nil {
		parts.add(fmt.Sprintf("stopped at step %s of %s: %v", grouped(e.Step), grouped(e.Steps), err),
			fmt.Sprintf("갱신 %s/%s에서 멈춤: %v", grouped(e.Step), grouped(e.Steps), err))
	}
	if h := e.History; h != nil {
		if h.Complete {
			parts.add(fmt.Sprintf("final test accuracy %.4f", h.FinalTestAcc), fmt.Sprintf("최종 시험 정확도 %.4f", h.FinalTestAcc))
		}
		if n := len(h.Epochs); n > 0 {
			last := h.Epochs[n-1]
			parts.add(fmt.Sprintf("epoch %d: train %.3f, test %.3f", last.Epoch, last.TrainAcc, last.TestAcc),
				fmt.Sprintf("에폭 %d: 훈련 %.3f, 시험 %.3f", last.Epoch, last.TrainAcc, last.TestAcc))
		}
	}
	between := " in "
	if e.Opened {
		between = " took "
	}
	if e.Step > 0 {
		parts.add(grouped(e.Step)+" steps"+between+duration(e.Elapsed), fmt.Sprintf("갱신 %s번에 %s", grouped(e.Step), inKorean(duration(e.Elapsed))))
	}
	if len(parts.english) == 0 {
		parts.add("no step was taken", "갱신하지 않음")
	}
	return parts.line()
}

// said is a line in the making, in both languages.
type said struct{ english, korean []string }

func (s *said) add(english, korean string) {
	s.english, s.korean = append(s.english, english), append(s.korean, korean)
}

func (s *said) line() bilingual.Text {
	return bilingual.Text{English: strings.Join(s.english, " · "), Korean: strings.Join(s.korean, " · ")}
}

// inKorean is a duration with Korean units.
func inKorean(duration string) string {
	return strings.NewReplacer(" min", "분", " h", "시간", " s", "초").Replace(duration)
}

// duration writes d with the precision one reads a waiting time with: "0.4 s",
// "14 s", "2 min 05 s", "1 h 02 min".
func duration(d time.Duration) string {
	switch seconds := int(d.Round(time.Second).Seconds()); {
	case d < 9950*time.Millisecond:
		return fmt.Sprintf("%.1f s", max(d, 0).Seconds())
	case seconds < 60:
		return fmt.Sprintf("%d s", seconds)
	case seconds < 3600:
		return fmt.Sprintf("%d min %02d s", seconds/60, seconds%60)
	default:
		return fmt.Sprintf("%d h %02d min", seconds/3600, seconds/60%60)
	}
}

// grouped writes n with commas between the thousands.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0 && digits[at-1] != '-'; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

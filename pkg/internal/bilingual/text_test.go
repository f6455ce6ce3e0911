package bilingual

import (
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	for text, want := range map[string]Text{
		"":       {"", ""},
		"epochs": {"epochs", "에폭"},
		"Epochs": {"Epochs", "에폭"},
		"test accuracy, mean and spread of 3 seeds": {"test accuracy, mean and spread of 3 seeds", "시험 정확도, 시드 3개의 평균과 표준편차"},
		"and 1,234 more":                            {"and 1,234 more", "외 1,234개"},
		"W1 before training":                        {"W1 before training", ""},
		"ten digits · MNIST":                        {"ten digits · MNIST", ""},
		"training accuracy · 훈련 정확도":                {"training accuracy", "훈련 정확도"},
		"1,000 garments · 옷 1,000장 · Fashion-MNIST": {"1,000 garments · Fashion-MNIST", "옷 1,000장"},
		"ten digits · MNIST STAND-IN · 숫자 열 개":      {"ten digits · MNIST STAND-IN", "숫자 열 개 · 그려서 만든 대체 이미지"},
		"정확도":                      {"정확도", ""},
		"정확도 · 손실":                 {"정확도 · 손실", ""},
		"Conv1 · 합성곱 1":            {"Conv1", "합성곱 1"},
		"x1":                       {"x1", ""},
		"images 2000, dropout 0.4": {"images 2000, dropout 0.4", "이미지 2000, 드롭아웃 0.4"},
		"learning rate 0.001":      {"learning rate 0.001", "학습률 0.001"},
		"row 12":                   {"row 12", "12행"},
		"activation":               {"activation", "활성화 함수"},
		"on drawn stand-in images, not the real data": {"on drawn stand-in images, not the real data", "그려서 만든 대체 이미지 사용, 실제 데이터 아님"},
		"  two · words ":                    {"  two · words ", ""},
		"Ankle boot":                        {"Ankle boot", "앵클부츠"},
		"Ankle boot, taken for T-shirt/top": {"Ankle boot, taken for T-shirt/top", "앵클부츠, 예측: 티셔츠"},
		"is Coat":                           {"is Coat", "레이블: 코트"}, "is 7": {"is 7", "레이블: 7"},
		"taken for":   {"taken for", "예측 클래스"},
		"taken for 7": {"taken for 7", "예측 클래스 7"},
		"true class":  {"true class", "정답 클래스"},
	} {
		if got := Of(text); got != want {
			t.Errorf("Of(%q) = %q", text, got)
		}
		if got := Of(Of(text).String()); want.Korean != "" && got != want {
			t.Errorf("%q, joined and split, is %q", text, got)
		}
	}
}

// Terms are keyed as they are looked up, have as many numbers in both languages, and the
// Korean ones are Korean.
func TestTerms(t *testing.T) {
	for english, korean := range terms {
		if strings.ToLower(english) != english || strings.Contains(english, ", ") || strings.ContainsAny(english, "0123456789") {
			t.Errorf("%q is never looked up", english)
		}
		if !hangul(korean) || strings.Count(english, "#") != strings.Count(korean, "#") {
			t.Errorf("%q is %q", english, korean)
		}
	}
}

func TestWith(t *testing.T) {
	for _, c := range []struct{ a, b, want Text }{
		{Text{"run A", "기록 A"}, Text{"train", "훈련"}, Text{"run A: train", "기록 A: 훈련"}},
		{Text{"seed 1", ""}, Text{"train", "훈련"}, Text{"seed 1: train", "seed 1: 훈련"}},
		{Text{"run A", "기록 A"}, Text{"x", ""}, Text{"run A: x", "기록 A: x"}},
	} {
		if got := c.a.With(": ", c.b); got != c.want {
			t.Errorf("%q with %q is %q", c.a, c.b, got)
		}
	}
}

func FuzzOf(f *testing.F) {
	f.Add("training accuracy · 훈련 정확도")
	f.Add("and 1,2.3 more, · 가")
	f.Fuzz(func(t *testing.T, text string) {
		said := Of(text)
		if said.English == "" && text != "" && strings.TrimSpace(strings.ReplaceAll(text, "·", "")) != "" && said.Korean != text {
			t.Errorf("%q has no English: %q", text, said)
		}
	})
}

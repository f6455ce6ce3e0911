package sweep

import (
	"math"
	"reflect"
	"testing"

	"convbook/pkg/trainer"
)

// drawnUp is a sweep as it might have come out: filters 8 and 16, rate 0.1 and 0.2.
func drawnUp() Results {
	at := func(filters int, rate float64, seed uint32, test ...float64) Result {
		return Result{Settings: Point{"filters": filters, "rate": rate, "epochs": 2}, Seed: seed, Digest: "d",
			Train: test, Test: test, FinalTestAcc: test[len(test)-1],
			Final: trainer.Final{TrainAcc: test[len(test)-1] + 0.05, TestAcc: test[len(test)-1], TrainOn: 500 * (filters - 7), TestOn: 1000}}
	}
	r := Results{
		at(8, 0.1, 0, 0.1, 0.5), at(8, 0.1, 1, 0.1, 0.7),
		at(16, 0.1, 0, 0.1, 0.8), at(16, 0.1, 1, 0.1, 0.8),
		at(8, 0.2, 0, 0.1, 0.9), at(8, 0.2, 1, 0.3, 0.9),
	}
	r[4].Stopped, r[5].Stopped = 1, 1
	return append(r, Result{Settings: Point{"filters": 16, "rate": 0.2, "epochs": 2}, Failed: "no memory"})
}

func TestTables(t *testing.T) {
	want := Table{
		Header: []string{"filters", "rate", "test accuracy, 1,000 images · 시험 정확도, 1,000장", "training accuracy, 500 to 4,500 images · 훈련 정확도, 500~4,500장", "seeds · 시드"},
		Rows: [][]string{
			{"16", "0.1", "0.8000 ± 0.0000", "0.8500 ± 0.0000", "2"},
			{"8", "0.1", "0.6000 ± 0.1414", "0.6500 ± 0.1414", "2"},
			{"8", "0.2", "0.9000 ± 0.0000 (stopped after 1 epoch)", "0.9500 ± 0.0000", "2"},
			{"16", "0.2", "failed: no memory", "", "1"},
		},
	}
	if got := drawnUp().Table(); !reflect.DeepEqual(got, want) {
		t.Errorf("table\n%q\nwant\n%q", got, want)
	}
	// Where all points have as many seeds, the number needs no column of its own.
	alike := drawnUp()[:4].Table()
	if want := []string{"filters", "test accuracy, 1,000 images, 2 seeds · 시험 정확도, 1,000장, 시드 2개", "training accuracy, 500 to 4,500 images · 훈련 정확도, 500~4,500장"}; !reflect.DeepEqual(alike.Header, want) || len(alike.Rows[0]) != 3 {
		t.Errorf("with as many seeds each the header is %q over %q, want %q", alike.Header, alike.Rows, want)
	}
	if one := drawnUp()[:1].Changes(Point{"filters": 8}).Header[1]; one != "test accuracy, 1,000 images · 시험 정확도, 1,000장" {
		t.Errorf("with one seed the header says %q", one)
	}
	var changes []string
	for _, row := range drawnUp().Changes(Point{"filters": 8, "rate": 0.1, "epochs": 2}).Rows {
		changes = append(changes, row[0])
	}
	if want := []string{"filters 16", Unchanged, "rate 0.2", "filters 16, rate 0.2"}; !reflect.DeepEqual(changes, want) {
		t.Errorf("changes %q, want %q", changes, want)
	}
	if best := drawnUp().Best(); best.Int("filters") != 16 || best.Float("rate") != 0.1 {
		t.Errorf("the best is %v", best)
	}
	if Results(nil).Best() != nil || len(Results(nil).Table().Rows) != 0 {
		t.Error("no results have a best")
	}
}

func TestSeries(t *testing.T) {
	base := Point{"filters": 8, "rate": 0.1, "epochs": 2}
	along := drawnUp().Along("filters", base)
	if len(along) != 4 || along[0].Settings.Int("filters") != 8 || along[3].Settings.Int("filters") != 16 {
		t.Fatalf("along filters: %v", along)
	}
	curves := along.Curves()
	if len(curves) != 2 || curves[0].Name != "filters 8" || math.Abs(curves[0].Y[1]-0.6) > 1e-12 || curves[1].High[1] != 0.8 {
		t.Errorf("curves %v", curves)
	}
	along[0].Train = []float64{0.2, 0.4}
	if training := along.TrainingCurves(); math.Abs(training[0].Y[1]-0.55) > 1e-12 || training[0].Name != "filters 8" {
		t.Errorf("training curves %v", training)
	}
	if runs := along.TrainingRuns(); len(runs) != 2 || len(runs[0].Runs) != 2 || runs[0].Runs[0][1] != 0.4 || runs[0].Y != nil || runs[1].Name != "filters 16" {
		t.Errorf("training runs %v", runs)
	}
	if dots := drawnUp().Dots(base); len(dots) != 4 || dots[1].Name != Unchanged || !reflect.DeepEqual(dots[1].Values, []float64{0.5, 0.7}) || len(dots[3].Values) != 0 {
		t.Errorf("dots %v", dots)
	}
	s := along.Against("filters")
	if !reflect.DeepEqual(s.X, []float64{8, 16}) || math.Abs(s.Y[0]-0.6) > 1e-12 || math.Abs(s.Low[0]-(0.6-math.Sqrt(0.02))) > 1e-12 || s.Y[1] != 0.8 {
		t.Errorf("against filters %v", s)
	}
	values, rows, columns := drawnUp().Grid("filters", "rate")
	if !reflect.DeepEqual(rows, []string{"8", "16"}) || !reflect.DeepEqual(columns, []string{"0.1", "0.2"}) ||
		math.Abs(values.At(0, 0)-0.6) > 1e-12 || values.At(0, 1) != 0.9 || values.At(1, 0) != 0.8 || !math.IsNaN(values.At(1, 1)) {
		t.Errorf("grid %v over %q and %q", values, rows, columns)
	}
}

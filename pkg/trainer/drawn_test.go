package trainer_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
	"convbook/pkg/params"
	"convbook/pkg/trainer"
)

// The log of a training with a seed drawn anew is the one that NumPy prints: the
// same lines, the losses within 1e-9.
func TestDrawnTrainingIsNumPys(t *testing.T) {
	if exec.Command("python3", "-c", "import numpy").Run() != nil {
		t.Skip("skipped: needs python3 with NumPy")
	}
	data := standIn(t, 300, 250)
	file := filepath.Join(t.TempDir(), "data.npz")
	if err := params.Save(file, map[string]*ndarray.Array[float64]{
		"x_train": dataset.Images[float64](data.Train), "t_train": labels(data.Train),
		"x_test": dataset.Images[float64](data.Test), "t_test": labels(data.Test)}); err != nil {
		t.Fatal(err)
	}
	for _, dropout := range []float64{0, 0.4} {
		seed := uint32(time.Now().UnixNano())
		text, err := exec.Command("python3", "testdata/training.py", file, fmt.Sprint(seed), "4", "10", fmt.Sprint(dropout), "4", "70", "200").CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		var log bytes.Buffer
		rng := nprandom.New(seed)
		net := convnet.NewSimpleConvNet[float64](rng, convnet.SimpleConvNetConfig{FilterNum: 4, HiddenSize: 10, UseDropout: dropout > 0, DropoutRatio: dropout})
		if _, err := trainer.Train(context.Background(), net, data, trainer.Config{Epochs: 4, MiniBatchSize: 70, Optimizer: "adam",
			OptimizerParam: optimizer.Settings{LR: 0.001}, EvaluateSampleNumPerEpoch: 200, Rng: rng, ClassExact: true,
			Verbose: true, PrintLoss: true, Log: &log}); err != nil {
			t.Fatal(err)
		}
		got, want := strings.Split(log.String(), "\n"), strings.Split(string(text), "\n")
		if len(got) != len(want)+1 { // the digest is ours alone
			t.Fatalf("seed %d: %d lines, NumPy prints %d:\n%s\n%s", seed, len(got), len(want), &log, text)
		}
		worst := 0.0
		for i, line := range want[:len(want)-1] {
			gotLoss, isLoss := strings.CutPrefix(got[i], "train loss:")
			wantLoss, wantsLoss := strings.CutPrefix(line, "train loss:")
			if !isLoss || !wantsLoss {
				if got[i] != line {
					t.Errorf("seed %d: line %d is %q, NumPy's %q", seed, i+1, got[i], line)
				}
				continue
			}
			g, gotErr := strconv.ParseFloat(gotLoss, 64)
			w, wantErr := strconv.ParseFloat(wantLoss, 64)
			if gotErr != nil || wantErr != nil {
				t.Fatalf("seed %d: line %d is %q, NumPy's %q", seed, i+1, got[i], line)
			}
			worst = max(worst, math.Abs(g-w)/w)
		}
		if !(worst <= 1e-9) {
			t.Errorf("seed %d: the losses differ from NumPy's by up to %.1e", seed, worst)
		}
		t.Logf("seed %d, dropout %v: %d lines, losses within %.1e", seed, dropout, len(want)-1, worst)
	}
}

func labels(s *dataset.Set) *ndarray.Array[float64] {
	all := ndarray.Zeros[float64](s.Len())
	for i, label := range s.Labels() {
		all.Data()[i] = float64(label)
	}
	return all
}

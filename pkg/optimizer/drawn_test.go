package optimizer

import (
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"convbook/pkg/ndarray"
	"convbook/pkg/params"
)

// 50 steps of every optimizer with settings and shapes that NumPy draws anew each
// time end where NumPy's end, within 1e-12 of the largest number.
func TestDrawnStepsAreNumPys(t *testing.T) {
	if exec.Command("python3", "-c", "import numpy").Run() != nil {
		t.Skip("skipped: needs python3 with NumPy")
	}
	const cases = 20
	seed, file := fmt.Sprint(time.Now().UnixNano()%1_000_000_000), filepath.Join(t.TempDir(), "drawn.npz")
	t.Logf("python3 testdata/drawn.py %s %d FILE", seed, cases)
	if out, err := exec.Command("python3", "testdata/drawn.py", seed, fmt.Sprint(cases), file).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	drawn, err := params.Load[float64](file)
	if err != nil {
		t.Fatal(err)
	}
	worst := map[string]float64{}
	for i := range cases {
		for _, name := range Names() {
			of := func(key string) *ndarray.Array[float64] { return drawn[fmt.Sprint(name, i, ".", key)] }
			s := of("settings").Data()
			opt, err := New[float64](name, Settings{LR: s[0], Momentum: s[1], DecayRate: s[2], Beta1: s[3], Beta2: s[4]})
			if err != nil {
				t.Fatal(err)
			}
			p, grads := map[string]*ndarray.Array[float64]{"W1": of("start")}, of("grads")
			for step := range grads.Dim(0) {
				opt.Update(p, map[string]*ndarray.Array[float64]{"W1": grads.Index(step)})
			}
			difference, size := 0.0, 0.0
			for j, want := range of("end").Data() {
				difference, size = max(difference, math.Abs(p["W1"].Data()[j]-want)), max(size, math.Abs(want))
			}
			worst[name] = max(worst[name], difference/size)
			if !(difference <= 1e-12*size) {
				t.Errorf("%s%d ends %.1e of the largest number from NumPy's", name, i, difference/size)
			}
		}
	}
	t.Logf("%d cases each; largest differences: %v", cases, worst)
}

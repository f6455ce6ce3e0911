package gpu

import (
	"strings"
	"testing"
	"time"

	"convbook/pkg/internal/opencl"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

// TestOpenGPU wants OpenCL on the processor to be no GPU unless it is named.
func TestOpenGPU(t *testing.T) {
	best := opened(t)
	t.Setenv(DeviceVariable, "")
	d, err := OpenGPU()
	if best.device.Kind == opencl.GPU {
		if err != nil || d.Name() != best.Name() {
			t.Errorf("%v, %v, want %s", d, err, best.Name())
		}
		return
	}
	told(t, err, best.Name(), "no graphics processor", "without Config.Device", "Config.Device 없이")
	t.Setenv(DeviceVariable, strings.ToUpper(best.Name()[:5]))
	if d, err = OpenGPU(); err != nil || d.Kind() == string(opencl.GPU) {
		t.Errorf("%v, %v, want the device that is named", d, err)
	}
	t.Setenv(DeviceVariable, "no such card")
	_, err = OpenGPU()
	told(t, err, "no such card", best.Name(), "장치가 없습니다")
}

// TestKernelTimes times every kernel of a step, under the name of its layer.
func TestKernelTimes(t *testing.T) {
	d := opened(t)
	net := little(1)
	before := net.Digest()
	w := work(net, optimizer.NewAdam[float32](0.01), 8, drawn(t, nprandom.New(3), 40, 10))
	times, err := d.KernelTimes(w, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, k := range times {
		names = append(names, strings.TrimSpace(k.Layer+" "+k.Name))
		if !(k.Seconds > 0) || k.Groups < 1 {
			t.Errorf("%+v", k)
		}
	}
	const want = "Affine1 affine, Affine2 affine, loss, Affine2 gradient, Affine2 back, Affine1 gradient, update"
	if got := strings.Join(names, ", "); got != want {
		t.Errorf("the kernels are %s, want %s", got, want)
	}
	if net.Digest() != before || len(d.plans) != 0 {
		t.Error("the network was trained, or the plan is still there")
	}
}

// TestBytes counts by hand what a step of a little network moves.
func TestBytes(t *testing.T) {
	d := opened(t)
	p, err := d.Plan(work(little(1), optimizer.NewAdam[float32](0.01), 8, drawn(t, nprandom.New(3), 40, 10)))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	const images, hidden, scores, w1, w2 = 8 * 64, 4 * 8 * 10, 4 * 8 * 10, 4 * 65 * 10, 4 * 11 * 10
	want := images + w1 + hidden + hidden + w2 + scores + // forward
		2*scores + 2*hidden + // gradients of the scores by the loss, and of the hidden layer
		(hidden + scores + w2) + (images + hidden + w1) + (scores + w2) + // gradients of parameters, and back
		(w1 + w2) + 6*(w1+w2) // and Adam
	if got := p.Bytes(); got != want {
		t.Errorf("a step moves %d bytes, want %d", got, want)
	}
}

// TestCounts counts by hand what a step and an evaluation of a little network ask of a device, on
// paper, and wants a plan to have the same.
func TestCounts(t *testing.T) {
	train := drawn(t, nprandom.New(3), 40, 10)
	w := work(little(1), optimizer.NewAdam[float32](0.01), 8, train)
	step, err := CountStep(w)
	if err != nil {
		t.Fatal(err)
	}
	const forward = 2 * (64*10 + 10*10) // operations of one image
	if want := 8. * (forward + 2*(65*10+11*10) + 2*10*10); step.Operations != want {
		t.Errorf("a step does %v operations, want %v", step.Operations, want)
	}
	w.Sets = append(w.Sets, train)
	evaluation, err := CountEvaluation(w)
	if err != nil {
		t.Fatal(err)
	}
	// Two products and the count, of all images at once; what is right is told from scores and labels.
	const bytes = 40*64 + 4*65*10 + 40*4*10 + 40*4*10 + 4*11*10 + 40*4*10 + 40*4*10 + 40
	if evaluation.Operations != 40*forward || len(evaluation.Kernels) != 3 || evaluation.Bytes != bytes {
		t.Errorf("an evaluation is counted as %+v, want %d operations and %d bytes", evaluation, 40*forward, bytes)
	}
	p, err := opened(t).Plan(w)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if len(step.Kernels) != p.Launches() || step.Bytes != p.Bytes() {
		t.Errorf("on paper %d kernels and %d bytes, in the plan %d and %d", len(step.Kernels), step.Bytes, p.Launches(), p.Bytes())
	}
}

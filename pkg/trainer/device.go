package trainer

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"convbook/pkg/dataset"
	"convbook/pkg/internal/device"
	"convbook/pkg/ndarray"
)

// Device computes the steps of a training in place of the processor's cores: package gpu
// has one. It trains networks of float32.
type Device interface {
	Name() string // "NVIDIA H200"
	Kind() string // "GPU"

	// Plan makes ready for a training.
	Plan(w device.Work) (device.Plan, error)
}

// deviceRun is a training on a device. Steps are enqueued before the losses of those
// before them are known, but never beyond a step after which something is measured.
type deviceRun struct {
	plan   device.Plan
	ahead  int     // steps in flight at most
	flying [][]int // the batches of the steps in flight, oldest first
	free   [][]int
	settle bool // no step begins before those in flight have ended
	stale  bool // the device knows more than the network
	failed error
}

// checkDevice says what cannot be trained on a device.
func checkDevice[T ndarray.Float](net Network[T], c Config) error {
	if c.Device == nil {
		return nil
	}
	if v := reflect.ValueOf(c.Device); v.Kind() == reflect.Pointer && v.IsNil() {
		return errors.New("trainer: Config.Device is nil; look at the error of gpu.Open, or leave Device out\nConfig.Device가 nil입니다. gpu.Open의 오류를 확인하거나 Device를 빼세요")
	}
	if _, single := any(*new(T)).(float32); !single {
		return fmt.Errorf("trainer: %s computes in float32 and the network is of float64; make the network with float32, or leave Config.Device out\n장치는 float32로 계산합니다. float32 네트워크를 만들거나 Config.Device를 빼세요", c.Device.Name())
	}
	if _, ok := net.(layered[T]); !ok {
		return fmt.Errorf("trainer: %s needs the layers of the network, which a %T does not show; train it without Config.Device\n층을 알 수 없는 네트워크입니다. Config.Device 없이 학습하세요", c.Device.Name(), net)
	}
	return nil
}

// onDevice returns the run on the device, which begins with the numbers that network and
// optimizer have now.
func (tr *training[T]) onDevice() (*deviceRun, error) {
	if tr.device != nil {
		return tr.device, nil
	}
	net := tr.net.(layered[T])
	w := device.Work{Input: tr.net.InputShape(), Names: net.LayerNames(), Optimizer: tr.optimizer, Batch: tr.config.MiniBatchSize,
		Train: tr.data.train, Sets: []*dataset.Set{tr.data.train, tr.data.validation, tr.data.test}}
	for _, name := range w.Names {
		w.Layers = append(w.Layers, net.Layer(name))
	}
	params := tr.net.Params()
	for _, name := range slices.Sorted(maps.Keys(params)) {
		values, _ := any(params[name].Data()).([]float32)
		w.Learn = append(w.Learn, device.Param{Name: name, Values: values})
	}
	plan, err := tr.config.Device.Plan(w)
	if err != nil {
		return nil, fmt.Errorf("trainer: %w", err)
	}
	tr.device = &deviceRun{plan: plan, ahead: plan.Ahead()}
	for _, c := range tr.config.Callbacks {
		if _, looks := c.(Onlooker); !looks {
			tr.device.ahead = 1
		}
	}
	return tr.device, nil
}

// lost is the error of a device that failed. Nothing is asked of it any more.
func (tr *training[T]) lost(err error) error {
	if tr.device.failed != nil {
		return tr.device.failed
	}
	kept := ""
	if tr.run != nil {
		kept = "\nwhat is kept is the last checkpoint, and the same call goes on from there · 마지막 체크포인트는 남아 있으며, 다시 실행하면 이어서 학습합니다"
	}
	tr.device.failed = fmt.Errorf("trainer: %s failed after step %d: %w%s", tr.config.Device.Name(), tr.done, err, kept)
	return tr.device.failed
}

// stepOnDevice is step on a device: it enqueues as many steps as may fly, and returns the
// loss of the oldest.
func (tr *training[T]) stepOnDevice() (float64, error) {
	d, err := tr.onDevice()
	if err != nil {
		return 0, err
	}
	began := time.Now()
	for len(d.flying) == 0 || !d.settle && tr.mayFly(d) {
		if err := tr.enqueue(d); err != nil {
			return 0, tr.lost(err)
		}
	}
	loss, err := d.plan.Loss()
	if err != nil {
		return 0, tr.lost(err)
	}
	indices := d.flying[0]
	d.flying, d.free, d.stale = d.flying[1:], append(d.free, indices), true
	if !finite(loss) {
		if err := tr.sync(); err != nil {
			return 0, err
		}
		tr.gather(indices, tr.done)
		return 0, tr.checkFinite(loss)
	}
	tr.done++
	tr.history.Loss = append(tr.history.Loss, loss)
	tr.history.StepTime += time.Since(began)
	return loss, nil
}

// mayFly says whether another step may begin: none after one that is measured.
func (tr *training[T]) mayFly(d *deviceRun) bool {
	last := tr.done + len(d.flying)
	return len(d.flying) < d.ahead && last < tr.schedule.steps && !tr.schedule.evaluates(last)
}

func (tr *training[T]) enqueue(d *deviceRun) error {
	indices := make([]int, tr.config.MiniBatchSize)
	if n := len(d.free); n > 0 {
		indices, d.free = d.free[n-1], d.free[:n-1]
	}
	tr.config.Rng.ChoiceInto(tr.data.train.Len(), indices)
	var images []float32
	if !tr.config.Augment.IsZero() {
		tr.gather(indices, tr.done+len(d.flying))
		images, _ = any(tr.x.Data()).([]float32)
	}
	if err := d.plan.Step(indices, images, tr.config.ClassExact); err != nil {
		return err
	}
	d.flying = append(d.flying, indices)
	return nil
}

// gather puts the batch of a step into x and t.
func (tr *training[T]) gather(indices []int, step int) {
	dataset.Gather(tr.data.train, indices, tr.x, tr.t)
	dataset.Augment(tr.x, tr.config.Augment, step)
}

// flying counts the steps whose loss is not known.
func (tr *training[T]) flying() int {
	if tr.device == nil {
		return 0
	}
	return len(tr.device.flying)
}

// landed waits for the steps in flight when err ends training between two of them, so that
// history and network are those of the same step.
func (tr *training[T]) landed(err error) error {
	var broken *NotFinite
	if tr.device == nil || tr.device.failed != nil || errors.As(err, &broken) {
		return err
	}
	tr.device.settle = true
	for tr.flying() > 0 {
		if _, failed := tr.stepOnDevice(); failed != nil {
			return failed
		}
	}
	if failed := tr.sync(); failed != nil {
		return failed
	}
	return err
}

// sync brings the network and the optimizer up to date with the device.
func (tr *training[T]) sync() error {
	if tr.device == nil || !tr.device.stale {
		return nil
	}
	if tr.device.failed != nil {
		return tr.device.failed
	}
	if err := tr.device.plan.Store(); err != nil {
		return tr.lost(err)
	}
	tr.device.stale = false
	return nil
}

// reload hands to the device what a callback has changed in the network.
func (tr *training[T]) reload() error {
	if tr.device == nil || tr.device.stale {
		return nil
	}
	if err := tr.device.plan.Load(); err != nil {
		return tr.lost(err)
	}
	return nil
}

// watched says whether callbacks may look at the network after every step.
func (tr *training[T]) watched() bool { return tr.device != nil && tr.device.ahead == 1 }

// rightOnDevice counts the samples that are classified right.
func (tr *training[T]) rightOnDevice(s *dataset.Set) (int, error) {
	d, err := tr.onDevice()
	if err != nil {
		return 0, err
	}
	right, err := d.plan.Right(s)
	if err != nil {
		return 0, tr.lost(err)
	}
	return right, nil
}

// leaveDevice frees what the run has on the device.
func (tr *training[T]) leaveDevice() {
	if tr.device != nil {
		tr.device.plan.Close()
		tr.device = nil
	}
}

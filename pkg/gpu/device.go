package gpu

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"convbook/pkg/internal/device"
	"convbook/pkg/internal/opencl"
)

// Device is a graphics processor, or another device of OpenCL. Several trainings may use it at
// the same time, as those of a sweep do.
type Device struct {
	device  *opencl.Device
	prepare func(*opencl.Context) // tests set guards and limits by it

	mu    sync.Mutex
	plans map[*plan]bool // that are open

	search    time.Duration     // how long a plan may look for tiles; 0 to take those that are expected
	searching sync.Mutex        // one plan searches at a time
	tiles     map[string]string // those that are known of products; never changed, but replaced
	read      bool              // what is kept was read
}

// Open returns the best device of this machine: a GPU before another accelerator before
// OpenCL on the processor's own cores (PoCL). The error says in a line or two what is
// missing: the driver, a device, or a newer driver.
func Open() (*Device, error) { return OpenNamed("") }

// OpenNamed is Open for the best device whose name contains the given words, in upper or
// lower case. The error lists the devices that there are.
func OpenNamed(name string) (*Device, error) {
	d, err := opencl.Find(name)
	if err != nil {
		return nil, fmt.Errorf("gpu: %w", err)
	}
	opened := &Device{device: d}
	if d.Kind != opencl.CPU { // which compiles a kernel for a second, and has no registers to fill
		opened.search = longestSearch
	}
	return opened, nil
}

// DeviceVariable is the environment variable that names the device which OpenGPU takes.
const DeviceVariable = "CONVBOOK_DEVICE"

// OpenGPU is Open for graphics processors alone: OpenCL on the processor's own cores is no
// faster than the cores are. Where CONVBOOK_DEVICE has words of a name it returns the device
// that is called so, of whatever kind.
func OpenGPU() (*Device, error) {
	name := os.Getenv(DeviceVariable)
	d, err := OpenNamed(name)
	if err == nil && name == "" && d.device.Kind != opencl.GPU {
		return nil, fmt.Errorf("gpu: no graphics processor here, OpenCL finds %s alone: install the driver of your graphics card, or train on the processor's cores without Config.Device\n"+
			"GPU가 없습니다. 그래픽 카드의 드라이버를 설치하거나 Config.Device 없이 학습하세요", d.device)
	}
	return d, err
}

// Names lists the devices of this machine, the best first, each with its kind and version.
func Names() ([]string, error) {
	all, err := opencl.Devices()
	if err != nil {
		return nil, fmt.Errorf("gpu: %w", err)
	}
	names := make([]string, len(all))
	for i, d := range all {
		names[i] = d.String()
	}
	return names, nil
}

// Name returns the device's name, such as "NVIDIA H200".
func (d *Device) Name() string { return d.device.Name }

// Kind is "GPU", "accelerator" or "processor".
func (d *Device) Kind() string { return string(d.device.Kind) }

// SearchFor lets each training that begins from now on look for the quickest tiles for so long, if
// there are products for which none was found before; 0 takes the tiles that are expected. On a
// processor it is 0, elsewhere ten seconds. A result does not depend on it.
func (d *Device) SearchFor(longest time.Duration) {
	d.searching.Lock()
	defer d.searching.Unlock()
	d.search = longest
}

// Close frees all that trainings left on the device; none may go on. A second Close does
// nothing.
func (d *Device) Close() {
	d.mu.Lock()
	left := slices.Collect(maps.Keys(d.plans))
	d.mu.Unlock()
	for _, p := range left {
		p.Close()
	}
}

// Plan makes ready for a training; the trainer calls it.
func (d *Device) Plan(w device.Work) (device.Plan, error) {
	c, err := d.device.Open()
	if err != nil {
		return nil, fmt.Errorf("gpu: %w", err)
	}
	if d.prepare != nil {
		d.prepare(c)
	}
	p, err := d.newPlan(c, w)
	if err != nil {
		c.Close()
		return nil, fmt.Errorf("gpu: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.plans == nil {
		d.plans = map[*plan]bool{}
	}
	d.plans[p] = true
	p.closed = func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.plans, p)
	}
	return p, nil
}

// newPlan makes a plan with the tiles that are known for its products, or found now.
func (d *Device) newPlan(c *opencl.Context, w device.Work) (*plan, error) {
	d.searching.Lock()
	longest, tiles := d.search, d.tiles
	d.searching.Unlock()
	if longest == 0 {
		return newPlan(c, w, tiles, nil)
	}
	return newPlan(c, w, nil, func(p *plan, all []*product) (map[string]string, error) {
		d.searching.Lock()
		defer d.searching.Unlock()
		path := keptPath(d.device)
		if !d.read && path != "" {
			d.tiles, d.read = readKept(path), true
		}
		found, err := p.search(all, d.tiles, longest)
		if err == nil && len(found) > len(d.tiles) {
			d.tiles = found
			if path != "" {
				keep(path, d.device, found)
			}
		}
		return found, err
	})
}

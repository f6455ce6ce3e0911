package opencl

import (
	"fmt"
	"slices"
	"strings"
	"unsafe"
)

// Kind is what a device is.
type Kind string

// The kinds, from the one to take first.
const (
	GPU         Kind = "GPU"
	Accelerator Kind = "accelerator"
	CPU         Kind = "processor" // PoCL, for one: the computer's own cores
)

// Device is what programs run on.
type Device struct {
	Name    string // "NVIDIA H200"
	Version string // "OpenCL 3.0 CUDA"
	Driver  string
	Kind    Kind

	Units     int   // compute units
	Memory    int64 // bytes
	Largest   int64 // bytes of one buffer
	GroupSize int   // most work items of a group
	Rounds    bool  // division and root can be rounded as IEEE 754 wants

	library *library
	id      uintptr
}

// String names the device with its kind, such as "NVIDIA H200 (GPU, OpenCL 3.0 CUDA)".
func (d *Device) String() string {
	return fmt.Sprintf("%s (%s, %s)", d.Name, d.Kind, strings.TrimSpace(d.Version))
}

// Devices returns the devices of all drivers, the best first: GPUs before accelerators
// before processors, those with more compute units first. It returns a *Missing error
// without OpenCL, and ErrNoDevice without a device.
func Devices() ([]*Device, error) {
	l, err := loaded()
	if err != nil {
		return nil, err
	}
	return l.devices()
}

// Find returns the best device whose name contains the given words, in upper or lower case,
// and whose driver can be used. The error is a *TooOld where all that are called so have too
// old a driver, and else one that lists the devices.
func Find(name string) (*Device, error) {
	all, err := Devices()
	if err != nil {
		return nil, err
	}
	return find(all, name)
}

func find(all []*Device, name string) (*Device, error) {
	var old error
	var names []string
	for _, d := range all {
		names = append(names, d.String())
		if !strings.Contains(strings.ToLower(d.Name), strings.ToLower(name)) {
			continue
		}
		if old = d.Check(); old == nil {
			return d, nil
		}
	}
	if old != nil {
		return nil, old
	}
	return nil, fmt.Errorf("no device is called %q; there are: %s\n그런 이름의 장치가 없습니다", name, strings.Join(names, ", "))
}

func (l *library) devices() ([]*Device, error) {
	var count uint32
	if call(l.platforms, 0, 0, uintptr(unsafe.Pointer(&count))) != 0 || count == 0 {
		return nil, ErrNoDevice
	}
	platforms := make([]uintptr, count)
	if call(l.platforms, uintptr(count), uintptr(unsafe.Pointer(&platforms[0])), 0) != 0 {
		return nil, ErrNoDevice
	}
	var devices []*Device
	for _, platform := range platforms {
		const all = 0xFFFFFFFF
		count = 0
		if call(l.at[getDeviceIDs], platform, all, 0, 0, uintptr(unsafe.Pointer(&count))) != 0 || count == 0 {
			continue
		}
		ids := make([]uintptr, count)
		if call(l.at[getDeviceIDs], platform, all, uintptr(count), uintptr(unsafe.Pointer(&ids[0])), 0) != 0 {
			continue
		}
		for _, id := range ids {
			if d := l.device(id); d != nil {
				devices = append(devices, d)
			}
		}
	}
	if len(devices) == 0 {
		return nil, ErrNoDevice
	}
	rank := func(d *Device) int { return slices.Index([]Kind{GPU, Accelerator, CPU}, d.Kind) }
	slices.SortStableFunc(devices, func(a, b *Device) int {
		if r := rank(a) - rank(b); r != 0 {
			return r
		}
		return b.Units - a.Units
	})
	return devices, nil
}

func (l *library) device(id uintptr) *Device {
	const available, compiler = 0x1027, 0x1028
	if number[uint32](l, id, available) == 0 || number[uint32](l, id, compiler) == 0 {
		return nil
	}
	d := &Device{library: l, id: id, Name: l.text(id, 0x102B), Version: l.text(id, 0x102F), Driver: l.text(id, 0x102D),
		Units: int(number[uint32](l, id, 0x1002)), Memory: int64(number[uint64](l, id, 0x101F)),
		Largest: int64(number[uint64](l, id, 0x1010)), GroupSize: int(number[uintptr](l, id, 0x1004)),
		Rounds: number[uint64](l, id, 0x101B)&(1<<7) != 0}
	switch kind := number[uint64](l, id, 0x1000); {
	case kind&4 != 0:
		d.Kind = GPU
	case kind&8 != 0:
		d.Kind = Accelerator
	default:
		d.Kind = CPU
	}
	return d
}

// Check returns a *TooOld error where the device's driver offers less than OpenCL 1.2.
func (d *Device) Check() error {
	var major, minor int
	if n, _ := fmt.Sscanf(d.Version, "OpenCL %d.%d", &major, &minor); n != 2 || major == 1 && minor < 2 || d.GroupSize < 256 {
		return &TooOld{d.Name, d.Version, d.Driver}
	}
	return nil
}

// number asks for a number; it is 0 where the device does not know it.
func number[N uint32 | uint64 | uintptr](l *library, id uintptr, what uintptr) N {
	var n N
	call(l.at[getDeviceInfo], id, what, unsafe.Sizeof(n), uintptr(unsafe.Pointer(&n)), 0)
	return n
}

func (l *library) text(id, what uintptr) string {
	text := make([]byte, 1024)
	if call(l.at[getDeviceInfo], id, what, uintptr(len(text)), uintptr(unsafe.Pointer(&text[0])), 0) != 0 {
		return ""
	}
	known, _, _ := strings.Cut(string(text), "\x00")
	return strings.Join(strings.Fields(known), " ")
}

package opencl

import (
	"errors"
	"fmt"
	"strings"
)

// Missing is the error where there is no OpenCL.
type Missing struct{ Tried []string }

// Error says what to install.
func (m *Missing) Error() string {
	return "no OpenCL here (tried " + strings.Join(m.Tried, ", ") + "): install the driver of your graphics card or, to compute on the processor, PoCL (Debian: pocl-opencl-icd)\n" +
		"OpenCL이 없습니다: 그래픽 카드의 드라이버를 설치하세요"
}

// ErrNoDevice is the error where OpenCL is there and has no device.
var ErrNoDevice = errors.New("OpenCL is here but finds no device: install the driver of your graphics card, or check that this account may use it\n" +
	"OpenCL은 있지만 장치가 없습니다: 그래픽 카드의 드라이버를 설치하세요")

// TooOld is the error of a device whose driver cannot do what is needed.
type TooOld struct{ Device, Version, Driver string }

// Error says which driver it is.
func (t *TooOld) Error() string {
	return fmt.Sprintf("the driver of %s is too old: it offers %s (driver %s), and OpenCL 1.2 is needed; install a newer driver\n"+
		"드라이버가 너무 오래되었습니다: 새 드라이버를 설치하세요", t.Device, strings.TrimSpace(t.Version), t.Driver)
}

// The errors of a device at work. What is wrong in detail is in the text around them.
var (
	ErrMemory = errors.New("the device has too little memory · 장치의 메모리가 부족합니다")
	ErrLost   = errors.New("the device does not answer any more: it was reset or removed, or another program has stopped it · 장치가 응답하지 않습니다")
)

// failed returns the error of a status, or nil.
func failed(what string, status int32) error {
	switch {
	case status >= 0:
		return nil
	case status == -4 || status == -6 || status == -61: // allocation, host memory, size of a buffer
		return fmt.Errorf("opencl: %s: %w", what, ErrMemory)
	case status == -5: // CL_OUT_OF_RESOURCES: what NVIDIA says of memory and of broken kernels alike
		return fmt.Errorf("opencl: %s: out of resources: %w", what, ErrMemory)
	case status == -2 || status == -14 || status == -36 || status == -9999 || status == -1001:
		// not available, a failed event, a queue that is broken, NVIDIA's illegal access
		return fmt.Errorf("opencl: %s: status %d: %w", what, status, ErrLost)
	}
	return fmt.Errorf("opencl: %s: status %d", what, status)
}

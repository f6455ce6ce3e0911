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

// NotCompiled is the error of a driver whose compiler does not take the kernels. Log is all that
// it says.
type NotCompiled struct {
	Device, Driver string
	Status         int32
	Log            string
}

// Error has the compiler's first words of an error.
func (n *NotCompiled) Error() string {
	const most = 200
	const nothing = "its compiler does not say why"
	said := nothing
	for line := range strings.Lines(n.Log) {
		line = strings.Join(strings.Fields(strings.Trim(line, "\x00")), " ")
		if line != "" && (said == nothing || strings.Contains(line, "error")) {
			said = line[:min(len(line), most)]
			if strings.Contains(line, "error") {
				break
			}
		}
	}
	return fmt.Sprintf("%s (driver %s) cannot compile the kernels, status %d: %s; install a newer driver, or train without Config.Device\n"+
		"드라이버가 커널을 컴파일하지 못합니다. 새 드라이버를 설치하거나 Config.Device 없이 학습하세요", n.Device, n.Driver, n.Status, strings.ToValidUTF8(said, "?"))
}

// The errors of a device at work. What is wrong in detail is in the text around them.
var (
	ErrMemory = errors.New("the device has too little memory: take a smaller batch or fewer images, or train without Config.Device\n" +
		"장치의 메모리가 부족합니다. 배치나 이미지 수를 줄이거나 Config.Device 없이 학습하세요")
	ErrLost = errors.New("the device does not answer any more: it was reset or removed, or another program has stopped it; run again, or train without Config.Device\n" +
		"장치가 응답하지 않습니다. 다시 실행하거나 Config.Device 없이 학습하세요")
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

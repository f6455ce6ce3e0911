package opencl

import "syscall"

func open(name string) (uintptr, error) {
	handle, err := syscall.LoadLibrary(name)
	return uintptr(handle), err
}

func symbol(handle uintptr, name string) uintptr {
	at, err := syscall.GetProcAddress(syscall.Handle(handle), name)
	if err != nil {
		return 0
	}
	return at
}

// call calls a function of C that returns a status, a negative number for an error.
//
//go:uintptrescapes
func call(function uintptr, args ...uintptr) int32 {
	status, _, _ := syscall.SyscallN(function, args...)
	return int32(status)
}

// object calls a function of C that returns an object.
//
//go:uintptrescapes
func object(function uintptr, args ...uintptr) uintptr {
	made, _, _ := syscall.SyscallN(function, args...)
	return made
}

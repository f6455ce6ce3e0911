//go:build darwin || (linux && (amd64 || arm64 || loong64 || ppc64le || riscv64 || s390x)) || freebsd || netbsd

package opencl

import "github.com/ebitengine/purego"

func open(name string) (uintptr, error) {
	return purego.Dlopen(name, purego.RTLD_NOW|purego.RTLD_GLOBAL)
}

func symbol(handle uintptr, name string) uintptr {
	at, err := purego.Dlsym(handle, name)
	if err != nil {
		return 0
	}
	return at
}

// call calls a function of C that returns a status, a negative number for an error.
//
//go:uintptrescapes
func call(function uintptr, args ...uintptr) int32 {
	status, _, _ := purego.SyscallN(function, args...)
	return int32(status)
}

// object calls a function of C that returns an object.
//
//go:uintptrescapes
func object(function uintptr, args ...uintptr) uintptr {
	made, _, _ := purego.SyscallN(function, args...)
	return made
}

//go:build !windows && !darwin && !(linux && (amd64 || arm64 || loong64 || ppc64le || riscv64 || s390x)) && !freebsd && !netbsd

package opencl

import "errors"

func open(string) (uintptr, error) { return 0, errors.New("no library can be loaded on this system") }

func symbol(uintptr, string) uintptr { return 0 }

func call(uintptr, ...uintptr) int32 { return -1 }

func object(uintptr, ...uintptr) uintptr { return 0 }

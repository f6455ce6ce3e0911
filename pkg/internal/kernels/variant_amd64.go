//go:build !purego

package kernels

import "golang.org/x/sys/cpu"

func detected() []Variant {
	var vs []Variant
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		vs = append(vs, AVX2)
		if cpu.X86.HasAVX512F {
			vs = append(vs, AVX512)
		}
	}
	return vs
}

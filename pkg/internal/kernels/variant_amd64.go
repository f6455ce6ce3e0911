//go:build !purego

package kernels

import "golang.org/x/sys/cpu"

// AVX512 wants what the level x86-64-v4 has: all of these but the first Xeon Phi.
func detected() []Variant {
	var vs []Variant
	if x := cpu.X86; x.HasAVX2 && x.HasFMA {
		vs = append(vs, AVX2)
		if x.HasAVX512F && x.HasAVX512BW && x.HasAVX512DQ && x.HasAVX512VL && x.HasBMI1 {
			vs = append(vs, AVX512)
		}
	}
	return vs
}

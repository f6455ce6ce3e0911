//go:build !purego

package kernels

// Every arm64 processor has NEON.
func detected() []Variant { return []Variant{NEON} }

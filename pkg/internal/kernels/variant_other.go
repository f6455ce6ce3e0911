//go:build !amd64 || purego

package kernels

func detected() []Variant { return nil }

//go:build (!amd64 && !arm64) || purego

package kernels

func detected() []Variant { return nil }

package machine

import (
	"fmt"
	"strings"

	"convbook/pkg/internal/kernels"
)

// Variants names the implementations of the kernels that this machine can run, from
// the plainest to the fastest: purego, avx2, avx512; on arm64 purego and neon.
func Variants() []string {
	var names []string
	for _, v := range kernels.Available() {
		names = append(names, v.String())
	}
	return names
}

// With runs do with a variant of the kernels forced. Networks are to be made inside
// do: their plans are laid out for a variant. It panics when the machine cannot run
// the variant; no other goroutine may compute meanwhile.
func With(variant string, do func()) {
	for _, v := range kernels.Available() {
		if v.String() == variant {
			defer kernels.Use(v)()
			do()
			return
		}
	}
	panic(fmt.Sprintf("machine: there is no variant %q of the kernels here; there are %s", variant, strings.Join(Variants(), ", ")))
}

package kernels

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// Variant is one implementation of the kernels.
type Variant int

// The variants, from the plainest to the fastest.
const (
	PureGo Variant = iota
	AVX2           // with FMA
	AVX512
	NEON
)

// variants is how many there are. Each room of kernels has a table with the functions of
// every variant: where one is missing, plain Go runs.
const variants = NEON + 1

// String returns the name by which CONVBOOK_KERNELS asks for a variant.
func (v Variant) String() string {
	return [...]string{"purego", "avx2", "avx512", "neon"}[v]
}

// VariantVariable is the variable that forces a variant.
const VariantVariable = "CONVBOOK_KERNELS"

var active = choose(os.Getenv(VariantVariable))

// Active returns the variant in use.
func Active() Variant { return active }

// Available returns the variants that this machine can run.
func Available() []Variant { return append([]Variant{PureGo}, detected()...) }

// Use switches to a variant, for tests and benchmarks, and returns a function
// that switches back. It panics when the machine cannot run it. No kernel may be
// running meanwhile.
func Use(v Variant) (restore func()) {
	if !slices.Contains(Available(), v) {
		panic(fmt.Sprintf("kernels: this machine cannot run the variant %v", v))
	}
	old := active
	active = v
	return func() { active = old }
}

// choose returns the variant with the given name, or the fastest one. A name
// that makes no sense here ends the program: it was set on purpose.
func choose(name string) Variant {
	available := Available()
	if name == "" {
		return available[len(available)-1]
	}
	var names []string
	for _, v := range available {
		if strings.EqualFold(v.String(), name) {
			return v
		}
		names = append(names, v.String())
	}
	fmt.Fprintf(os.Stderr, "%s is %q, but this machine and this build offer only %s\n", VariantVariable, name, strings.Join(names, ", "))
	os.Exit(2)
	return PureGo
}

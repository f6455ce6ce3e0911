package machine

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestWithForcesAVariant(t *testing.T) {
	before := Describe().Variant
	for _, name := range Variants() {
		With(name, func() {
			if got := Describe().Variant; got != name {
				t.Errorf("with %s the variant is %s", name, got)
			}
		})
	}
	if after := Describe().Variant; after != before || !slices.Contains(Variants(), "purego") {
		t.Errorf("the variant was %s and is %s; there are %v", before, after, Variants())
	}
	defer func() {
		if text := fmt.Sprint(recover()); !strings.Contains(text, `no variant "sse"`) {
			t.Errorf("an unknown variant: %s", text)
		}
	}()
	With("sse", func() {})
}

package setup

import (
	"strings"
	"testing"
)

func TestSupported(t *testing.T) {
	for _, system := range []string{"linux", "darwin"} {
		if err := supported(system); err != nil {
			t.Errorf("%s: %v", system, err)
		}
	}
	err := supported("windows")
	if err == nil || !strings.Contains(err.Error(), "wsl --install") || strings.Count(err.Error(), "\n") > 1 {
		t.Errorf("Windows: %v; want what to do, in two lines", err)
	}
}

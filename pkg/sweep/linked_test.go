package sweep_test

import (
	"os/exec"
	"strings"
	"testing"
)

// A program with a sweep links nothing of the board: that is its companion's.
func TestNoClientIsLinked(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for name := range strings.Lines(string(out)) {
		name = strings.TrimSpace(name)
		if strings.Contains(name, "nats") || strings.HasPrefix(name, "convbook/kernel") || name == "net" || name == "net/http" || name == "crypto/tls" || name == "encoding/gob" {
			t.Errorf("a program with a sweep links %s", name)
		}
	}
}

package attack

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"convbook/kernel/internal/setup"
)

var named = regexp.MustCompile("`((Test|Fuzz)[A-Za-z]+)`")

// Each promise of SECURITY.md names tests, and each of them is there.
func TestPromisesHaveTests(t *testing.T) {
	root, err := setup.Root(".")
	must(t, err)
	page, err := os.ReadFile(filepath.Join(root, "SECURITY.md"))
	must(t, err)
	out, err := exec.Command("grep", "-rhoE", "--include=*_test.go", `^func (Test|Fuzz)[A-Za-z]+\(`, filepath.Join(root, "pkg"), filepath.Join(root, "kernel")).Output()
	if err != nil {
		t.Skip(err)
	}
	promises := 0
	for line := range strings.Lines(string(page)) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| promise") {
			continue
		}
		promises++
		tests := named.FindAllStringSubmatch(line, -1)
		if len(tests) == 0 {
			t.Errorf("no test is named for: %s", line)
		}
		for _, test := range tests {
			if !strings.Contains(string(out), "func "+test[1]+"(") {
				t.Errorf("there is no %s", test[1])
			}
		}
	}
	if promises < 10 {
		t.Errorf("%d promises", promises)
	}
}

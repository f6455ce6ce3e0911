package execute

import (
	"strings"
	"testing"
)

func TestAdvice(t *testing.T) {
	for _, c := range []struct{ reason, want string }{
		{"go: cell imports\n\tgithub.com/google/uuid: cannot find module providing package github.com/google/uuid\n---\nNote: 'go get' doesn't know how to process go.work", "go get github.com/google/uuid"},
		{"main.go:3:2: no required module provides package gopkg.in/yaml.v3; to add it:\n\tgo get gopkg.in/yaml.v3", "go get gopkg.in/yaml.v3"},
		{"go: github.com/google/uuid@v1.6.0: module lookup disabled by GOPROXY=off", "go get github.com/google/uuid@v1.6.0"},
		{"package strngs is not in std", ""},
		{"cannot find module providing package convbook/pkg/nothing", ""},
		{"panic: cannot find module", ""},
		{"package cell\n\timports runtime/cgo: build constraints exclude all Go files in /usr/local/go/src/runtime/cgo", "CGO_ENABLED=0"},
	} {
		got := withAdvice(c.reason)
		if c.want == "" && got != c.reason || !strings.Contains(got, c.want) || strings.Contains(got, "go.work") {
			t.Errorf("%q becomes %q, want %q", c.reason, got, c.want)
		}
	}
}

package browser

import (
	"fmt"
	"os"
	"testing"
)

// made is a folder for what is made once for several tests. It is removed when they have ended.
var made string

func TestMain(m *testing.M) {
	var err error
	if made, err = os.MkdirTemp("", "made"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(made)
	os.Exit(code)
}

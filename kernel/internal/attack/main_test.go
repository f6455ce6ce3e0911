package attack

import (
	"os"
	"testing"
)

// roles are what processes of the two accounts do; each file of tests adds its own.
var roles = map[string]func() error{}

func TestMain(m *testing.M) {
	Play(roles)
	os.Exit(m.Run())
}

//go:build unix

package live

import (
	"os"
	"testing"

	"convbook/pkg/internal/celltest"
)

func TestMain(m *testing.M) { os.Exit(celltest.Main(m)) }

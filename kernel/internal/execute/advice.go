package execute

import (
	"fmt"
	"regexp"
)

// ProxyVariable holds, in the environment of cells, where the user's Go takes modules
// from. GOPROXY itself is off there: a cell never waits for the network.
const ProxyVariable = "CONVBOOK_GOPROXY"

var (
	offline = regexp.MustCompile(`(?:cannot find module providing package|no required module provides package) ([^\s:;@/]+\.[^\s:;@]+)|([^\s:;@/]+\.[^\s:;]+): module lookup disabled by GOPROXY=off`)
	withC   = regexp.MustCompile(`build constraints exclude all Go files|requires cgo|CGO_ENABLED=0`)
)

// withAdvice adds to what a cell's failure says what it comes from and what to do, where
// that is something that we have set.
func withAdvice(reason string) string {
	if found := offline.FindStringSubmatch(reason); found != nil {
		name := found[1] + found[2]
		return fmt.Sprintf("%s is not on this machine, and cells load nothing from the network (GOPROXY=off).\n"+
			"To fetch it, put this line first in the cell: !*GOPROXY=$%s go get %s", name, ProxyVariable, name)
	}
	if withC.MatchString(reason) {
		return reason + "\nCells are built without C (CGO_ENABLED=0): choose a package that is all Go."
	}
	return reason
}

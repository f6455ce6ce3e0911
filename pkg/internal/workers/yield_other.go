//go:build !linux

package workers

import "runtime"

// yield lets another goroutine that wants it have the processor.
func yield() { runtime.Gosched() }

//go:build !linux

package process

import "errors"

// A Cgroup is a control group of Linux; here there is none.
type Cgroup struct{}

// NewCgroup returns nil.
func NewCgroup(string) *Cgroup { return nil }

// FindCgroup returns nil.
func FindCgroup(path, name string) *Cgroup { return nil }

// Path is "".
func (g *Cgroup) Path() string { return "" }

// Add says that there are no groups.
func (g *Cgroup) Add(int) error { return errors.ErrUnsupported }

// End does nothing.
func (g *Cgroup) End() error { return nil }

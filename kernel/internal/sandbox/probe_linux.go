package sandbox

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// callsOut are attempts by system calls.
func callsOut(s secrets) map[string]func() error {
	return map[string]func() error{
		"open a socket": func() error {
			fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
			unix.Close(fd)
			return err
		},
		"signal its parent": func() error { return unix.Kill(s.Parent, 0) },
		"trace its parent":  func() error { return unix.PtraceAttach(s.Parent) },
		"start a process": func() error {
			p, err := os.StartProcess(os.Args[0], []string{os.Args[0], getOut, "-"}, &os.ProcAttr{Sys: &syscall.SysProcAttr{}})
			if err == nil {
				p.Wait()
			}
			return err
		},
		"make a namespace": func() error { return unix.Unshare(unix.CLONE_NEWUSER) },
		"mount":            func() error { return unix.Mount("none", "/", "tmpfs", 0, "") },
	}
}

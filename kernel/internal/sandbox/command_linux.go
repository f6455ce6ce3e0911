package sandbox

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"syscall"
)

// modes are the ways there are here, in the order in which they are tried. What root
// starts in namespaces is no user's any more, which bubblewrap does not offer.
func modes() []mode {
	if os.Geteuid() == 0 {
		return []mode{namespaces, bubblewrap, landlocked}
	}
	return []mode{bubblewrap, namespaces, landlocked}
}

// Programs that root starts get user ids that nobody else has, each another.
const firstUID = 1 << 30

var started atomic.Int32

// command makes what starts a program. clean must be called when it has ended.
func (s *Sandbox) command(ctx context.Context, p Program) (cmd *exec.Cmd, clean func(), err error) {
	in := s.argument(p)
	root := os.Geteuid() == 0
	switch s.mode {
	case bubblewrap:
		wrap, err := exec.LookPath("bwrap")
		if err != nil {
			return nil, nil, errors.New("it is not installed")
		}
		words := []string{wrap, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"}
		for _, path := range append([]string{s.self}, p.Read...) {
			words = append(words, "--ro-bind", path, path)
		}
		if p.Write != "" {
			words = append(words, "--bind", p.Write, p.Write)
		}
		words = append(words, "--remount-ro", "/", "--chdir", "/")
		cmd, err = s.start(ctx, in, words...)
		return cmd, func() {}, err
	case namespaces:
		if in.NewRoot, err = os.MkdirTemp(filepath.Dir(s.self), "root-"); err != nil {
			return nil, nil, err
		}
		clean = func() { os.Remove(in.NewRoot) }
		flags := uintptr(syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS)
		if root {
			in.UID = firstUID + os.Getpid()<<8%(1<<28) + int(started.Add(1)%256)
			if p.Write != "" {
				if err := os.Chown(p.Write, in.UID, in.UID); err != nil {
					clean()
					return nil, nil, err
				}
			}
		}
		cmd, err := s.start(ctx, in)
		if err != nil {
			clean()
			return nil, nil, err
		}
		cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: flags}
		if !root {
			cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
			cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
			cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
		}
		return cmd, clean, nil
	}
	cmd, err = s.start(ctx, in)
	return cmd, func() {}, err
}

package sandbox

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"

	"github.com/landlock-lsm/go-landlock/landlock"
	"golang.org/x/sys/unix"
)

// enter closes all doors, from the inside, and becomes the program.
func enter(in inside) error {
	runtime.LockOSThread() // the program goes on with what this thread may
	if in.Mode == namespaces {
		if err := ownRoot(in); err != nil {
			return fmt.Errorf("a root of its own: %w", err)
		}
	}
	if in.Write != "" {
		if err := os.Chdir(in.Write); err != nil {
			return err
		}
	}
	if err := limit(in); err != nil {
		return fmt.Errorf("limits: %w", err)
	}
	if in.Mode != trusting {
		if err := forgoRights(in); err != nil {
			return fmt.Errorf("rights: %w", err)
		}
		if err := lockFiles(in); err != nil {
			return fmt.Errorf("files: %w", err)
		}
	}
	// The program ends with who started it. A change of the user would undo that.
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0); err != nil {
		return err
	}
	if in.Mode != trusting {
		if err := filterCalls(os.Getpid()); err != nil {
			return fmt.Errorf("the filter of system calls: %w", err)
		}
	}
	return syscall.Exec(in.Command[0], in.Command, in.Env)
}

// limit bounds what the program takes. Go reserves addresses that it does not use.
func limit(in inside) error {
	const reserved = 4 << 30
	for _, l := range []struct {
		resource int
		value    uint64
	}{
		{unix.RLIMIT_CORE, 0},
		{unix.RLIMIT_CPU, in.CPU},
		{unix.RLIMIT_DATA, in.Memory},
		{unix.RLIMIT_AS, in.Memory + reserved},
		{unix.RLIMIT_FSIZE, in.File},
		{unix.RLIMIT_NOFILE, 256},
		{unix.RLIMIT_MEMLOCK, 0},
		{unix.RLIMIT_MSGQUEUE, 0},
	} {
		if err := unix.Setrlimit(l.resource, &unix.Rlimit{Cur: l.value, Max: l.value}); err != nil {
			return err
		}
	}
	if in.Mode == trusting {
		return nil
	}
	// Threads count with all that the user has outside of a namespace.
	most := uint64(4096)
	if in.UID >= 0 {
		most = 512
	}
	return unix.Setrlimit(unix.RLIMIT_NPROC, &unix.Rlimit{Cur: most, Max: most})
}

// forgoRights gives up what root may, in the namespace too, for good.
func forgoRights(in inside) error {
	for right := range uintptr(64) {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, right, 0, 0, 0); err != nil {
			break // the last one, or there is nothing to give up
		}
	}
	if in.UID >= 0 {
		if err := errors.Join(syscall.Setgroups(nil), syscall.Setgid(in.UID), syscall.Setuid(in.UID)); err != nil {
			return err
		}
	}
	unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	if err := unix.Capset(&header, &none[0]); err != nil {
		return err
	}
	return unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
}

// lockFiles lets the program reach the files that it may, and nobody outside. Where a
// root of its own does that already, Landlock does what this kernel's can.
func lockFiles(in inside) error {
	rules := []landlock.Rule{landlock.RODirs(folders(in.Read)...), landlock.ROFiles(files(in.Read)...)}
	if in.Write != "" {
		rules = append(rules, landlock.RWDirs(in.Write))
	}
	if in.Mode == landlocked {
		return landlock.V6.Restrict(rules...)
	}
	return landlock.V6.BestEffort().Restrict(rules...)
}

func folders(paths []string) (found []string) {
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			found = append(found, path)
		}
	}
	return found
}

func files(paths []string) (found []string) {
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			found = append(found, path)
		}
	}
	return found
}

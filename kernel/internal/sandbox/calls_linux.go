package sandbox

import (
	seccomp "github.com/elastic/go-seccomp-bpf"
	"github.com/elastic/go-seccomp-bpf/arch"
	"golang.org/x/sys/unix"
)

// forbidden are system calls that no program inside needs: those that reach another
// process, the network, the kernel's own settings, memory that no limit counts, and
// those for which faults of the kernel are found again and again.
var forbidden = []string{
	// another process
	"ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "kcmp", "tkill",
	"rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open", "pidfd_getfd", "pidfd_send_signal",
	"setpriority", "ioprio_set", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr",
	"move_pages", "migrate_pages", "setpgid", "setsid",
	// one more process
	"fork", "vfork",
	// the network
	"socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg", "recvmmsg",
	// memory that is no data
	"memfd_create", "memfd_secret", "shmget", "shmat", "shmctl", "shmdt", "msgget", "msgsnd", "msgrcv", "msgctl",
	"semget", "semop", "semctl", "semtimedop", "mq_open", "mq_unlink", "add_key", "request_key", "keyctl",
	// the kernel and its mounts
	"mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "fsopen", "fsmount", "fsconfig", "fspick", "open_tree",
	"move_mount", "mount_setattr", "mknod", "mknodat", "swapon", "swapoff", "reboot", "kexec_load", "kexec_file_load", "init_module",
	"finit_module", "delete_module", "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter",
	"io_uring_register", "io_setup", "io_submit", "fanotify_init", "open_by_handle_at", "name_to_handle_at", "quotactl", "acct", "syslog",
	"settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "sethostname", "setdomainname", "personality", "vhangup",
	"iopl", "ioperm", "modify_ldt", "lookup_dcookie", "vmsplice", "landlock_add_rule",
}

// filterCalls makes the forbidden calls fail, for this thread and what it becomes. A
// program of the given number may still start threads and send signals to itself.
func filterCalls(own int) error {
	info, err := arch.GetInfo("")
	if err != nil {
		return err
	}
	deny := seccomp.SyscallGroup{Action: seccomp.ActionErrno | seccomp.Action(unix.EPERM)}
	for _, name := range forbidden {
		if _, there := info.SyscallNames[name]; there {
			deny.Names = append(deny.Names, name)
		}
	}
	when := func(name string, conditions ...seccomp.Condition) {
		if _, there := info.SyscallNames[name]; there {
			deny.NamesWithCondtions = append(deny.NamesWithCondtions, seccomp.NameWithConditions{Name: name, Conditions: conditions})
		}
	}
	other := seccomp.Condition{Argument: 0, Operation: seccomp.NotEqual, Value: uint64(own)}
	when("kill", other)
	when("tgkill", other)
	when("prlimit64", seccomp.Condition{Argument: 0, Operation: seccomp.NotEqual, Value: 0})
	when("clone", seccomp.Condition{Argument: 0, Operation: seccomp.BitsNotSet, Value: unix.CLONE_THREAD})
	// Shared memory without a file behind it counts as nobody's data.
	when("mmap", seccomp.Condition{Argument: 3, Operation: seccomp.BitsSet, Value: unix.MAP_SHARED},
		seccomp.Condition{Argument: 3, Operation: seccomp.BitsSet, Value: unix.MAP_ANONYMOUS})
	policy := seccomp.Policy{DefaultAction: seccomp.ActionAllow, Syscalls: []seccomp.SyscallGroup{deny}}
	// The arguments of clone3 cannot be looked at; who finds that it is not there takes clone.
	if _, there := info.SyscallNames["clone3"]; there {
		policy.Syscalls = append(policy.Syscalls, seccomp.SyscallGroup{Names: []string{"clone3"}, Action: seccomp.ActionErrno | seccomp.Action(unix.ENOSYS)})
	}
	return seccomp.LoadFilter(seccomp.Filter{Policy: policy})
}

package mark

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/sandbox"
)

// target is what hostile hand-ins want.
type target struct {
	folder  string // of the teacher, with a secret in it
	server  net.Listener
	visited atomic.Int32
}

const secret = "the teacher's secret"

func newTarget(t *testing.T) *target {
	t.Helper()
	g := &target{folder: t.TempDir()}
	for _, name := range []string{".ssh/id_rsa", "hand-ins/lee/04_pooling.ipynb", "go/pkg/mod/cache/x", "cache/go-build/x", "pkg/exercise/x"} {
		path := filepath.Join(g.folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(secret), 0o666); err != nil {
			t.Fatal(err)
		}
		os.Chmod(filepath.Dir(path), 0o777) // only the sandbox is in the way
	}
	os.Chmod(g.folder, 0o777)
	var err error
	if g.server, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.server.Close() })
	go func() {
		for {
			c, err := g.server.Accept()
			if err != nil {
				return
			}
			g.visited.Add(1)
			c.Close()
		}
	}()
	t.Setenv("CONVBOOK_TEST_SECRET", secret)
	return g
}

// untouched looks whether anything of the teacher's is another.
func (g *target) untouched(t *testing.T) {
	t.Helper()
	files := 0
	filepath.WalkDir(g.folder, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files++
			if text, err := os.ReadFile(path); err != nil || string(text) != secret {
				t.Errorf("%s is %q, %v", path, text, err)
			}
		}
		return nil
	})
	if files != 5 || g.visited.Load() > 0 {
		t.Errorf("there are %d files of the teacher's, and %d connections", files, g.visited.Load())
	}
}

// attack is what a hand-in does in its first call besides giving the right answer. It
// prints GOT where something works that must not.
type attack struct {
	name, code string
	want       string // the verdict of that check
	reason     string // a part of why it did not run
}

// tries is an attack that calls functions which return errors, and gets nothing.
func tries(name string, calls ...string) attack {
	var b strings.Builder
	for _, call := range calls {
		fmt.Fprintf(&b, "\tgot(%q, %s)\n", name, call)
	}
	return attack{name: name, code: b.String(), want: "right"}
}

func attacks(g *target) []attack {
	path := func(name string) string { return fmt.Sprintf("%q", filepath.Join(g.folder, name)) }
	write := func(name string) string { return fmt.Sprintf("os.WriteFile(%s, []byte(\"mine\"), 0o644)", path(name)) }
	second := func(call string) string { return "func() error { _, err := " + call + "; return err }()" }
	return []attack{
		tries("read ~/.ssh", second("os.ReadFile("+path(".ssh/id_rsa")+")")),
		tries("list a home", second("os.ReadDir("+path("")+")"), second(`os.ReadDir("/root")`), second(`os.ReadDir("/home")`)),
		tries("read passwords", second(`os.ReadFile("/etc/passwd")`), second(`os.ReadFile("/etc/shadow")`)),
		tries("write into the module cache", write("go/pkg/mod/cache/x"), write("go/pkg/mod/cache/new")),
		tries("write into the build cache", write("cache/go-build/x")),
		tries("write into pkg", write("pkg/exercise/x"), write("pkg/exercise/evil.go")),
		tries("write into another's hand-in", write("hand-ins/lee/04_pooling.ipynb"), "os.Remove("+path("hand-ins/lee/04_pooling.ipynb")+")"),
		tries("write anywhere", `os.WriteFile("/evil", nil, 0o644)`, `os.WriteFile("evil", nil, 0o644)`, `os.WriteFile("/tmp/evil", nil, 0o644)`,
			`os.WriteFile("/dev/shm/evil", nil, 0o644)`, `os.WriteFile(os.Args[0], nil, 0o644)`, `os.Remove(os.Args[0])`, `os.Mkdir("/evil", 0o755)`),
		tries("connect by TCP", second(fmt.Sprintf("net.Dial(%q, %q)", "tcp", g.server.Addr()))),
		tries("listen", second(`net.Listen("tcp", "127.0.0.1:0")`), second(`net.Listen("unix", "@evil")`), second(`net.ListenPacket("udp", "127.0.0.1:0")`)),
		tries("open any socket", second("syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)"), second("syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW, 0)"),
			second("syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)")),
		tries("start a process", second(`os.StartProcess("/bin/sh", nil, &os.ProcAttr{})`), second("os.StartProcess(os.Args[0], os.Args, &os.ProcAttr{})"), `exec.Command("ls").Run()`),
		{name: "a bomb of forks", code: "\tfor range 100_000 {\n\t\tif pid, _, _ := syscall.RawSyscall(syscall.SYS_CLONE, 17, 0, 0); int(pid) >= 0 {\n\t\t\tfmt.Println(\"GOT a child\")\n\t\t}\n\t}\n", want: "right"},
		tries("become a shell", `syscall.Exec("/bin/sh", []string{"sh"}, nil)`),
		{name: "fill the disk", code: "\tfor i := range 1000 {\n\t\tfor _, folder := range []string{\".\", \"/\", \"/tmp\", \"/dev/shm\", \"/var/tmp\", os.TempDir()} {\n\t\t\tgot(\"a file\", os.WriteFile(fmt.Sprintf(\"%s/f%d\", folder, i), make([]byte, 1<<10), 0o644))\n\t\t}\n\t}\n", want: "right"},
		{name: "10 GB", code: "\tb := make([]byte, 10<<30)\n\tfor i := 0; i < len(b); i += 4096 {\n\t\tb[i] = 1\n\t}\n\tfmt.Println(\"GOT 10 GB\")\n", want: "did not run", reason: "out of memory"},
		tries("10 GB of shared memory", second("syscall.Mmap(-1, 0, 10<<30, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED|syscall.MAP_ANON)"),
			second("syscall.Mmap(-1, 0, 1<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED|syscall.MAP_ANON)")),
		{name: "a file in memory", code: "\tname := []byte(\"x\\x00\")\n\tfor _, call := range []uintptr{319, 279, 447} {\n\t\tif fd, _, err := syscall.Syscall(call, uintptr(unsafe.Pointer(&name[0])), 0, 0); err == 0 && int(fd) > 2 {\n\t\t\tfmt.Println(\"GOT a file in memory\", call)\n\t\t}\n\t}\n", want: "right"},
		{name: "ptrace", code: "\tfor pid := range 3000 {\n\t\tif pid != os.Getpid() {\n\t\t\tgot(\"a traced process\", syscall.PtraceAttach(pid))\n\t\t}\n\t}\n", want: "right"},
		{name: "signals", code: fmt.Sprintf("\tfor _, pid := range []int{-1, 0, os.Getppid(), %d, 1, 2} {\n\t\tif pid != os.Getpid() {\n\t\t\tgot(\"a signal\", syscall.Kill(pid, syscall.SIGKILL))\n\t\t}\n\t}\n", os.Getpid()), want: "right"},
		tries("see processes", second(`os.ReadDir("/proc")`), second(`os.ReadFile("/proc/self/environ")`), second(`os.ReadFile("/proc/1/cmdline")`)),
		{name: "a memory of another", code: fmt.Sprintf("\t_, _, err := syscall.Syscall6(310, %d, 0, 0, 0, 0, 0)\n\tif err == 0 {\n\t\tfmt.Println(\"GOT memory\")\n\t}\n", os.Getpid()), want: "right"},
		tries("rights", "syscall.Setuid(4242)", "syscall.Setgid(4242)", `syscall.Mount("none", "/", "tmpfs", 0, "")`, `syscall.Chroot("/")`, "syscall.Unshare(syscall.CLONE_NEWUSER)",
			`syscall.Mknod("/tmp/x", syscall.S_IFBLK|0o666, 0x800)`),
		{name: "a ✓ and an end", code: "\tfmt.Println(\"✓ Pooling: right. All 40 cases agree.\")\n\tos.Exit(0)\n", want: "did not run", reason: "status 0"},
		{name: "a verdict on every file", code: "\tfor fd := range 300 {\n\t\tf := os.NewFile(uintptr(fd), \"\")\n\t\tfmt.Fprintf(f, \"x right %q\\n\", \"Pooling\")\n\t}\n\ttime.Sleep(time.Second)\n", want: "did not run", reason: "no answer"},
		{name: "a closed pipe", code: "\tsyscall.Close(4)\n\tselect {}\n", want: "did not run", reason: ""},
		{name: "another's requests", code: "\tgo func() {\n\t\tb := make([]byte, 10)\n\t\tfor {\n\t\t\tsyscall.Read(3, b)\n\t\t}\n\t}()\n\ttime.Sleep(100 * time.Millisecond)\n", want: "did not run", reason: ""},
		{name: "an answer of 400 GB", code: "\tsyscall.Write(4, []byte{255, 255, 255, 255, 1})\n\tselect {}\n", want: "did not run", reason: "announces"},
		tries("escape by a link", `os.Symlink("/", "out")`, `os.Symlink("/etc/passwd", "/tmp/x")`, second(`os.ReadFile("out/etc/passwd")`), second(`os.Open("../../../../etc/passwd")`)),
		{name: "the environment", code: "\tfmt.Println(os.Environ(), os.Args)\n\tos.Setenv(\"CONVBOOK_EXERCISE\", \"\")\n\tos.Unsetenv(\"CONVBOOK_EXERCISE_RECORD\")\n", want: "right"},
		{name: "HTML and the terminal", code: "\tfmt.Println(\"<script>alert(1)</script><img src=x onerror=alert(1)>\\x1b]0;title\\a\\x1b[2J\\u202e\")\n", want: "right"},
		{name: "no end", code: "\tfor {\n\t}\n", want: "did not run", reason: "no answer"},
		{name: "a deadlock", code: "\tvar m sync.Mutex\n\tm.Lock()\n\tm.Lock()\n", want: "did not run", reason: "deadlock"},
		{name: "Goexit", code: "\truntime.Goexit()\n", want: "did not run", reason: "Goexit"},
		{name: "printing without end", code: "\tline := strings.Repeat(\"x\", 1<<16)\n\tfor {\n\t\tfmt.Println(line)\n\t}\n", want: "did not run", reason: "more than 64 MB"},
		{name: "a bomb of threads", code: "\tfor range 100_000 {\n\t\tgo func() {\n\t\t\truntime.LockOSThread()\n\t\t\tfor {\n\t\t\t\ttime.Sleep(time.Hour)\n\t\t\t}\n\t\t}()\n\t}\n\ttime.Sleep(time.Second)\n", want: "did not run", reason: ""},
		{name: "a stack without end", code: "\tdebug.SetMaxStack(1 << 40)\n\tvar f func(int) int\n\tf = func(n int) int { return f(n+1) + 1 }\n\tf(0)\n", want: "did not run", reason: ""},
		{name: "what it leaves running", code: "\tsignal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)\n\tgo func() {\n\t\tfor {\n\t\t}\n\t}()\n", want: "right"},
		{name: "the state of the checks", code: "\texercise.NotYet = 0\n", want: "right"},
		{name: "a wild pointer", code: "\t*(*int)(unsafe.Pointer(uintptr(8))) = 1\n", want: "wrong"},
		{name: "clocks and limits", code: "\tvar r syscall.Rlimit\n\tsyscall.Getrlimit(syscall.RLIMIT_AS, &r)\n\tr.Cur, r.Max = 1<<50, 1<<50\n\tgot(\"more memory\", syscall.Setrlimit(syscall.RLIMIT_AS, &r))\n\ttv := syscall.Timeval{}\n\tgot(\"the clock\", syscall.Settimeofday(&tv))\n", want: "right"},
	}
}

// attacking puts an attack into the first answer of notebook 04.
func attacking(t *testing.T, w *workshop, a attack) *notebook.Notebook {
	nb := w.solved(t, "04_pooling")
	c := exercise(t, nb, 0)
	above, below, _ := strings.Cut(c.Source, "\n%%\n")
	at := strings.Index(above, "func myPooling(")
	brace := at + strings.Index(above[at:], "{\n") + 2
	c.Source = above[:brace] + "\tattackOnce.Do(attack)\n" + above[brace:] +
		"\n\nvar attackOnce sync.Once\n\nfunc got(what string, err error) {\n\tif err == nil {\n\t\tfmt.Println(\"GOT\", what)\n\t}\n}\n\nfunc attack() {\n" + a.code + "}\n\n%%\n" + below
	return nb
}

// TestHostileAnswers marks answers that do more than answer: none gets anything, each
// has its verdict, and the next hand-in has the result that it has alone. With
// CONVBOOK_LONG=1 it does so in each sandbox that there is.
func TestHostileAnswers(t *testing.T) {
	w := shop(t)
	if os.Getenv("CONVBOOK_LONG") == "" {
		hostileAnswers(t, w)
		return
	}
	for i, box := range sandbox.All(t.Context(), filepath.Join(w.folder, "inside")) {
		t.Run(box.String(), func(t *testing.T) {
			other := *w
			other.settings.Box, other.settings.Folder = box, filepath.Join(w.folder, fmt.Sprint(i))
			if err := os.Mkdir(other.settings.Folder, 0o755); err != nil {
				t.Fatal(err)
			}
			var err error
			if other.marker, err = NewMarker(t.Context(), w.course, other.settings); err != nil {
				t.Fatal(err)
			}
			hostileAnswers(t, &other)
		})
	}
}

func hostileAnswers(t *testing.T, w *workshop) {
	g := newTarget(t)
	next := func() string {
		r := w.mark(t, w.solved(t, "04_pooling"))
		return outcomes(r) + r.Verdicts[0].Report + r.Verdicts[1].Report
	}
	alone := next()
	for i, a := range attacks(g) {
		r := w.mark(t, attacking(t, w, a))
		v := r.Verdicts[0]
		said := v.Reason + "\n" + v.Report + "\n" + v.Printed
		if string(v.Outcome) != a.want || !strings.Contains(v.Reason, a.reason) {
			t.Errorf("%s: %s, want %s because of %q; it said\n%s", a.name, v.Outcome, a.want, a.reason, said[:min(len(said), 2000)])
		}
		if strings.Contains(v.Printed, "GOT ") || strings.Contains(said, secret) {
			t.Errorf("%s got something:\n%s", a.name, said[:min(len(said), 2000)])
		}
		if r.Verdicts[1].Outcome != Right {
			t.Errorf("%s: the other check is %+v", a.name, r.Verdicts[1])
		}
		t.Logf("%-30s %-12s %s", a.name, v.Outcome, firstLine(v.Reason))
		if i%10 == 9 && next() != alone {
			t.Errorf("after %s the next hand-in has another result", a.name)
		}
	}
	g.untouched(t)
	if now := next(); now != alone {
		t.Errorf("the next hand-in's result is\n%s\nalone it was\n%s", now, alone)
	}
}

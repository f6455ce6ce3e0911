package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/lab"
	"convbook/pkg/system/private"
)

var address = regexp.MustCompile(`(http://127\.0\.0\.1:\d+)/lab\?token=([0-9a-f]+)`)

// server is JupyterLab, run by the command.
type server struct {
	*command
	address, token string
}

// beginLab starts JupyterLab and waits until it listens.
func beginLab(t *testing.T) *server {
	t.Helper()
	onlyOnLinux(t)
	if program, _, err := lab.Find(t.Context()); program == "" {
		t.Skipf("no JupyterLab here (%v); go run ./kernel lab installs one", err)
	}
	c := begin(t, nil, "lab", "--no-browser")
	var found []string
	eventually(t, "JupyterLab tells its address", func() bool {
		found = address.FindStringSubmatch(c.stdout.String())
		return found != nil
	})
	eventually(t, "JupyterLab listens where it said", func() bool {
		connection, err := net.Dial("tcp", strings.TrimPrefix(found[1], "http://"))
		if err == nil {
			connection.Close()
		}
		return err == nil
	})
	return &server{c, found[1], found[2]}
}

// ask sends a request, with the given token, to the server.
func (s *server) ask(method, path, token, body string) (status int, answer string) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.address+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "token "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// startKernel starts a kernel and waits until it runs, with gopls where that is there.
func (s *server) startKernel() {
	s.t.Helper()
	if status, answer := s.ask("POST", "/api/kernels", s.token, `{"name": "convbook"}`); status != http.StatusCreated {
		s.t.Fatalf("starting a kernel: %d %s", status, answer)
	}
	eventually(s.t, "the server and its kernel run", func() bool {
		_, processes := s.left()
		return len(processes) >= 2
	})
}

func TestLab(t *testing.T) {
	t.Parallel()
	c := beginLab(t)
	if status, answer := c.ask("GET", "/api/kernelspecs", "", ""); status != http.StatusForbidden {
		t.Errorf("without the token: %d %s", status, answer)
	}
	_, answer := c.ask("GET", "/api/kernelspecs", c.token, "")
	var specs struct{ Default string }
	if err := json.Unmarshal([]byte(answer), &specs); err != nil || specs.Default != "convbook" {
		t.Errorf("the kernel that is offered first is %q, %v", specs.Default, err)
	}
	if _, answer := c.ask("GET", "/api/contents", c.token, ""); !strings.Contains(answer, "07_assignment.ipynb") {
		t.Errorf("JupyterLab shows %s", answer)
	}
	c.startKernel()
	runtimes := c.runtimes()
	files, _ := filepath.Glob(filepath.Join(runtimes, "kernel-*.json"))
	if len(files) != 1 {
		t.Fatalf("in %q there are the connection files %q", runtimes, files)
	}
	if connection, err := jupyter.ReadConnection(files[0]); err != nil || connection.Transport != "ipc" || filepath.Dir(connection.IP) != runtimes {
		t.Errorf("the kernel's connection is %+v, %v; want sockets in %s", connection, err, runtimes)
	}
	if err := private.Check(runtimes); err != nil {
		t.Error(err)
	}
	c.Process.Signal(os.Interrupt)
	if code := c.ends(); code != 0 {
		t.Errorf("exit status %d: %s", code, c.stderr)
	}
	c.cleanedUp()
	if _, err := os.Stat(runtimes); !os.IsNotExist(err) {
		t.Errorf("%s is left: %v", runtimes, err)
	}
}

// runtimes returns where JupyterLab puts what belongs to its kernels.
func (s *server) runtimes() string {
	_, processes := s.left()
	for _, pid := range processes {
		environment, _ := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
		for _, entry := range strings.Split(string(environment), "\x00") {
			if folder, ok := strings.CutPrefix(entry, "JUPYTER_RUNTIME_DIR="); ok {
				return folder
			}
		}
	}
	return ""
}

// ownRuns gives a test a cache folder with all that is set up but none of the runs,
// so that no other command removes what the test looks for.
func ownRuns(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("runs notebooks: not with -short")
	}
	if err := ready(); err != nil {
		t.Skipf("no kernel can be set up on this machine: %v", err)
	}
	own, err := os.MkdirTemp("", "convbook") // short, for gopls's socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(own) })
	kernels, err := private.Folder("kernel")
	if err == nil {
		err = os.Mkdir(filepath.Join(own, "convbook"), 0o700)
	}
	if err == nil { // a link would not be used
		err = os.CopyFS(filepath.Join(own, "convbook", "kernel"), os.DirFS(kernels))
	}
	if err != nil {
		t.Fatal(err)
	}
	if program, _, err := lab.Find(t.Context()); err == nil && program != "" {
		t.Setenv("PATH", filepath.Dir(program)+string(filepath.ListSeparator)+os.Getenv("PATH"))
	}
	built, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOCACHE", strings.TrimSpace(string(built)))
	t.Setenv("XDG_CACHE_HOME", own)
}

func TestKilledLabIsCleanedUpByTheNext(t *testing.T) {
	onlyOnLinux(t)
	ownRuns(t)
	for _, next := range []string{"doctor", "clean"} {
		t.Run(next, func(t *testing.T) {
			killed := beginLab(t)
			killed.startKernel()
			killed.Process.Kill()
			killed.Process.Wait() // not for its output, which JupyterLab holds
			if folders, processes := killed.left(); len(folders) != 1 || len(processes) < 2 {
				t.Fatalf("after the kill there are the folders %v and the processes %v: nothing to remove", folders, processes)
			}
			c := begin(t, nil, next)
			c.ends()
			if next == "doctor" && !strings.Contains(c.stdout.String(), "by 2 killed programs: ended and removed") {
				t.Errorf("doctor says nothing of it:\n%s", c.stdout)
			}
			eventually(t, "what the killed lab left is gone", func() bool {
				folders, processes := killed.left()
				return len(folders)+len(processes) == 0
			})
		})
	}
}

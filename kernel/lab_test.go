package main

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"convbook/kernel/internal/lab"
)

var address = regexp.MustCompile(`(http://127\.0\.0\.1:\d+)/lab\?token=([0-9a-f]+)`)

func TestLab(t *testing.T) {
	onlyOnLinux(t)
	t.Parallel()
	if program, _, err := lab.Find(t.Context()); program == "" {
		t.Skipf("no JupyterLab here (%v); go run ./kernel lab installs one", err)
	}
	c := begin(t, nil, "lab", "--no-browser")
	var found []string
	eventually(t, "JupyterLab tells its address", func() bool {
		found = address.FindStringSubmatch(c.stdout.String())
		return found != nil
	})
	ask := func(method, path, token, body string) (status int, answer string) {
		request, err := http.NewRequestWithContext(t.Context(), method, found[1]+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if token != "" {
			request.Header.Set("Authorization", "token "+token)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, string(text)
	}
	eventually(t, "JupyterLab listens where it said", func() bool {
		connection, err := net.Dial("tcp", strings.TrimPrefix(found[1], "http://"))
		if err == nil {
			connection.Close()
		}
		return err == nil
	})
	if status, answer := ask("GET", "/api/kernelspecs", "", ""); status != http.StatusForbidden {
		t.Errorf("without the token: %d %s", status, answer)
	}
	_, answer := ask("GET", "/api/kernelspecs", found[2], "")
	var specs struct{ Default string }
	if err := json.Unmarshal([]byte(answer), &specs); err != nil || specs.Default != "convbook" {
		t.Errorf("the kernel that is offered first is %q, %v", specs.Default, err)
	}
	if _, answer := ask("GET", "/api/contents", found[2], ""); !strings.Contains(answer, "07_assignment.ipynb") {
		t.Errorf("JupyterLab shows %s", answer)
	}
	if status, answer := ask("POST", "/api/kernels", found[2], `{"name": "convbook"}`); status != http.StatusCreated {
		t.Errorf("starting a kernel: %d %s", status, answer)
	}
	eventually(t, "the server and its kernel run", func() bool {
		_, processes := c.left()
		return len(processes) >= 2
	})
	c.Process.Signal(os.Interrupt)
	if code := c.ends(); code != 0 {
		t.Errorf("exit status %d: %s", code, c.stderr)
	}
	c.cleanedUp()
}

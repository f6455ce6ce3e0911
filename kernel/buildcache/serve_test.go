package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// asProgram makes the program of the tests be buildcache itself.
const asProgram = "CONVBOOK_TEST_BUILDCACHE"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// script is what a go command says.
type script struct {
	bytes.Buffer
	next int
}

func (s *script) ask(command string, action, output, body []byte) {
	s.next++
	json.NewEncoder(s).Encode(request{ID: int64(s.next), Command: command, ActionID: action, OutputID: output, BodySize: int64(len(body))})
	if len(body) > 0 {
		fmt.Fprintf(s, "\"%s\"\n", base64.StdEncoding.EncodeToString(body))
	}
}

// answers lets the cache answer and returns what it says, by ID.
func answers(t *testing.T, s *script, cache layers) map[int64]response {
	t.Helper()
	var out bytes.Buffer
	if err := serve(s, &out, cache); err != nil {
		t.Fatal(err)
	}
	said := map[int64]response{}
	for d := json.NewDecoder(&out); ; {
		var r response
		if err := d.Decode(&r); err == io.EOF {
			return said
		} else if err != nil {
			t.Fatal(err)
		}
		said[r.ID] = r
	}
}

func id(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// What is put is found by the next go command, what only the shared cache has as well,
// and the shared one is never written.
func TestLayers(t *testing.T) {
	own, shared := folder(t.TempDir()), folder(t.TempDir())
	body := bytes.Repeat([]byte("object"), 50_000)
	if _, err := shared.put(id("of all"), id("shared output"), []byte("shared"), time.Now()); err != nil {
		t.Fatal(err)
	}
	var first, second script
	first.ask("get", id("mine"), nil, nil)
	first.ask("put", id("mine"), id(string(body)), body)
	first.ask("put", id("empty"), id(""), nil)
	first.ask("get", id("of all"), nil, nil)
	first.ask("get", []byte("short"), nil, nil)
	first.ask("put", []byte("../../x"), id(""), nil)
	first.ask("dance", nil, nil, nil)
	first.ask("close", nil, nil, nil)
	said := answers(t, &first, layers{own: own, shared: shared})
	if known := said[0].KnownCommands; len(known) != 3 || len(said) != 9 {
		t.Fatalf("it says %v", said)
	}
	if !said[1].Miss || said[2].Err != "" || said[3].Err != "" || said[4].Miss || !said[5].Miss || said[6].Err == "" || said[7].Err == "" || said[8].Err != "" {
		t.Errorf("it says %+v", said)
	}
	if text, err := os.ReadFile(said[4].DiskPath); string(text) != "shared" || err != nil || !strings.HasPrefix(said[4].DiskPath, string(shared)) {
		t.Errorf("%s holds %q, %v", said[4].DiskPath, text, err)
	}
	second.ask("get", id("mine"), nil, nil)
	second.ask("get", id("empty"), nil, nil)
	said = answers(t, &second, layers{own: own, shared: shared})
	if text, err := os.ReadFile(said[1].DiskPath); !bytes.Equal(text, body) || err != nil || said[1].Size != int64(len(body)) || !bytes.Equal(said[1].OutputID, id(string(body))) || said[1].Time == nil {
		t.Errorf("what was put comes back as %d bytes, %v, %+v", len(text), err, said[1])
	}
	if said[2].Miss || said[2].Size != 0 {
		t.Errorf("an empty output: %+v", said[2])
	}
	files, _ := filepath.Glob(filepath.Join(string(shared), "*", "*"))
	if len(files) != 2 {
		t.Errorf("in the shared cache there are %q", files)
	}
}

// An entry that is cut off, damaged or gone is made again.
func TestDamagedEntries(t *testing.T) {
	for name, damage := range map[string]func(entryFile, outputFile string){
		"no output":         func(_, d string) { os.Remove(d) },
		"output cut off":    func(_, d string) { os.Truncate(d, 3) },
		"output a folder":   func(_, d string) { os.Remove(d); os.Mkdir(d, 0o700) },
		"entry cut off":     func(a, _ string) { os.Truncate(a, 80) },
		"entry empty":       func(a, _ string) { os.Truncate(a, 0) },
		"entry of another":  func(a, _ string) { text, _ := os.ReadFile(a); copy(text[3:], "0123"); os.WriteFile(a, text, 0o600) },
		"entry not in hex":  func(a, _ string) { text, _ := os.ReadFile(a); copy(text[70:], "xy"); os.WriteFile(a, text, 0o600) },
		"entry of v2":       func(a, _ string) { text, _ := os.ReadFile(a); copy(text, "v2"); os.WriteFile(a, text, 0o600) },
		"entry without end": func(a, _ string) { text, _ := os.ReadFile(a); os.WriteFile(a, append(text, "more"...), 0o600) },
	} {
		cache := folder(t.TempDir())
		if _, err := cache.put(id("action"), id("output"), []byte("object"), time.Now()); err != nil {
			t.Fatal(err)
		}
		action := hex.EncodeToString(id("action"))
		if _, err := cache.get(action); err != nil {
			t.Fatal(err)
		}
		damage(cache.name(action, "a"), cache.name(hex.EncodeToString(id("output")), "d"))
		if e, err := cache.get(action); err == nil {
			t.Errorf("%s: it counts as %+v", name, e)
		}
	}
}

// What the installer keeps is what its name says.
func TestKeep(t *testing.T) {
	own, shared := folder(t.TempDir()), folder(t.TempDir())
	for action, output := range map[string]string{"right": "object", "wrong": "something else"} {
		if _, err := shared.put(id(action), id(output), []byte("object"), time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	cache := layers{own: own, shared: shared, keep: true}
	if e, miss := cache.get(hex.EncodeToString(id("right"))); miss || !strings.HasPrefix(e.path, string(own)) {
		t.Errorf("%+v, %v", e, miss)
	}
	if e, miss := cache.get(hex.EncodeToString(id("wrong"))); !miss {
		t.Errorf("a damaged object is kept: %+v", e)
	}
}

func TestTrim(t *testing.T) {
	cache := folder(t.TempDir())
	now := time.Now()
	old := now.Add(-keepFor - time.Hour)
	for _, name := range []string{"old", "used", "new"} {
		if _, err := cache.put(id(name), id("output of "+name), []byte(name), now); err != nil {
			t.Fatal(err)
		}
	}
	left := filepath.Join(string(cache), "ab", temporary+"1")
	os.MkdirAll(filepath.Dir(left), 0o700)
	os.WriteFile(left, nil, 0o600)
	for _, name := range []string{"old", "used"} {
		os.Chtimes(cache.name(hex.EncodeToString(id(name)), "a"), old, old)
		os.Chtimes(cache.name(hex.EncodeToString(id("output of "+name)), "d"), old, old)
	}
	os.Chtimes(left, old, old)
	if _, miss := (layers{own: cache, shared: folder(t.TempDir())}).get(hex.EncodeToString(id("used"))); miss {
		t.Fatal("it is not found")
	}
	cache.trim(now)
	for name, want := range map[string]bool{"old": false, "used": true, "new": true} {
		if _, err := cache.get(hex.EncodeToString(id(name))); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := os.Stat(left); err == nil {
		t.Error("what a killed build left is still there")
	}
}

func TestWhatIsNoRequest(t *testing.T) {
	for _, text := range []string{"hello\n", "{\"ID\":1,\"Command\":\"put\",\"BodySize\":-1}\n",
		"{\"ID\":1,\"Command\":\"put\",\"BodySize\":1099511627776}\n", "{\"ID\":1,\"Command\":\"put\",\"BodySize\":10}\n\"AAAA\"\n",
		"{\"ID\":1,\"Command\":\"put\",\"BodySize\":3}\n\"AAAAAAAA\"\n", "{\"ID\":1,\"Command\":\"put\",\"BodySize\":3}\n"} {
		if err := serve(strings.NewReader(text), io.Discard, layers{own: folder(t.TempDir())}); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

// The go command builds with it: the second user compiles nothing that the first has,
// in the shared cache, which stays as it is.
func TestGoBuilds(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles: not with -short")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	shared, module := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{"go.mod": "module m\n\ngo 1.26\n", "p/p.go": "package p\n\nfunc Two() int { return 2 }\n",
		"main.go": "package main\n\nimport \"m/p\"\n\nfunc main() { println(p.Two()) }\n"} {
		os.MkdirAll(filepath.Dir(filepath.Join(module, name)), 0o700)
		if err := os.WriteFile(filepath.Join(module, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	build := func(settings []string, args ...string) string {
		t.Helper()
		cmd := exec.Command("go", append([]string{"build", "-v"}, args...)...)
		cmd.Dir = module
		cmd.Env = append(os.Environ(), append(settings, asProgram+"=1", "GOFLAGS=", "GOWORK=off", "CGO_ENABLED=0")...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return string(out)
	}
	build([]string{"GOCACHE=" + shared, "GOCACHEPROG="}, "./p", "runtime")
	before, _ := filepath.Glob(filepath.Join(shared, "*", "*"))
	for user := range 2 {
		own := filepath.Join(t.TempDir(), "a folder") // go reads quotes in the variable
		settings := []string{"GOCACHE=" + filepath.Join(own, "go"), fmt.Sprintf("GOCACHEPROG=%s '%s' %s", self, own, shared)}
		if out := build(settings, "-o", filepath.Join(t.TempDir(), "m"), "."); strings.TrimSpace(out) != "m" {
			t.Errorf("the user %d compiles %q, want the user's own package only", user, strings.Fields(out))
		}
		if out := build(settings, "-o", filepath.Join(t.TempDir(), "m"), "."); out != "" {
			t.Errorf("the user %d compiles %q once more", user, out)
		}
	}
	if after, _ := filepath.Glob(filepath.Join(shared, "*", "*")); len(after) != len(before) {
		t.Errorf("the shared cache had %d files and has %d", len(before), len(after))
	}
}

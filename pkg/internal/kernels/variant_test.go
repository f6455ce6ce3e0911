package kernels

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// The log of a test run says which variants were tested.
func TestVariants(t *testing.T) {
	t.Logf("on %s/%s the variants %v are tested, %v is in use", runtime.GOOS, runtime.GOARCH, Available(), Active())
	if Available()[0] != PureGo {
		t.Error("plain Go is missing")
	}
	if _, forced := os.LookupEnv(Environment); !forced && Active() != Available()[len(Available())-1] {
		t.Errorf("%v is in use, not the last of %v", Active(), Available())
	}
}

func TestUseSwitchesBack(t *testing.T) {
	before := Active()
	restore := Use(PureGo)
	if Active() != PureGo {
		t.Errorf("%v is in use, want %v", Active(), PureGo)
	}
	restore()
	if Active() != before {
		t.Errorf("%v is in use, want %v", Active(), before)
	}
}

// The environment forces a variant; a name that makes no sense ends the program
// with a line that says what there is.
func TestEnvironment(t *testing.T) {
	if os.Getenv("CONVBOOK_TEST_CHILD") != "" {
		os.Stdout.WriteString("active " + Active().String() + "\n")
		return
	}
	run := func(name string) (string, error) {
		cmd := exec.Command(os.Args[0], "-test.run=TestEnvironment$")
		cmd.Env = append(os.Environ(), "CONVBOOK_TEST_CHILD=1", Environment+"="+name)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	for _, v := range Available() {
		if out, err := run(strings.ToUpper(v.String())); err != nil || !strings.Contains(out, "active "+v.String()) {
			t.Errorf("%s=%v gives %q, %v", Environment, v, out, err)
		}
	}
	if out, err := run("mmx"); err == nil || !strings.Contains(out, `"mmx"`) || !strings.Contains(out, "purego") {
		t.Errorf("%s=mmx gives %q, %v", Environment, out, err)
	}
}

// The AVX2 kernels must run on processors without AVX-512: their code has no
// register or mask of it.
func TestAVX2CodeHasNoAVX512(t *testing.T) {
	if !slices.Contains(Available(), AVX2) {
		t.Skip("skipped: this build has no AVX2 kernels")
	}
	names, err := filepath.Glob("*_amd64.s")
	if err != nil || len(names) < 7 {
		t.Fatalf("the assembly is %v, %v", names, err)
	}
	functions := 0
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, function := range strings.Split(string(text), "TEXT ")[1:] {
			if !strings.Contains(function[:strings.Index(function, "(")], "AVX2") {
				continue
			}
			functions++
			for _, word := range strings.FieldsFunc(function, func(r rune) bool { return strings.ContainsRune(" ,\t\n()", r) }) {
				if len(word) > 1 && (word[0] == 'Z' || word[0] == 'K') && word[1] >= '0' && word[1] <= '9' ||
					len(word) == 3 && (word[0] == 'X' || word[0] == 'Y') && (word[1] == '1' && word[2] > '5' || word[1] > '1') && word[1] <= '9' {
					t.Errorf("%s: %s uses %s", name, strings.Fields(function)[0], word)
				}
			}
		}
	}
	if functions < 20 {
		t.Errorf("only %d AVX2 functions were read", functions)
	}
}

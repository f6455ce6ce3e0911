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
	if _, forced := os.LookupEnv(VariantVariable); !forced && Active() != Available()[len(Available())-1] {
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
// with a line that says what there is. Without a feature of the processor the kernels
// that need it are not there.
func TestEnvironment(t *testing.T) {
	if os.Getenv("CONVBOOK_TEST_CHILD") != "" {
		os.Stdout.WriteString("active " + Active().String() + "\n")
		return
	}
	run := func(settings ...string) (string, error) {
		cmd := exec.Command(os.Args[0], "-test.run=TestEnvironment$")
		cmd.Env = append(os.Environ(), append(settings, "CONVBOOK_TEST_CHILD=1")...)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	for _, v := range Available() {
		if out, err := run(VariantVariable + "=" + strings.ToUpper(v.String())); err != nil || !strings.Contains(out, "active "+v.String()) {
			t.Errorf("%s=%v gives %q, %v", VariantVariable, v, out, err)
		}
	}
	if out, err := run(VariantVariable + "=mmx"); err == nil || !strings.Contains(out, `"mmx"`) || !strings.Contains(out, "purego") {
		t.Errorf("%s=mmx gives %q, %v", VariantVariable, out, err)
	}
	for _, c := range []struct {
		features string
		has      Variant // on this machine, else the case says nothing
		want     Variant
	}{
		{"avx512f", AVX512, AVX2}, {"avx512bw", AVX512, AVX2}, {"avx512vl", AVX512, AVX2}, {"bmi1", AVX512, AVX2},
		{"avx2", AVX2, PureGo}, {"fma", AVX2, PureGo},
	} {
		if !slices.Contains(Available(), c.has) {
			continue
		}
		if out, err := run(VariantVariable+"=", "GODEBUG=cpu."+c.features+"=off"); err != nil || !strings.Contains(out, "active "+c.want.String()) {
			t.Errorf("without %s: %q, %v; want %v", c.features, out, err, c.want)
		}
	}
}

// required are the extensions that the code of a variant may use, as the generator
// lists them for each function. detected looks for them, or for one that comes with them.
var required = map[string][]string{
	"AVX2":   {"AVX", "AVX2", "FMA3", "SSE", "CMOV"},
	"AVX512": {"AVX", "AVX2", "FMA3", "SSE", "CMOV", "BMI", "AVX512F", "AVX512BW", "AVX512DQ", "AVX512VL"},
}

// The kernels must run on every processor that detected gives them to: their code needs
// no other extension, and the AVX2 kernels have no register or mask of AVX-512.
func TestCodeNeedsWhatIsDetected(t *testing.T) {
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
		pieces := strings.Split(string(text), "TEXT ")
		for i, function := range pieces[1:] {
			title := function[:strings.Index(function, "(")]
			_, needs, found := strings.Cut(pieces[i], "// Requires: ")
			needs, _, _ = strings.Cut(needs, "\n")
			for variant, allowed := range required {
				for _, extension := range strings.Split(needs, ", ") {
					if strings.Contains(title, variant) && !(found && slices.Contains(allowed, extension)) {
						t.Errorf("%s: %s needs %q", name, title, extension)
					}
				}
			}
			if !strings.Contains(title, "AVX2") {
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

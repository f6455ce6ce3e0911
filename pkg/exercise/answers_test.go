package exercise_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// attempt is an answer as a student writes it: one of the answers in testdata/answers, or
// one with a mistake in it.
type attempt struct {
	check, style, change string
	code                 string
	right                bool
	hint                 *regexp.Regexp // of the right hint, in English
	held                 bool           // one of those that the hints were not written for
}

// checks are the functions that the files in testdata/answers are for.
var checks = map[string]string{
	"im2col": "Im2col", "col2im": "Col2im", "slices": "Im2colSlices", "rows": "Im2colRows",
	"convolution": "Convolution", "convolutionback": "ConvolutionBackward", "pooling": "Pooling", "poolingback": "PoolingBackward",
	"affine": "Affine", "affineback": "AffineBackward", "relu": "Relu", "reluback": "ReluBackward",
	"dropout": "Dropout", "dropoutback": "DropoutBackward", "loss": "SoftmaxWithLoss", "lossback": "SoftmaxWithLossBackward",
	"adam": "Adam", "network": "SimpleConvNet", "networkback": "SimpleConvNetGradient",
	"residual": "Residual", "residualback": "ResidualBackward",
	"batchnorm": "BatchNormalization", "batchnormback": "BatchNormalizationBackward",
}

// attempts reads testdata/answers. A file holds answers in three styles, each begun by a
// line "== style". Under it "+ old → new" is a change after which it is still right, and
// "- hint: old → new" is a mistake, where hint is a pattern of the right hint; several
// changes are separated by " ‖ ", and ⏎ stands for a new line and its indentation. Every
// third mistake of a file is held out: the hints were written without a look at them.
//
// Those in testdata/answers/independent were written, each with the words of its right
// hint, by someone who knew the exercises and none of the hints.
func attempts(t *testing.T, folder ...string) (all []attempt) {
	for file, check := range checks {
		text, err := os.ReadFile(filepath.Join(append(append([]string{"testdata", "answers"}, folder...), file+".txt")...))
		if len(folder) > 0 && errors.Is(err, fs.ErrNotExist) {
			continue // an exercise that is younger than these answers
		}
		if err != nil {
			t.Fatal(err)
		}
		mistakes := 0
		for _, part := range strings.Split("\n"+string(text), "\n== ")[1:] {
			style, rest, _ := strings.Cut(part, "\n")
			code, changes, _ := strings.Cut(rest, "\n}\n")
			code += "\n}\n"
			all = append(all, attempt{check: check, style: style, code: code, right: true})
			for line := range strings.Lines(changes) {
				line = strings.TrimSuffix(line, "\n")
				a := attempt{check: check, style: style, change: line, code: code}
				change, found := strings.CutPrefix(line, "+ ")
				if a.right = found; !found {
					var hint string
					if hint, change, found = strings.Cut(strings.TrimPrefix(line, "- "), ": "); !found {
						t.Fatalf("%s: no hint in %q", file, line)
					}
					a.hint = regexp.MustCompile("(?i)" + hint)
					mistakes++
					a.held = mistakes%3 == 0
				}
				for one := range strings.SplitSeq(change, " ‖ ") {
					old, new, found := strings.Cut(one, " → ")
					pattern := regexp.MustCompile(strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSuffix(old, " ")), "⏎", `\n\s*`))
					if !found || !pattern.MatchString(a.code) {
						t.Fatalf("%s, %s: %q is not in the answer", file, style, old)
					}
					a.code = pattern.ReplaceAllLiteralString(a.code, strings.ReplaceAll(strings.TrimSuffix(new, " "), "⏎", "\n"))
				}
				all = append(all, a)
			}
		}
	}
	return all
}

// build makes one program of all attempts; its argument says which to check.
func build(t *testing.T, all []attempt) string {
	var b strings.Builder
	b.WriteString("package main\n\nimport (\n\t\"math\"\n\t\"os\"\n\t\"strconv\"\n\n\t\"convbook/pkg/exercise\"\n\t\"convbook/pkg/layers\"\n\t\"convbook/pkg/ndarray\"\n\t\"convbook/pkg/nprandom\"\n)\n\n")
	b.WriteString("type A = ndarray.Array[float64]\n\nvar _, _, _ = math.Pi, layers.OutSize, nprandom.New\n\n")
	for i, a := range all {
		b.WriteString(strings.Replace(a.code, "func answer(", fmt.Sprintf("func answer%d(", i), 1) + "\n")
	}
	b.WriteString("var checks = []func(){\n")
	for i, a := range all {
		fmt.Fprintf(&b, "\tfunc() { exercise.%s(answer%d) },\n", a.check, i)
	}
	b.WriteString("}\n\nfunc main() {\n\tfor _, word := range os.Args[1:] {\n\t\ti, _ := strconv.Atoi(word)\n\t\tos.Stdout.WriteString(\"\\x00\" + word + \"\\n\")\n\t\tchecks[i]()\n\t}\n}\n")
	folder := t.TempDir()
	source, program := filepath.Join(folder, "main.go"), filepath.Join(folder, "answers.exe")
	text := b.String()
	for range 2 {
		if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		said, err := exec.Command("go", "build", "-gcflags=-e", "-o", program, source).CombinedOutput()
		if err == nil {
			return program
		}
		if text = used(text, string(said)); text == "" {
			t.Fatalf("%v\n%s", err, said)
		}
	}
	t.Fatal("the answers cannot be compiled")
	return ""
}

var unused = regexp.MustCompile(`main\.go:(\d+):\d+: declared and not used: (\w+)`)

// used makes use of variables that a mistake leaves unused, which Go does not allow; "" where
// the compiler says anything else.
func used(text, said string) string {
	lines := strings.Split(text, "\n")
	for line := range strings.Lines(said) {
		m := unused.FindStringSubmatch(line)
		if m == nil {
			if strings.HasPrefix(line, "#") {
				continue
			}
			return ""
		}
		at, _ := strconv.Atoi(m[1])
		if strings.HasSuffix(lines[at-1], "{") {
			lines[at-1] += " _ = " + m[2] + ";"
		} else {
			lines[at-1] += "; _ = " + m[2]
		}
	}
	return strings.Join(lines, "\n")
}

// reports checks the attempts and returns what each was told.
func reports(t *testing.T, all []attempt) []string {
	program := build(t, all)
	var words []string
	for i := range all {
		words = append(words, fmt.Sprint(i))
	}
	var out, log bytes.Buffer
	c := exec.Command(program, words...)
	c.Stdout, c.Stderr = &out, &log
	if err := c.Run(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, log.String(), out.String()[max(0, out.Len()-2000):])
	}
	told := strings.Split(out.String(), "\x00")[1:]
	if len(told) != len(all) {
		t.Fatalf("%d reports on %d answers", len(told), len(all))
	}
	return told
}

// count is how a group of attempts fared.
type count struct{ all, caught, right, none, wrong int }

func (c count) String() string {
	share := func(n int) string { return fmt.Sprintf("%d (%.1f %%)", n, 100*float64(n)/float64(max(c.all, 1))) }
	return fmt.Sprintf("%d mistakes: caught %s, right hint %s, no hint %s, wrong hint %s", c.all, share(c.caught), share(c.right), share(c.none), share(c.wrong))
}

// TestTheTableOfMistakes holds the hints to what the right ones are: no false alarm, 99 of
// 100 mistakes caught, 85 with the right hint, and one in 100 with a wrong one at most.
// With -v it lists those without the right hint.
func TestTheTableOfMistakes(t *testing.T) {
	known, held, rightOnes := judge(t, attempts(t))
	t.Logf("%d right answers", rightOnes)
	t.Logf("known: %v", known)
	t.Logf("held out: %v", held)
	hold(t, rightOnes, 100, count{known.all + held.all, known.caught + held.caught, known.right + held.right, known.none + held.none, known.wrong + held.wrong})
}

// hold fails where the hints fall short.
func hold(t *testing.T, rightOnes, least int, c count) {
	if rightOnes < least || c.all < 150 || float64(c.caught) < 0.99*float64(c.all) || float64(c.right) < 0.85*float64(c.all) || float64(c.wrong) > 0.01*float64(c.all) {
		t.Errorf("not as it should be: %d right answers, %v", rightOnes, c)
	}
}

// judge compares what each attempt was told with what it should be told.
func judge(t *testing.T, all []attempt) (known, held count, rightOnes int) {
	told := reports(t, all)
	say := func(what string, a attempt, hint string) {
		if !a.held || os.Getenv("CONVBOOK_LONG") == "1" {
			t.Logf("%s %s, %s: %s\n%s", what, a.check, a.style, a.change, hint)
		}
	}
	for i, a := range all {
		verdict, _, _ := strings.Cut(strings.SplitN(told[i], "\n", 2)[1], "\n")
		passed := strings.HasPrefix(verdict, "✓ "+a.check+": right.")
		if a.right {
			rightOnes++
			if !passed {
				t.Errorf("%s, %s, %s: a right answer gets\n%s", a.check, a.style, a.change, told[i])
			}
			continue
		}
		c := &known
		if a.held {
			c = &held
		}
		c.all++
		if passed {
			say("NOT CAUGHT", a, "")
			continue
		}
		c.caught++
		var hints []string
		for line := range strings.Lines(told[i]) {
			if strings.HasPrefix(line, "Hint") || strings.HasPrefix(line, "✗") && !strings.Contains(line, "not right yet") && !strings.Contains(line, "stopped with the panic") {
				hints = append(hints, line)
			}
		}
		hint := strings.Join(hints, "")
		switch {
		case hint == "":
			c.none++
			say("no hint", a, "")
		case a.hint.MatchString(hint):
			c.right++
		default:
			c.wrong++
			say("WRONG HINT", a, hint)
		}
	}
	return known, held, rightOnes
}

package exercise_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// hostile are functions that would break a check: what a student writes, and what they read.
var hostile = []struct{ name, check, want string }{
	{"os.Exit", `exercise.Relu(func(x *A) *A { os.Exit(0); return x })`, "✗ Relu: the program was ended in the middle of the check. Does the function call os.Exit or log.Fatal?"},
	{"log.Fatal", `exercise.Relu(func(x *A) *A { log.Fatal("no"); return x })`, "Does the function call os.Exit or log.Fatal?"},
	{"recursion", `exercise.Relu(again)`, "✗ Relu: again calls itself without end, until the stack is full."},
	{"Goexit", `exercise.Relu(func(x *A) *A { runtime.Goexit(); return x })`, "✗ Relu: the function called runtime.Goexit"},
	{"panic in a goroutine", `exercise.Relu(func(x *A) *A { go func() { panic("lost") }(); time.Sleep(time.Second); return x })`,
		"✗ Relu: a goroutine that the function started stopped with the panic: lost"},
	{"10 GB", `exercise.Relu(func(x *A) *A { big := make([]float64, 10<<27); for i := range big { big[i] = 1 }; return x.Scale(big[7]) })`,
		"✗ Relu: the function takes more than 2 GB of memory"},
	{"append without end", `exercise.Relu(func(x *A) *A { var all [][]float64; for { all = append(all, make([]float64, 1<<20)) } })`, "✗ Relu: the function takes more than 2 GB of memory"},
	{"printing without end", `exercise.Relu(func(x *A) *A { for { fmt.Println("here") } })`, "prints without end: only the first 20000 bytes"},
	{"a loop without end", `exercise.Relu(func(x *A) *A { for { } })`, "✗ Relu: no answer after 5s. Does a loop never end?"},
	{"40 ms a call", `exercise.Im2col(func(x *A, fh, fw, s, p int) *A { time.Sleep(40 * time.Millisecond); return layers.Im2col(x, fh, fw, s, p) })`,
		"but too slow: a call takes about "},
	{"a map emptied", `exercise.SimpleConvNet(func(params map[string]*A, x *A) *A { clear(params); return x })`, "✗ SimpleConvNet: the map params was changed"},
	{"a shape overwritten", `exercise.Relu(func(x *A) *A { x.Shape()[0] = 0; return x })`, "✗ Relu: the input x was changed"},
	{"os.Stdout closed", `exercise.Relu(func(x *A) *A { os.Stdout.Close(); return x })`, "✗ Relu: not right yet."},
	{"a lock never free", `exercise.Relu(func(x *A) *A { var mu sync.Mutex; mu.Lock(); mu.Lock(); return x })`, "✗ Relu: no answer after 5s."},
	{"the check goes on", `exercise.Relu(func(x *A) *A { for { fmt.Print("x") } }); exercise.Affine(func(x, w, b *A) *A { return x.Dot(w).Add(b) })`, "✓ Affine: right."},
}

// TestHostileAnswers runs each as a program of its own, as a cell is, and reads what it
// prints: the right report, within the time and the limit on output.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("package main\n\nimport (\n\t\"fmt\"\n\t\"log\"\n\t\"os\"\n\t\"runtime\"\n\t\"sync\"\n\t\"time\"\n\n\t\"convbook/pkg/exercise\"\n\t\"convbook/pkg/layers\"\n\t\"convbook/pkg/ndarray\"\n)\n\n")
	b.WriteString("type A = ndarray.Array[float64]\n\nvar _ = layers.OutSize\nvar _ = fmt.Sprint\nvar _ sync.Mutex\nvar _ = log.Fatal\nvar _ = runtime.Goexit\nvar _ = time.Second\n\nfunc again(x *A) *A { return again(x.Scale(1)).Scale(1) }\n\nfunc main() {\n\tswitch os.Args[1] {\n")
	for _, h := range hostile {
		b.WriteString("\tcase \"" + h.name + "\":\n\t\t" + h.check + "\n")
	}
	b.WriteString("\t}\n}\n")
	folder := t.TempDir()
	source, program := filepath.Join(folder, "main.go"), filepath.Join(folder, "hostile.exe")
	if err := os.WriteFile(source, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := exec.Command("go", "build", "-o", program, source).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, h := range hostile {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
			defer cancel()
			c := exec.CommandContext(ctx, program, h.name)
			var out, log bytes.Buffer
			c.Stdout, c.Stderr = &out, &log
			began := time.Now()
			c.Run()
			if !strings.Contains(out.String(), h.want) || out.Len() > 30_000 {
				t.Errorf("after %v, %d bytes, no %q in\n%s\nstderr\n%.600s", time.Since(began), out.Len(), h.want, out.String()[max(0, out.Len()-1500):], log.String())
			}
			t.Logf("%v:\n%s", time.Since(began).Round(time.Millisecond), out.String()[max(0, out.Len()-500):])
		})
	}
}

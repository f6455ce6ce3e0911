package lesson

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"convbook/kernel/internal/notebook"
	"convbook/pkg/system/private"
)

func TestAskedChecks(t *testing.T) {
	source := strings.Join([]string{`import "convbook/pkg/exercise"`, "", "var pixels = exercise.NotYet", "", "%%",
		"// exercise.Relu(mine)", `fmt.Println("exercise.Affine(mine)")`, "exercise.Im2col(myIm2col)",
		`exercise.Number("pixels of \"all\"", pixels)`, "other.exercise.Relu(mine)", "exercise . Adam( myAdam )"}, "\n")
	want := []string{"Im2col", `pixels of "all"`, "Adam"}
	if got := Checks(source); !slices.Equal(got, want) {
		t.Errorf("the checks %q, want %q", got, want)
	}
}

// TestTheCourseAsksForChecks makes sure that each exercise of the course is counted.
func TestTheCourseAsksForChecks(t *testing.T) {
	nb, err := notebook.Read("../../../notebooks/02_im2col.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Im2col", "Col2im", "Im2colSlices", "Im2colRows"}
	if got := Asked(nb); !slices.Equal(got, want) {
		t.Errorf("notebook 02 asks for %q, want %q", got, want)
	}
}

// TestVerdicts holds a record to what a student might do instead of solving an exercise.
func TestVerdicts(t *testing.T) {
	r, err := NewRecord()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Remove()
	asked := []string{"Im2col", "Col2im", "Relu", "Relu"}
	for _, c := range []struct{ text, want string }{
		{"", "not passed: Im2col, Col2im, Relu, Relu (0 of 4 checks passed)"},
		{"✓ Im2col: right.\nright \"Im2col\"\nOTHERWORD right \"Im2col\"\n", "not passed: Im2col, Col2im, Relu, Relu"},
		{r.word + " not-right \"Im2col\"\n" + r.word + " right \"Relu\"\n", "not passed: Im2col, Col2im, Relu (1 of 4"},
		{r.word + " right \"Im2col\"\n" + r.word + " right \"Col2im\"\n" + r.word + " right \"Relu\"\n" + r.word + " right \"Relu\"\n", ""},
	} {
		if err := os.WriteFile(r.path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		err := r.Passed(asked)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%q: %v, want %q", c.text, err, c.want)
		}
	}
	if err := r.Passed(nil); err == nil {
		t.Error("a notebook without checks is passed")
	}
}

// TestTheRecordOfAKilledRun makes sure that a record is removed with the other leftovers.
func TestTheRecordOfAKilledRun(t *testing.T) {
	if os.Getenv("CONVBOOK_KILLED_RUN") != "" {
		if _, err := NewRecord(); err != nil {
			t.Fatal(err)
		}
		os.Exit(0) // without Remove, as a killed process
	}
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("TMP", temp)
	c := exec.Command(os.Args[0], "-test.run=^TestTheRecordOfAKilledRun$")
	c.Env = append(os.Environ(), "CONVBOOK_KILLED_RUN=1")
	if said, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	if left, _ := os.ReadDir(temp); len(left) != 1 {
		t.Fatalf("the killed run left %v, want its record", left)
	}
	private.RemoveLeftovers()
	if left, _ := os.ReadDir(temp); len(left) != 0 {
		t.Errorf("%v is still there", left)
	}
}

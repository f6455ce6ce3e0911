package remedy

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"
)

func TestSplit(t *testing.T) {
	wrapped := fmt.Errorf("a.ipynb: %w", Errorf("restore it; or save it again", "line 3: %w", fs.ErrInvalid))
	for _, c := range []struct {
		err             error
		problem, remedy string
	}{
		{errors.New("a; b"), "a; b", ""},
		{Errorf("do this", "no %s", "Go"), "no Go", "do this"},
		{wrapped, "a.ipynb: line 3: invalid argument", "restore it; or save it again"},
	} {
		if problem, remedy := Split(c.err); problem != c.problem || remedy != c.remedy {
			t.Errorf("%v: %q and %q, want %q and %q", c.err, problem, remedy, c.problem, c.remedy)
		}
	}
	if !errors.Is(wrapped, fs.ErrInvalid) || wrapped.Error() != "a.ipynb: line 3: invalid argument; restore it; or save it again" {
		t.Errorf("the error is %v", wrapped)
	}
}

package sweep

import (
	"fmt"
	"testing"
)

// A key keeps the results of its last trainings.
func TestStoreKeepsTheLatest(t *testing.T) {
	folder := t.TempDir()
	s, err := openStore(folder)
	if err != nil {
		t.Fatal(err)
	}
	for i := range versions + 5 {
		for _, key := range []string{"often", "once"} {
			if key == "often" || i == 0 {
				if err := s.add(Result{Key: key, Digest: fmt.Sprint(i), Code: fmt.Sprint(i)}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	again, err := openStore(folder)
	if err != nil {
		t.Fatal(err)
	}
	often, err := again.results("often")
	once, onceErr := again.results("once")
	if err != nil || onceErr != nil || len(often) != versions || len(once) != 1 || often[0].Code != fmt.Sprint(versions+4) {
		t.Errorf("%d and %d results are kept, the newest is %+v; %v, %v", len(often), len(once), often[0], err, onceErr)
	}
	if again.damaged != 0 {
		t.Errorf("%d lines are called damaged", again.damaged)
	}
}

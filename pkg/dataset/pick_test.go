package dataset

import (
	"reflect"
	"strings"
	"testing"
)

func TestPickAndClass(t *testing.T) {
	s := &Set{pixels: []uint8{1, 2, 3, 4, 5, 6, 7, 8}, labels: []uint8{7, 0, 7, 1}, height: 1, width: 2}
	picked := s.Pick([]int{3, 0, 3})
	if want := (&Set{pixels: []uint8{7, 8, 1, 2, 7, 8}, labels: []uint8{1, 7, 1}, height: 1, width: 2}); !reflect.DeepEqual(picked, want) {
		t.Errorf("picked %v, want %v", picked, want)
	}
	if class := s.Class(7); class.Len() != 2 || class.Pixels(1)[0] != 5 {
		t.Errorf("the images of class 7 are %v", class)
	}
	if s.Class(9).Len() != 0 {
		t.Error("a class without images has some")
	}
	defer func() {
		if text, _ := recover().(string); !strings.Contains(text, "no image 4; the set has 4 images") {
			t.Errorf("an index beyond the end: %q", text)
		}
	}()
	s.Pick([]int{4})
}

package ndarray

import "testing"

// Reading and writing elements, and asking for sizes, allocates nothing: loops of the
// lecture do so for every element.
func TestElementsAllocateNothing(t *testing.T) {
	x, y := Zeros[float64](2, 3), Zeros[float64](2, 3)
	for name, do := range map[string]func(){
		"At":                      func() { x.At(1, 2) },
		"Set":                     func() { x.Set(1, 1, 2) },
		"Dim":                     func() { x.Dim(-1) },
		"Copy":                    func() { x.Copy(y) },
		"Shape, NDim, Size, Data": func() { _, _, _, _ = x.Shape(), x.NDim(), x.Size(), x.Data() },
		"SumAll, MaxAll, MinAll":  func() { _, _, _ = x.SumAll(), x.MaxAll(), x.MinAll() },
	} {
		if n := testing.AllocsPerRun(100, do); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

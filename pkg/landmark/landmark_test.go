package landmark

import "testing"

// TestCounts holds the walks to numbers that were published: LeNet-5's in its
// paper, the others' by the files of weights that their authors released.
func TestCounts(t *testing.T) {
	// LeNet's paper counts 340,908 connections, one of them to the bias of each unit.
	const units = 6*28*28 + 6*14*14 + 16*10*10 + 16*5*5 + 120 + 84
	for i, want := range []struct {
		parameters int64
		least      int64 // multiply-adds, of what papers and tables round
		most       int64
	}{
		{60000, 340908 - units, 340908 - units},
		{60965224, 720e6, 728e6},
		{138357544, 15.4e9, 15.5e9},
		{6998552, 1.5e9, 1.6e9},
		{25557032, 3.8e9, 3.9e9},
	} {
		n := Networks()[i]
		if n.Parameters != want.parameters {
			t.Errorf("%s has %d parameters, want %d", n.Name, n.Parameters, want.parameters)
		}
		if n.MultiplyAdds < want.least || n.MultiplyAdds > want.most {
			t.Errorf("%s takes %d multiply-adds, want %d to %d", n.Name, n.MultiplyAdds, want.least, want.most)
		}
	}
}

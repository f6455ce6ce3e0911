package figure

import (
	"reflect"
	"testing"
)

// Numbers of a narrow table lose their zeros only where none reaches 1.
func TestBrief(t *testing.T) {
	for _, c := range []struct {
		texts    []string
		decimals int
		want     []string
	}{
		{[]string{"0.812", "0.099", "–"}, 2, []string{".81", ".10", "–"}},
		{[]string{"0.81", "1.00"}, 6, []string{"0.81", "1.00"}},
		{[]string{"-0.81", "0.05"}, 1, []string{"-.8", ".1"}},
		{[]string{"100", "2"}, 0, []string{"100", "2"}},
		{[]string{"6.81", "0.00"}, 1, []string{"6.8", "0.0"}},
		{[]string{"1e-05", "2.5e+07"}, 1, []string{"1e-05", "2.5e+07"}},
	} {
		if got := brief([][]string{c.texts}, c.decimals); !reflect.DeepEqual(got, [][]string{c.want}) {
			t.Errorf("%q with %d decimals are %q; want %q", c.texts, c.decimals, got, c.want)
		}
	}
}

package python

import (
	"math"
	"testing"
)

func TestFloat(t *testing.T) {
	for want, v := range map[string]float64{
		"0.799": 0.799, "0.79": 0.79, "1.0": 1, "0.0": 0, "0.13333333333333333": 0.4 / 3, "2.302063600977805": 2.302063600977805,
		"0.0001": 0.0001, "1e-05": 0.00001, "1e+16": 1e16, "123456789.0": 123456789, "nan": math.NaN(), "inf": math.Inf(1), "-inf": math.Inf(-1),
	} {
		if got := Float(v); got != want {
			t.Errorf("%v is written %s, Python writes %s", v, got, want)
		}
	}
}

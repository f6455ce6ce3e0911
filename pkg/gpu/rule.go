package gpu

import (
	"fmt"
	"math"

	"convbook/pkg/optimizer"
)

// rule is how parameters are updated: the name of the rule in the kernel, what the
// optimizer calls the moments, and its numbers.
type rule struct {
	name    string
	moments [2]string // letters; "" where there is none
	numbers func(updates int) [3]float32
}

// ruleNames are the numbers of the rules in the kernel.
var ruleNames = []string{"SGD", "MOMENTUM", "NESTEROV", "ADAGRAD", "RMSPROP", "ADAM"}

// ruleOf reads the optimizer's settings at each update: its learning rate may change.
func ruleOf(o any) (rule, error) {
	constant := func(numbers func() (a, b float64)) func(int) [3]float32 {
		return func(int) [3]float32 {
			a, b := numbers()
			return [3]float32{float32(a), float32(b)}
		}
	}
	switch o := o.(type) {
	case *optimizer.SGD[float32]:
		return rule{"SGD", [2]string{}, constant(func() (a, b float64) { return o.LR, 0 })}, nil
	case *optimizer.Momentum[float32]:
		return rule{"MOMENTUM", [2]string{"", "v"}, constant(func() (a, b float64) { return o.Momentum, o.LR })}, nil
	case *optimizer.Nesterov[float32]:
		return rule{"NESTEROV", [2]string{"", "v"}, constant(func() (a, b float64) { return o.Momentum, o.LR })}, nil
	case *optimizer.AdaGrad[float32]:
		return rule{"ADAGRAD", [2]string{"", "h"}, constant(func() (a, b float64) { return o.LR, 0 })}, nil
	case *optimizer.RMSprop[float32]:
		return rule{"RMSPROP", [2]string{"", "h"}, constant(func() (a, b float64) { return o.DecayRate, o.LR })}, nil
	case *optimizer.Adam[float32]:
		return rule{"ADAM", [2]string{"m", "v"}, func(updates int) [3]float32 {
			t := float64(updates)
			rate := o.LR * math.Sqrt(1-math.Pow(o.Beta2, t)) / (1 - math.Pow(o.Beta1, t))
			return [3]float32{float32(rate), float32(1 - o.Beta1), float32(1 - o.Beta2)}
		}}, nil
	}
	return rule{}, fmt.Errorf("the optimizer %T has no kernel for a device; train the network without Config.Device\n장치에서 쓸 수 없는 최적화 기법입니다. Config.Device 없이 학습하세요", o)
}

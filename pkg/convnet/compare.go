package convnet

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// compareParams returns an error that lists every name that is missing, too
// many, or of another shape than the network's.
func (n *network[T]) compareParams(params map[string]*ndarray.Array[T]) error {
	var differences []string
	for _, name := range n.paramNames {
		want := n.all[name].Shape()
		switch p := params[name]; {
		case p == nil:
			differences = append(differences, fmt.Sprintf("%s %s is missing", name, shapes.Text(want)))
		case !slices.Equal(p.Shape(), want):
			differences = append(differences, otherShape(name, p.Shape(), want))
		}
	}
	for _, name := range n.statNames {
		if p, want := params[name], n.stats[name].Shape(); p != nil && !slices.Equal(p.Shape(), want) {
			differences = append(differences, otherShape(name, p.Shape(), want))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(params)) {
		if n.all[name] == nil && n.stats[name] == nil {
			differences = append(differences, name+" is not a parameter of the network")
		}
	}
	if len(differences) == 0 {
		return nil
	}
	return fmt.Errorf("convnet: these parameters are of another network: %s", strings.Join(differences, "; "))
}

func otherShape(name string, got, want []int) string {
	return fmt.Sprintf("%s has shape %s, the network wants %s", name, shapes.Text(got), shapes.Text(want))
}

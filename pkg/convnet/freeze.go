package convnet

import (
	"fmt"
	"slices"
	"strings"
)

// Freeze keeps the parameters of the named layers, such as "Conv1", as they are: Params
// and the gradients leave them out, so no optimizer changes them. They stay in State. It is
// what transfer learning needs: the first layers of a trained network are kept, the last
// ones learn something new. Running values of BatchNormalization go on in training. It
// panics when a layer is not there or learns nothing.
func (s *Sequential[T]) Freeze(layers ...string) { s.methods.freeze(layers, true) }

// Thaw lets the named layers learn again.
func (s *Sequential[T]) Thaw(layers ...string) { s.methods.freeze(layers, false) }

// Frozen returns the names of the parameters that are frozen, in the order of the layers.
func (s *Sequential[T]) Frozen() []string { return s.methods.frozen() }

func (n *network[T]) freeze(layers []string, frozen bool) {
	for _, layer := range layers {
		if !slices.Contains(n.owners, layer) {
			panic(fmt.Sprintf("Freeze: no layer %q that learns; those of the network are %s", layer, strings.Join(slices.Compact(slices.Clone(n.owners)), ", ")))
		}
	}
	for i, name := range n.paramNames {
		if slices.Contains(layers, n.owners[i]) {
			if frozen {
				delete(n.params, name)
				delete(n.grads, name)
			} else {
				n.params[name] = n.all[name]
			}
		}
	}
}

func (n *network[T]) isFrozen(name string) bool { return n.params[name] == nil }

func (n *network[T]) frozen() []string {
	var names []string
	for _, name := range n.paramNames {
		if n.isFrozen(name) {
			names = append(names, name)
		}
	}
	return names
}

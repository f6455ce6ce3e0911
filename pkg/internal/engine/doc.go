// Package engine runs the layers of a network on all processors. The result
// does not depend on how many there are: the batch is cut into a fixed number of
// lanes, each lane adds up its own gradients, and the lanes are added in order.
package engine

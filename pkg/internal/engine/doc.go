// Package engine runs the layers of a network on all processors, with the same
// bits for any number of them.
//
// Plan does so for float32 and for float64. What the kernels know it joins, Convolution,
// Relu and Pooling, Affine and Relu, BatchNormalization and Relu, into single passes that
// write neither the im2col matrix nor the map before pooling to memory. Every other layer
// of pkg/layers or of anybody else stands between those by its own Forward and Backward.
//
// Layers are known by their types, never by their names. What a layer that is not known
// offers decides how it runs: one that can be copied (layers.Sharer, layers.Random) runs
// in copies, one for each part of the batch; one that cannot sees the batch as a whole.
// What it offers is tried before it is used (share.go), and Steps says what was found.
//
// It cuts a batch into parts that depend on its size alone, lets each part add up
// its own gradients, and adds the parts in order. Some samples of a part at a time go
// forward and backward, and when all of a part have, its gradients are added up, layer by
// layer. In a prediction each processor takes images of its own through all layers, and
// waits for nobody (evaluate.go).
//
// In training some operations want the whole batch first. BatchNormalization needs its
// means. An Affine whose weights do not fit into a cache would read them again for each
// part; it is cut by its weights instead. And where such an Affine follows a
// convolution of images, as in the class's network, a piece of work is of one row of the
// pooled map, with the weights that belong to it:
//
//	forward   row r of the pooled maps, of some samples  ->  its share of the Affine's outputs
//	backward  gradient of these outputs  ->  gradient of row r  ->  gradient of some filters
//	          gradient of these outputs, row r           ->  gradient of the weights of some positions
//
// so that what one kernel writes the next one finds in the cache. The stages of a run
// (op.go) are what lies between two such meetings of all parts. A whole step is one flow of
// the workers (course.go): each piece begins when what it reads is there, and what nobody
// waits for, as the gradients of the parameters and the next batch with the random numbers for
// it (package ahead), fills the time in which others wait. Pieces
// are cut by shape alone, small enough for 32 processors, and no sum is cut that was not
// cut for one: the bits are the same on any number.
package engine

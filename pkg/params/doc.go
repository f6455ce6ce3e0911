// Package params keeps the parameters of a network in files, under their names
// W1, b1, …:
//
//	err := params.Save("params.npz", net.Params())
//	arrays, err := params.Load[float32]("params.npz")
//	err = net.SetParams(arrays)
//
// The format is NumPy's .npz: numpy.load("params.npz")["W1"] reads the same
// numbers in Python. Files appear whole or not at all. What is read from a file is
// bounded by the file's own size: a damaged or hostile file gives an error.
package params

// Package params keeps the parameters of a network in files, under their names
// W1, b1, …:
//
//	err := params.Save("params.npz", net.Params())
//	arrays, err := params.Load[float32]("params.npz")
//	err = net.SetParams(arrays)
//
// Three formats are read: NumPy's .npz, where numpy.load("params.npz")["W1"] gives the
// same numbers in Python; the class's params.pkl, a pickled dict of NumPy arrays, of
// which nothing is executed; and .safetensors. The first and the last are written, too.
//
// Files appear complete or not at all, and carry a digest. What is read from a file is
// bounded by the file's own size: a damaged or hostile file gives an error, and one of
// another kind (torch.save, joblib, Keras, …) is named.
package params

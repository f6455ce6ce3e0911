// Package dataset opens MNIST and Fashion-MNIST.
//
//	data := dataset.Must(dataset.Open("fashion"))
//	train := data.Train.Head(6000)
//
// Open takes the files from the first of these places that has them: a folder
// given by the caller or by the environment variable CONVBOOK_DATA; the user's
// cache folder; the web, with each file checked against its SHA-256; and, when
// there is no network and no data, a stand-in that the program draws. A
// stand-in says so: Data.StandIn is true, Data.Notice tells how to get the real
// data, and figures carry a note.
//
// Images are kept as bytes, 28 x 28 of them each, and converted to
// float32(p)/255, as the class does, when a batch is gathered.
package dataset

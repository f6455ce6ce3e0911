// Package dataset opens MNIST, Fashion-MNIST and their kin: KMNIST, QMNIST and the
// digits, letters and balanced classes of EMNIST.
//
//	data := dataset.Must(dataset.Open("fashion"))
//	train := data.Train.Head(6000)
//
// Open takes the files from the first of these places that has them: a folder
// given by the caller or by the environment variable CONVBOOK_DATA; on a machine whose
// kernel is shared, what was installed with it; the user's cache folder; the web, with each file checked against its checksum; and, when
// there is no network and no data, a stand-in that the program draws. A
// stand-in says so: Data.StandIn is true, Data.Notice tells how to get the real
// data, and figures carry a note.
//
// Files are known by what they hold. MNIST's files in place of Fashion-MNIST's, training
// files beside the test files of another data set and a damaged byte are errors; files
// that nobody knows are opened as the user's own, which the title says. Of KMNIST and
// QMNIST the checksums of the compressed files are known, as torchvision has them; of
// EMNIST none are published, so it is known by how many images it has.
//
// What is compressed is unpacked once, into the folder convbook/data/opened of the user's
// cache, and mapped into memory from then on, read only and shared by all programs of the
// user. A folder that is named is used as it is. Its files are mapped, too, if nobody but
// the user and the administrator can change them, so that a class shares the pages of
// one uncompressed folder; others are read. Checksums are compared each time, and what
// is damaged in the cache is made anew. Mapped files are replaced, never rewritten, by
// this package: who cuts off a file that a program has mapped ends that program with a
// bus error.
//
// The download is a program of its own, convbook/pkg/dataset/fetch, which Open starts. When
// it reaches no mirror it is started again after some minutes, or when the network has
// changed, or with TryAgain.
//
// Images are kept as bytes, 28 x 28 of them each, upright, and converted to
// float32(p)/255, as the class does, when a batch is gathered.
package dataset

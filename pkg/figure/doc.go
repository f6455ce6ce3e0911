// Package figure draws the pictures of the class on gonum/plot's canvas: accuracy and
// loss curves, grids of images and filters, confusion matrices, histograms,
// im2col windows, heat maps and rooflines.
//
// All figures share one quiet style: the colour-blind safe colours of Okabe and
// Ito, thin grey axes, and a card with rounded corners behind the picture,
// near-white, or in the SVG of a dark page dark. Images and cells of matrices keep their
// colours there.
//
//	fig := figure.Accuracy(history, figure.Title("SimpleConvNet on Fashion-MNIST"))
//	err := fig.Save("accuracy.svg") // or .png
//
// Texts are written in both languages, figure.Title("training accuracy · 훈련 정확도"), and the terms of
// the field, such as "epochs", get their Korean form by themselves. Each figure has a second form
// for telephones, Narrow: not the same picture made smaller, but one laid out anew.
//
// Every figure comes to an end and takes memory of the size of what it shows: texts are
// cut and broken where they are too long, labels give way where there is no room, a legend
// tells how many names it leaves out, and numbers that are not finite are not drawn.
//
// The same input gives the same bytes, SVG and PNG alike. An SVG names no font
// to download: it asks for Liberation Sans or one of its metric twins (Arial,
// Helvetica) and states the width of every text, so that labels fit with
// whatever font the browser has.
package figure

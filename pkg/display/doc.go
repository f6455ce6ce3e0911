// Package display shows values to whoever runs the program: in a GoNB notebook as
// HTML in the cell's output, in a terminal as text, with figures in files. It is
// the one package that knows GoNB.
//
//	display.Show(display.Markdown("**Run A**"), figure.Accuracy(history), table)
//
// The values of one Show stand in one output, in the order given. That matters:
// what a program prints and what it displays reach the notebook by different
// ways and may change places, so text that belongs to a figure is given to the
// same Show.
//
// Nothing displayed is lost when the program ends: Show returns after the kernel
// has said that it has the output. Outputs load nothing, so they are kept when the notebook is saved. An output
// with figures has a script that tells the value under the pointer; where no script runs, as in a notebook that is not
// trusted, they are pictures. Figures are img elements with the SVG
// inside, because Jupyter removes svg elements, but not these, from a notebook
// that is opened without being trusted. A picture element around them lets the browser of a
// narrow screen take the narrow drawing.
//
// Outside a notebook figures are saved as SVG files into the folder that
// CONVBOOK_FIGURES names, or else into a new temporary one, and Show prints the
// path of each.
package display

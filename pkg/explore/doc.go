// Package explore makes figures that answer the pointer: point at a window and its row of im2col
// lights up, change the stride and all is drawn anew.
//
//	x := ndarray.Arange[float64](36).Reshape(1, 6, 6)
//	display.Show(explore.Im2col(x, 3, 3, 1, 0))
//
// A figure carries its numbers and a small script, and loads nothing: it stays alive in a
// saved notebook, in JupyterLab, VS Code, in HTML that nbconvert makes, and in the pages of the course.
// Where scripts do not run, as in a notebook that is not trusted, in the preview of a code host and on
// paper, a still figure stands in its place.
//
// VS Code hands the HTML of an output, with its scripts, to the notebook's webview in a workspace that is trusted, and shows no
// HTML at all in one that is not (microsoft/vscode issues 317015 and 319593): there the title stands in place of the figure.
//
// All that the mouse does can be done by touch, and with the arrow keys when a grid has the focus.
package explore

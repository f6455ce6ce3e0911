// Package browser tests the course as a student sees it: JupyterLab in a browser, and
// the notebooks in Jupyter's own clients. It is a module of its own, so that what it
// needs does not become a requirement of the course.
//
//	go -C kernel/browser test
//
// The tests skip where there is no Chromium, or no JupyterLab can be had. With
// CONVBOOK_SHOTS naming a folder they leave pictures there.
package browser

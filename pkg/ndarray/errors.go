package ndarray

// ShapeError is the panic of every operation whose shapes do not fit.
type ShapeError struct {
	Op   string // what was attempted, e.g. "Dot", "At(0, 3)" or "Convolution.Forward"
	Got  []int  // the shape that was given; nil where there is none yet
	Want []int  // the shape it was held against, -1 for any size; nil where the hint says what was wanted
	Hint string // what to do about it, or why it does not fit; may be empty
}

// Error names the operation, the shapes and the hint.
func (e *ShapeError) Error() string {
	text := e.Op
	switch {
	case e.Want != nil:
		text += ": got shape " + Shape(e.Got).String() + ", want " + Shape(e.Want).String()
	case e.Got != nil:
		text += " of shape " + Shape(e.Got).String()
	}
	if e.Hint != "" {
		text += ": " + e.Hint
	}
	return text
}

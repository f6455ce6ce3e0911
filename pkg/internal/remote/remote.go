// Package remote lets a check and the answer that it checks be two processes, so that an
// answer can give wrong numbers but no verdict. The check calls functions and reads
// variables that live in the other process; there Serve answers.
//
// A call hands over copies of its arguments and brings back the results, what the call
// changed in the arguments, or its panic. What the answer's process sends is not
// trusted: it is read within bounds, and if it makes no sense the check ends.
package remote

import (
	"reflect"

	"convbook/pkg/ndarray"
)

// Files that whoever starts the two processes leaves open in them.
const (
	requestsFile = 3 // the check writes, the answer reads
	answersFile  = 4 // the answer writes, the check reads
	troubleFile  = 5 // the check says why it could not go on
)

// What the check asks for, the first byte of a request.
const (
	askValue = iota + 1
	askCall
)

// How the answer's process replies, the first byte of an answer.
const (
	replyDone = iota + 1
	replyPanic
	replyShapePanic // with an *ndarray.ShapeError
	replyLeft       // by runtime.Goexit
	replyRefused    // there is no such name, or it has another type
)

// TroubleStatus is the exit status of a check that could not go on; it has said why.
const TroubleStatus = 3

// Ended is what a check says when the answer's process has ended in the middle.
const Ended = "ended"

// fits says whether the numbers of an array that comes from the other side are as many
// as its shape says, wherever in a value it is.
func fits(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer:
		switch a := v.Interface().(type) {
		case *ndarray.Array[float64]:
			return a == nil || sizeOf(a.Shape()) == len(a.Data())
		case *ndarray.Array[float32]:
			return a == nil || sizeOf(a.Shape()) == len(a.Data())
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if !fits(v.MapIndex(key)) {
				return false
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if !fits(v.Index(i)) {
				return false
			}
		}
	}
	return true
}

// sizeOf is the product of a shape, -1 where that is no size.
func sizeOf(shape []int) int {
	const most = 1 << 40
	size := 1
	for _, n := range shape {
		if n < 0 || n > most || size*n > most {
			return -1
		}
		size *= n
	}
	return size
}

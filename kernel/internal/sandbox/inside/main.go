// Command inside goes into a sandbox, closes the doors behind it and becomes the program
// that is to run there. It is small and linked without C, so that it needs no file of
// the machine that it cannot see any more.
package main

import "convbook/kernel/internal/sandbox"

func main() { sandbox.Enter() }

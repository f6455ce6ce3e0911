package main

import "fmt"

// version is that of the course, as CHANGELOG.md tells it.
const version = "1.3.0"

type versionCommand struct{}

func (versionCommand) Run() error {
	fmt.Println("convbook", version)
	return nil
}

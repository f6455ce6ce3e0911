//go:build !linux

package main

import "net"

// admit lets every connection in: this system does not tell whose it is.
func admit(net.Conn) bool { return true }

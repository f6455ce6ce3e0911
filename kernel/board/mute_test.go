package main

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"convbook/pkg/system/companion"
)

// Who interrupts a program that joins does not wait for servers that take connections and say nothing.
func TestMuteServers(t *testing.T) {
	var addresses []string
	for range 8 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		addresses = append(addresses, l.Addr().String())
	}
	t.Setenv(companion.BoardVariable, "board://x@"+strings.Join(addresses, ",")+"/"+strings.Repeat("00", 32))
	in, program := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- companionMain(in, io.Discard) }()
	if err := companion.NewLink(strings.NewReader(""), program).Send(companion.Message{ID: 1, Do: companion.Join, Sweep: &companion.Sweep{Name: "test", Keys: []string{"a"}}}); err != nil {
		t.Fatal(err)
	}
	program.Close()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("the companion does not end")
	}
}

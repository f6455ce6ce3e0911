package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// serve runs gopls for the module that the socket lies in, until the one
// client that it serves, or gopls, ends.
func serve(gopls, socket string) error {
	time.Sleep(settling)
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	defer listener.Close()
	listener.(*net.UnixListener).SetDeadline(time.Now().Add(patience))

	dir := filepath.Dir(socket)
	cmd := exec.Command(gopls, "serve")
	cmd.Dir = dir
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("gopls did not start: %w", err)
	}
	defer func() {
		cmd.Process.Kill()
		cmd.Wait()
	}()
	r, err := newRelay(in, out, dir, limit)
	if err != nil {
		return err
	}
	ended := make(chan error, 2)
	go func() { ended <- r.fromGopls() }()
	go func() {
		connection, err := listener.Accept()
		if err == nil {
			err = r.fromGoNB(connection)
		}
		ended <- err
	}()
	go func() {
		for folderStays(dir) {
			time.Sleep(time.Second)
		}
		ended <- fmt.Errorf("the kernel's folder is gone")
	}()
	return <-ended
}

func folderStays(dir string) bool {
	_, err := os.Stat(dir)
	return err == nil
}

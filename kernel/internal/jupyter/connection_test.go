package jupyter

import "testing"

// Between the choice of a port and the kernel's listening on it nothing may take it:
// not the next connection, and not a program to which the system gives any free port.
func TestPortsAreChosenOnce(t *testing.T) {
	seen := map[int]bool{}
	for range 200 {
		c, err := NewConnection()
		if err != nil {
			t.Fatal(err)
		}
		for _, port := range []int{c.Shell, c.Control, c.IOPub, c.Stdin, c.Heartbeat} {
			if seen[port] {
				t.Fatalf("port %d was chosen twice", port)
			}
			if port < firstPort || port >= lastPort {
				t.Fatalf("port %d is one that the system may give away", port)
			}
			seen[port] = true
		}
	}
}

package display

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// syncLimit is how long a display waits for the kernel's word that it arrived.
// The word takes about a millisecond; a kernel that was stopped never gives it.
const syncLimit = 30 * time.Second

var complain sync.Once

// InNotebook reports whether there is a kernel to display to. When the program
// was started by one but cannot reach it, values go to the standard output.
func InNotebook() bool {
	if !gonbui.IsNotebook {
		return false
	}
	if err := gonbui.Open(); err != nil {
		complain.Do(func() {
			fmt.Fprintf(os.Stderr, "display: the notebook cannot be reached, what is shown goes to the standard output: %v\n", err)
		})
		return false
	}
	return true
}

// send hands an output to the kernel. Outputs with the same id, unless it is
// empty, replace each other.
func send(id string, data map[protocol.MIMEType]any) {
	gonbui.SendData(&protocol.DisplayData{Data: data, DisplayID: id})
}

// Settle waits until the kernel has passed on everything sent so far. A program
// that ends before that loses output. Show does it by itself.
func Settle() {
	if !gonbui.IsNotebook || gonbui.Error() != nil {
		return
	}
	done := make(chan struct{})
	go func() {
		gonbui.Sync()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(syncLimit):
		fmt.Fprintf(os.Stderr, "display: the notebook did not confirm an output within %v; run the cell again if one is missing\n", syncLimit)
	}
}

// page is an output as HTML, with the text that front ends without HTML show.
func page(html, text string) map[protocol.MIMEType]any {
	return map[protocol.MIMEType]any{protocol.MIMETextHTML: html, protocol.MIMETextPlain: text}
}

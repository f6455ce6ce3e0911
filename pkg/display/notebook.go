package display

import (
	"fmt"
	"os"
	"sync"
	"time"

	"convbook/pkg/internal/pipe"
)

// syncLimit is how long a display waits for the kernel's word that it arrived.
// The word takes about a millisecond; a kernel that was stopped never gives it.
const syncLimit = 30 * time.Second

var complain sync.Once

// InNotebook reports whether there is a kernel to display to. When the program
// was started by one but cannot reach it, values go to the standard output.
func InNotebook() bool {
	in, err := pipe.Kernel.Open()
	if err != nil {
		complain.Do(func() {
			fmt.Fprintf(os.Stderr, "display: the notebook cannot be reached, what is shown goes to the standard output: %v\n", err)
		})
	}
	return in
}

// send hands an output to the kernel. When that fails, the next InNotebook says so.
func send(o pipe.Output) { _ = pipe.Kernel.Send(o) }

// Settle waits until the kernel has passed on everything sent so far. A program
// that ends before that loses output. Show does it by itself. Outside a notebook it
// returns at once.
func Settle() {
	if err := pipe.Kernel.Sync(syncLimit); err != nil {
		fmt.Fprintf(os.Stderr, "display: the notebook did not confirm an output (%v); run the cell again if one is missing\n", err)
	}
}

// page is an output as HTML, with the text that front ends without HTML show.
func page(html, text string) map[string]string {
	return map[string]string{"text/html": html, "text/plain": text}
}

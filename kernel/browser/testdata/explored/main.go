// Command explored writes figures that answer the pointer, as outputs of a notebook have them, and
// what Go computes of the same numbers. The tests of the browser run it in the course's module.
package main

import (
	"encoding/json"
	"log"
	"os"
	"path/filepath"

	"convbook/pkg/explore"
)

func main() {
	figures, want := im2col()
	write("im2col", figures, want)
	figures, want = convolution()
	write("convolution", figures, want)
	figures, want = networks()
	write("network", figures, want)
	write("scoreless", scoreless(), nil)
	figures, want = training()
	write("training", figures, want)
	all, told := plain()
	leave("plain", all, told)
}

// write leaves the figures NAME.figures.json and what they must show, NAME.want.json, in the folder that is named.
func write(name string, figures []*explore.Figure, want any) {
	all := make([]string, len(figures))
	for i, f := range figures {
		all[i] = html(f)
	}
	leave(name, all, want)
}

func leave(name string, all []string, want any) {
	for file, content := range map[string]any{name + ".figures.json": all, name + ".want.json": want} {
		text, err := json.Marshal(content)
		if err == nil {
			err = os.WriteFile(filepath.Join(os.Args[1], file), text, 0o600)
		}
		if err != nil {
			log.Fatal(err)
		}
	}
}

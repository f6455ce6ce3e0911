//go:build unix

package live

import (
	"io"
	"testing"

	"convbook/pkg/dataset"
	"convbook/pkg/display"
	"convbook/pkg/internal/celltest"
)

// In a program that has opened the stand-in, every output is marked.
func TestStandInMarksTheProgram(t *testing.T) {
	t.Setenv(dataset.FolderVariable, "stand-in")
	displays := celltest.InCell(t, func() {
		if _, err := dataset.Open("fashion", dataset.Log(io.Discard)); err != nil {
			t.Fatal(err)
		}
		display.Show("accuracy", 0.9)
	})
	if mark, _ := displays[0].Metadata["convbook"].(map[string]any); mark["stand_in"] != true {
		t.Errorf("the metadata is %v", displays[0].Metadata)
	}
}

package gpu

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"convbook/pkg/internal/opencl"
	"convbook/pkg/system/atomicfile"
	"convbook/pkg/system/private"
)

// What a search has found is kept in a folder of the user, in a file for each device, driver and
// version of the kernels. Of what lies there only names of tiles that a search would try are
// used, and no tile changes a result: a file that somebody has changed costs time at most.

// largestKept is far more than the tiles of all networks that one trains.
const largestKept = 1 << 20

// keptPath is the file of a device, "" where no folder can be used.
func keptPath(d *opencl.Device) string {
	folder, err := private.Folder("tiles")
	if err != nil || !private.Lasts(folder) {
		return ""
	}
	return filepath.Join(folder, keptName(d))
}

func keptName(d *opencl.Device) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%q %q %q %v\n", d.Name, d.Version, d.Driver, shapesOfTiles)
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := files.ReadFile(path)
		fmt.Fprintf(sum, "%s %d\n%s", path, len(text), text)
		return err
	})
	if err != nil {
		panic(err) // they are part of the program
	}
	return fmt.Sprintf("%x.json", sum.Sum(nil)[:12])
}

// kept is what the file holds.
type kept struct {
	Device string            `json:"device"` // for those who look into it
	Driver string            `json:"driver"`
	Tiles  map[string]string `json:"tiles"`
}

// readKept returns the tiles that are kept, none where the file cannot be used.
func readKept(path string) map[string]string {
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, largestKept+1))
	if err != nil || len(text) > largestKept {
		return nil
	}
	var k kept
	if json.Unmarshal(text, &k) != nil {
		return nil
	}
	return k.Tiles
}

// keep writes the tiles, with those that another program has kept meanwhile. Where it cannot the
// next program searches again.
func keep(path string, d *opencl.Device, tiles map[string]string) {
	all := kept{d.Name, d.Driver, map[string]string{}}
	for _, some := range []map[string]string{readKept(path), tiles} {
		for key, name := range some {
			all.Tiles[key] = name
		}
	}
	if text, err := json.MarshalIndent(all, "", "  "); err == nil && len(text) < largestKept {
		_ = atomicfile.WritePrivate(path, text)
	}
}

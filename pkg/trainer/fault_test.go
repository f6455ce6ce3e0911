package trainer

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"convbook/pkg/internal/runfolder"
)

var save, add = runfolder.Save, runfolder.Add

// fullAfter lets all writing fail once so many bytes were written, in the middle of
// a file as a disk does that is full.
func fullAfter(t *testing.T, room int) {
	t.Helper()
	t.Cleanup(func() { runfolder.Save, runfolder.Add = save, add })
	runfolder.Save = func(path string, content []byte) error {
		if room -= len(content); room < 0 {
			half := content[:max(0, room+len(content))]
			os.WriteFile(path+".1.convbook.part", half, 0o600)
			room = 0
			return syscall.ENOSPC
		}
		return save(path, content)
	}
	runfolder.Add = func(path string, lines []byte) error {
		if room -= len(lines); room < 0 {
			add(path, lines[:max(0, room+len(lines))])
			room = 0
			return syscall.ENOSPC
		}
		return add(path, lines)
	}
}

// A disk that fills at any byte ends the run with an error that says so; with room
// again the run goes on and ends with the same bits.
func TestDiskFullAtEveryByte(t *testing.T) {
	r := tinyRun[float32]{data: openTiny(t, writeTiny(t)), optimizer: "momentum", change: func(c *Config) { c.Epochs = 2 }}
	want := r.whole(t)
	step := 211
	if os.Getenv("CONVBOOK_LONG") != "" {
		step = 17
	}
	stops := 0
	for room := 0; ; room += step {
		folder := t.TempDir()
		fullAfter(t, room)
		tr, _ := r.start(t, folder)
		_, err := tr.Train(context.Background())
		if err == nil {
			break
		}
		stops++
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("with room for %d bytes the error is %v", room, err)
		}
		runfolder.Save, runfolder.Add = save, add
		tr, rng := r.start(t, folder)
		h, err := tr.Train(context.Background())
		if got := outcomeOf(h, rng); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("with room for %d bytes at first, the run ends as\n%+v, %v\nwant\n%+v", room, got, err, want)
		}
		lines, err := os.ReadFile(filepath.Join(where(t, folder), runfolder.EpochsFile))
		if err != nil || strings.Count(string(lines), "\n") != 2 {
			t.Fatalf("with room for %d bytes at first, %s is %q, %v", room, runfolder.EpochsFile, lines, err)
		}
		if left, _ := filepath.Glob(filepath.Join(folder, "*", "*.part")); len(left) > 0 {
			t.Fatalf("left behind: %v", left)
		}
	}
	t.Logf("the disk was full at %d places, %d bytes apart", stops, step)
}

// A real disk that is full: a file system in memory, made where the test may.
func TestSmallDisk(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("skipped: mounting a small file system needs root")
	}
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk).CombinedOutput(); err != nil {
		t.Skipf("skipped: no small file system: %v, %s", err, out)
	}
	t.Cleanup(func() { exec.Command("umount", disk).Run() })
	r := tinyRun[float64]{data: openTiny(t, writeTiny(t)), optimizer: "adam"}
	want := r.whole(t)
	folder, ballast := filepath.Join(disk, "run"), filepath.Join(disk, "ballast")
	fills := 0
	for room := 4; room <= 256; room += 12 {
		os.Remove(ballast)
		os.RemoveAll(folder)
		os.WriteFile(ballast, make([]byte, (256-room)<<10), 0o600) // as much of it as there is room for
		tr, _ := r.start(t, folder)
		if _, err := tr.Train(context.Background()); err != nil {
			if fills++; !errors.Is(err, syscall.ENOSPC) && !strings.Contains(err.Error(), "no space left") {
				t.Errorf("with room for %d KiB the error is %v", room, err)
			}
		}
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
		tr, rng := r.start(t, folder)
		h, err := tr.Train(context.Background())
		if got := outcomeOf(h, rng); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("with room for %d KiB at first, the run ends as\n%+v, %v\nwant\n%+v", room, got, err, want)
		}
	}
	if fills < 3 {
		t.Errorf("the disk was full %d times only", fills)
	}
	t.Logf("the disk was full %d times", fills)
}

package dataset

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"convbook/pkg/dataset/internal/catalog"
	"convbook/pkg/internal/idx/idxtest"
)

// The tests have a cache of their own.
func TestMain(m *testing.M) {
	cache, err := os.MkdirTemp("", "dataset")
	if err != nil {
		panic(err)
	}
	os.Setenv("XDG_CACHE_HOME", cache)
	code := m.Run()
	os.RemoveAll(cache)
	os.Exit(code)
}

// packedFolder is a folder with the small data set, compressed.
func packedFolder(t *testing.T) string {
	packed := map[string][]byte{}
	for name, content := range small() {
		packed[name+".gz"] = zipped(content)
	}
	return write(t, t.TempDir(), packed)
}

// ownCache gives a test a cache folder of its own and returns where it keeps data.
func ownCache(t *testing.T) string {
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("HOME", cache)
	return filepath.Join(cache, "convbook", "data", "opened")
}

func onlyFolder(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%d folders in %s, %v", len(entries), dir, err)
	}
	return filepath.Join(dir, entries[0].Name())
}

func TestKeptIsMapped(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("skipped: files are not mapped on Windows")
	}
	opened := ownCache(t)
	folder := packedFolder(t)
	for range 2 {
		data, err := Open("fashion", Folder(folder))
		if err != nil || !bytes.Equal(data.Train.pixels, idxtest.Ramp(20*28*28)) || data.Train.Label(13) != 3 || !data.Own || data.Source != folder {
			t.Fatalf("%v, %v", data, err)
		}
	}
	kept := onlyFolder(t, opened)
	f, err := os.Open(filepath.Join(kept, keptNames[0]))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, ok := mapped(f); !ok {
		t.Error("what is kept is not mapped")
	}
	if err := f.Chmod(0o666); err != nil {
		t.Fatal(err)
	}
	if _, ok := mapped(f); ok {
		t.Error("a file that others can cut off is mapped")
	}
}

// What is flipped, cut off, left half-written or missing in the cache is made anew; what
// is opened is always right.
func TestKeptAndDamaged(t *testing.T) {
	opened := ownCache(t)
	folder := packedFolder(t)
	check := func(what string) {
		t.Helper()
		data, err := Open("fashion", Folder(folder))
		if err != nil || !bytes.Equal(data.Train.pixels, idxtest.Ramp(20*28*28)) || !bytes.Equal(data.Test.labels, idxtest.Cycle(10)) || !data.Own {
			t.Fatalf("%s: %v, %v", what, data, err)
		}
	}
	check("at first")
	kept := onlyFolder(t, opened)
	flips := 60
	if os.Getenv("CONVBOOK_LONG") != "" {
		flips = 2000
	}
	r := rand.New(rand.NewPCG(1, 1))
	names := append(slices.Clone(keptNames[:]), recordName)
	for i := range flips {
		path := filepath.Join(kept, names[i%len(names)])
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		bit := r.IntN(8 * len(content))
		content[bit/8] ^= 1 << (bit % 8)
		if err := os.WriteFile(path+".new", content, 0o644); err != nil { // not into a file that is mapped
			t.Fatal(err)
		}
		if err := os.Rename(path+".new", path); err != nil {
			t.Fatal(err)
		}
		check("after a flip in " + path)
	}
	for _, name := range names {
		path := filepath.Join(kept, name)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		check("without " + name)
		if err := os.WriteFile(path+".new", []byte("half"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(path+".new", path); err != nil {
			t.Fatal(err)
		}
		check("with half of " + name)
	}
	if after := onlyFolder(t, opened); after != kept {
		t.Errorf("kept in %s, then in %s", kept, after)
	}
	if data, found, err := store(opened).open(catalog.Entries[1], filepath.Base(kept)); err != nil || !found || data.Train.Len() != 20 {
		t.Errorf("what was made anew is not used: %v", err)
	}
}

// A named folder is looked at each time, whatever is kept of it.
func TestFlipInANamedFolder(t *testing.T) {
	ownCache(t)
	e := smallEntry(t)
	o := options{kept: store(filepath.Join(t.TempDir(), "opened")), log: io.Discard}
	flips := 100
	if os.Getenv("CONVBOOK_LONG") != "" {
		flips = 2000
	}
	entries := catalog.Entries
	catalog.Entries = append(slices.Clone(entries), e)
	defer func() { catalog.Entries = entries }()
	r := rand.New(rand.NewPCG(2, 2))
	for i := range flips {
		var files [4]dataFile
		for k, name := range fileNames {
			files[k] = dataFile{name, small()[name]}
			if i%2 == 0 {
				files[k] = dataFile{name + ".gz", zipped(small()[name])}
			}
		}
		if data, err := openFiles(e, files, o); err != nil || data.Own {
			t.Fatalf("the files as they are: %v, %v", data, err)
		}
		k := r.IntN(4)
		bit := r.IntN(8 * len(files[k].bytes))
		files[k].bytes[bit/8] ^= 1 << (bit % 8)
		data, err := openFiles(e, files, o)
		if err == nil && (data.Own || !bytes.Equal(data.Train.pixels, idxtest.Ramp(20*28*28)) || !bytes.Equal(data.Train.labels, idxtest.Cycle(20)) || !bytes.Equal(data.Test.labels, idxtest.Cycle(10))) {
			t.Errorf("bit %d of %s flipped: %v is opened", bit, files[k].name, data)
		}
	}
}

// Programs that open a data set for the first time at once all have it.
func TestKeptAtOnce(t *testing.T) {
	opened := ownCache(t)
	folder := packedFolder(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if data, err := Open("fashion", Folder(folder)); err != nil || !bytes.Equal(data.Train.pixels, idxtest.Ramp(20*28*28)) {
				t.Errorf("%v, %v", data, err)
			}
		})
	}
	group.Wait()
	onlyFolder(t, opened)
}

// Without a cache, and with one that is not one's own, everything works as it did.
func TestWithoutACache(t *testing.T) {
	folder := packedFolder(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	shared := t.TempDir()
	if err := os.MkdirAll(filepath.Join(shared, "convbook", "data"), 0o777); err != nil {
		t.Fatal(err)
	}
	os.Chmod(filepath.Join(shared, "convbook", "data"), 0o777)
	for name, cache := range map[string]string{"a file": file, "not set": "", "others can write": shared} {
		t.Setenv("XDG_CACHE_HOME", cache)
		t.Setenv("HOME", cache)
		t.Setenv("XDG_RUNTIME_DIR", "")
		data, err := Open("fashion", Folder(folder))
		if err != nil || !bytes.Equal(data.Train.pixels, idxtest.Ramp(20*28*28)) {
			t.Errorf("%s: %v, %v", name, data, err)
		}
	}
	if entries, _ := os.ReadDir(filepath.Join(shared, "convbook", "data")); runtime.GOOS != "windows" && len(entries) > 0 {
		t.Errorf("something is kept where others can write: %v", entries)
	}
}

// Few data sets are kept; what was opened longest ago goes.
func TestOldOnesGo(t *testing.T) {
	opened := ownCache(t)
	data, err := Open("fashion", Folder(packedFolder(t)))
	if err != nil {
		t.Fatal(err)
	}
	s := store(opened)
	for i := range 2 * mostKept {
		if _, err := s.write(catalog.Entries[1], strings.Repeat("x", i+1), data); err != nil {
			t.Fatal(err)
		}
	}
	if entries, _ := os.ReadDir(opened); len(entries) > mostKept+1 {
		t.Errorf("%d data sets are kept", len(entries))
	}
	if _, _, err := s.open(catalog.Entries[1], strings.Repeat("x", 2*mostKept)); err != nil {
		t.Error(err)
	}
	if !bytes.Equal(data.Train.pixels, idxtest.Ramp(20*28*28)) {
		t.Error("what is mapped has changed")
	}
}

// The stand-in is drawn once, and the same whether it is drawn or was kept.
func TestStandInIsKept(t *testing.T) {
	opened := ownCache(t)
	t.Setenv(FolderVariable, standInValue)
	drawn, err := Open("fashion", Log(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	kept := onlyFolder(t, opened)
	data, found, err := store(opened).open(catalog.Entries[1], filepath.Base(kept))
	if err != nil || !found || !bytes.Equal(data.Train.pixels, drawn.Train.pixels) {
		t.Errorf("%v, %v", found, err)
	}
	var log strings.Builder
	again, err := Open("fashion", Log(&log))
	if err != nil || !again.StandIn || !strings.Contains(again.Label(), "STAND-IN") || log.String() != again.Notice()+"\n" || sumOf(again.Train.Head(500)) != sumOf(drawSet(500, 70_000, drawGarment)) {
		t.Errorf("%v, %v", again, err)
	}
}

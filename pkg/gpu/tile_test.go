package gpu

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"convbook/pkg/convnet"
	"convbook/pkg/internal/device"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

// productsOf returns the products of a plan, which is not made.
func productsOf(t *testing.T, d *Device, w device.Work) (all []*product) {
	t.Helper()
	enough := errors.New("enough")
	c, err := d.device.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := newPlan(c, w, nil, func(_ *plan, x []*product) (map[string]string, error) { all = x; return nil, enough }); !errors.Is(err, enough) {
		t.Fatal(err)
	}
	return all
}

// TestTiles wants the same bits of every tile that a search may choose: here of another one for
// each kind of product, with CONVBOOK_LONG of many, in products that are large enough for them.
func TestTiles(t *testing.T) {
	d := opened(t)
	small := allNetworks()[0]
	if os.Getenv("CONVBOOK_LONG") == "" {
		sameInTiles(t, d, small, []int{1})
		return
	}
	sameInTiles(t, d, small, []int{1, 2})
	large := shape{"large", []int{1, 20, 20}, 20, []convnet.Part{convnet.Conv(40, 3, 1, 1), convnet.Relu(), convnet.Pool(2, 2), convnet.Conv(36, 3, 1, 1), convnet.Relu(),
		convnet.Affine(40), convnet.Relu(), convnet.Affine(4)}}
	if tried := sameInTiles(t, d, large, []int{1, 5, 9}); tried < 12 {
		t.Errorf("%d tiles were tried", tried)
	}
}

// sameInTiles makes a step with candidate i of each product, for each i, and counts the tiles.
func sameInTiles(t *testing.T, d *Device, s shape, which []int) int {
	t.Helper()
	rng := nprandom.New(21)
	train := drawn(t, rng, 50, 4)
	indices := make([]int, s.batch)
	rng.ChoiceInto(train.Len(), indices)
	images := make([]float32, s.batch*s.input[0]*s.input[1]*s.input[2])
	for i := range images {
		images[i] = float32(rng.Rand())
	}
	step := func(tiles map[string]string) map[string][]float32 {
		net := reseeded(s, 5)
		d.tiles = tiles
		made, err := d.Plan(work(net, optimizer.NewSGD[float32](1), s.batch, train))
		if err != nil {
			t.Fatal(err)
		}
		defer made.Close()
		if err := errors.Join(made.Step(indices, images, false), made.Store()); err != nil {
			t.Fatal(err)
		}
		if broken, err := made.(*plan).c.Guarded(); err != nil || len(broken) > 0 {
			t.Errorf("written beyond the end of %v: %v", broken, err)
		}
		return values(net)
	}
	want := step(nil)
	tried := map[tile]bool{}
	products := productsOf(t, d, work(reseeded(s, 5), optimizer.NewSGD[float32](1), s.batch, train))
	for _, i := range which {
		tiles := map[string]string{}
		for _, x := range products {
			chosen := x.candidates()[i%len(x.candidates())]
			tiles[x.key()], tried[chosen] = chosen.String(), true
		}
		for name, got := range step(tiles) {
			if !slices.Equal(got, want[name]) {
				t.Errorf("%s: %s has other bits with the tiles %v", s.name, name, tiles)
			}
		}
	}
	t.Logf("%s: %d tiles in %d products", s.name, len(tried), len(products))
	return len(tried)
}

// TestCandidates wants tiles that the kernel is written for.
func TestCandidates(t *testing.T) {
	for _, rows := range []int{1, 10, 50, 64, 100, 6400, 78400} {
		for _, columns := range []int{1, 10, 16, 32, 64, 100, 4096, 9217} {
			for _, k := range []int{1, 25, 144, 9216} {
				for _, pooled := range []bool{false, true} {
					expected := tileFor(rows, columns, k).spread(rows, columns)
					if pooled {
						expected = expected.pooled()
					}
					all := expected.candidates(rows, columns, pooled)
					names := map[string]bool{}
					for _, c := range all {
						names[c.String()] = true
						if c.tm%c.rm != 0 || c.tn%c.rn != 0 || c.rm%c.rv != 0 || c.tm%4 != 0 || c.tn%4 != 0 || c.threads() < 1 || c.threads() > 256 ||
							pooled && c.rv != 4 || 4*c.tk*(c.tm+c.tn+8) > 48<<10 {
							t.Errorf("%v for %d x %d over %d, pooled %v", c, rows, columns, k, pooled)
						}
					}
					if all[0] != expected || len(names) != len(all) {
						t.Errorf("candidates %v, want %v first and each once", all, expected)
					}
				}
			}
		}
	}
}

// searching is the device of this machine as one that searches, in a cache of its own.
func searching(t *testing.T, cache string) *Device {
	t.Helper()
	d := opened(t)
	t.Setenv("XDG_CACHE_HOME", cache)
	d.search = time.Hour
	return d
}

// fewer lets a search try few tiles: PoCL compiles each for a while.
func fewer(t *testing.T) {
	all := shapesOfTiles
	shapesOfTiles = all[len(all)-2 : len(all)-1]
	t.Cleanup(func() { shapesOfTiles = all })
}

// TestSearch wants a search to be made once and kept, for all products of a plan.
func TestSearch(t *testing.T) {
	cache := t.TempDir()
	d := searching(t, cache)
	fewer(t)
	train := drawn(t, nprandom.New(3), 40, 10)
	w := work(little(1), optimizer.NewAdam[float32](0), 8, train)
	plain := opened(t)
	want := fewSteps(t, plain)
	if got := fewSteps(t, d); !reflect.DeepEqual(got, want) {
		t.Error("a device that searches has other bits")
	}
	path := keptPath(d.device)
	found := readKept(path)
	for _, x := range productsOf(t, plain, w) {
		if known := x.known(found[x.key()]); known.String() != found[x.key()] {
			t.Errorf("%s has the tile %q, which is none of %v", x.key(), found[x.key()], x.candidates())
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("%s: %v, %v", path, info.Mode(), err)
	}

	// Another program takes what is kept, and what another one keeps stays.
	other := maps.Clone(found)
	for key := range other {
		other[key] = "16x32x16 by 2x2 in 1"
	}
	other["a product of another network"] = "64x64x16 by 4x8 in 1"
	keep(path, d.device, other)
	next := searching(t, cache)
	if got := fewSteps(t, next); !reflect.DeepEqual(got, want) || !reflect.DeepEqual(next.tiles, other) {
		t.Errorf("the next one has the tiles %v, want %v", next.tiles, other)
	}
}

// fewSteps returns the losses of some steps, and the numbers that they end with.
func fewSteps(t *testing.T, d *Device) (outcome []any) {
	t.Helper()
	net := little(1)
	p, err := d.Plan(work(net, optimizer.NewAdam[float32](0.01), 8, drawn(t, nprandom.New(3), 40, 10)))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for range 3 {
		if err := p.Step(upTo(8), nil, false); err != nil {
			t.Fatal(err)
		}
		loss, err := p.Loss()
		if err != nil {
			t.Fatal(err)
		}
		outcome = append(outcome, loss)
	}
	if err := p.Store(); err != nil {
		t.Fatal(err)
	}
	return append(outcome, net.Digest())
}

// TestKeptIsNotBelieved wants a training to be the same, and no error, whatever lies in the cache.
func TestKeptIsNotBelieved(t *testing.T) {
	cache := t.TempDir()
	d := searching(t, cache)
	d.search = 1 // no time for any
	train := drawn(t, nprandom.New(3), 40, 10)
	want := fewSteps(t, opened(t))
	path := keptPath(d.device)
	x := productsOf(t, d, work(little(1), optimizer.NewAdam[float32](0), 8, train))[0]
	lie, err := json.Marshal(kept{Tiles: map[string]string{x.key(): "4096x4096x4096 by 1x1 in 1"}})
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	for name, lies := range map[string]func() error{
		"nothing":          func() error { return nil },
		"a tile too large": func() error { return os.WriteFile(path, lie, 0o600) },
		"no JSON":          func() error { return os.WriteFile(path, []byte("tiles"), 0o600) },
		"other JSON":       func() error { return os.WriteFile(path, []byte(`{"tiles": [1, 2]}`), 0o600) },
		"a folder":         func() error { return os.Mkdir(path, 0o700) },
		"far too much":     func() error { return os.WriteFile(path, []byte(strings.Repeat(" ", largestKept+1)), 0o600) },
		"a link": func() error {
			return errors.Join(os.WriteFile(elsewhere, lie, 0o600), os.Symlink(elsewhere, path))
		},
	} {
		if err := lies(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		d.tiles, d.read = nil, false
		if got := fewSteps(t, d); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: it ends as %v, want %v", name, got, want)
		}
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
	}
}

package dataset

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"convbook/pkg/dataset/internal/catalog"
	"convbook/pkg/dataset/internal/download"
	"convbook/pkg/internal/idx"
	"convbook/pkg/internal/idx/idxtest"
)

// fileNames are the names of most data sets.
var fileNames = catalog.Entries[0].Files

func contentSum(t *testing.T, file []byte) string {
	content, err := idx.Unpack(file)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(content))
}

// mirror is a server with the four files of the small data set, and what it
// does instead for some of them.
type mirror struct {
	*httptest.Server
	asked atomic.Int32 // how many files it was asked for
}

func newMirror(t *testing.T, instead map[string]http.HandlerFunc) *mirror {
	m := new(mirror)
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.asked.Add(1)
		name := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/"), ".gz")
		if act := instead[name]; act != nil {
			act(w, r)
		} else if content, ok := small()[name]; ok && strings.HasSuffix(r.URL.Path, ".gz") {
			w.Write(zipped(content))
		} else {
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(m.Close)
	return m
}

// smallEntry is a data set that mirrors serve.
func smallEntry(t *testing.T) *catalog.Entry {
	t.Helper()
	e := &catalog.Entry{Name: "fashion", Title: "Small", Classes: catalog.Entries[1].Classes, Files: fileNames, Mirrors: []string{"none"}}
	for i, name := range fileNames {
		e.Sums[i] = contentSum(t, small()[name])
	}
	return e
}

// web returns the options of Open for some mirrors and a cache folder of the
// test, what Open tells, and the downloader.
func web(t *testing.T, mirrors ...string) (options, *bytes.Buffer, *download.Downloader) {
	log := new(bytes.Buffer)
	for i := range mirrors {
		mirrors[i] += "/"
	}
	d := &download.Downloader{Mirrors: mirrors, Client: new(http.Client), Stall: time.Second, Report: time.Hour}
	cache := t.TempDir()
	return options{
		ctx: context.Background(), log: log, downloads: filepath.Join(cache, "cache"), kept: store(filepath.Join(cache, "opened")),
		fetch: func(ctx context.Context, e *catalog.Entry, folder string, log io.Writer) error {
			err := d.Into(ctx, e, folder, log)
			if errors.Is(err, download.ErrUnreachable) {
				return errUnreachable
			}
			return err
		},
		network: networkNow,
	}, log, d
}

func wantSmall(t *testing.T, data *Data, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if data.StandIn || data.Train.Len() != 20 || data.Test.Len() != 10 {
		t.Fatalf("not the small data set: %v", data)
	}
	if want := idxtest.Ramp(20 * 28 * 28); !bytes.Equal(data.Train.pixels, want) {
		t.Fatal("its images are not those of the mirror")
	}
}

// wantOnly fails the test when a folder holds anything but the four files.
func wantOnly(t *testing.T, folder string, count int) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for _, found := range entries {
		if strings.HasSuffix(found.Name(), ".part") {
			t.Errorf("%s was left behind", found.Name())
		}
	}
	if len(entries) != count {
		t.Errorf("%d files in the cache folder, want %d", len(entries), count)
	}
}

func TestDownload(t *testing.T) {
	m := newMirror(t, nil)
	e := smallEntry(t)
	o, log, _ := web(t, m.URL)
	data, err := openCached(e, o)
	wantSmall(t, data, err)
	if data.Source != o.downloads || strings.Count(log.String(), "downloaded ") != 4 {
		t.Errorf("it came from %s and told: %s", data.Source, log)
	}
	wantOnly(t, o.downloads, 4)

	m.Close()
	log.Reset()
	data, err = openCached(e, o)
	wantSmall(t, data, err)
	if log.Len() > 0 {
		t.Errorf("opening what is kept needs no words, but it told: %s", log)
	}
}

// When one mirror fails, in whatever way, the next one serves; when it is the
// only one, the error says what it did, and nothing is kept.
func TestDownloadFromABadMirror(t *testing.T) {
	whole, bomb := zipped(small()[fileNames[0]]), zipped(make([]byte, 64<<20+1))
	for _, c := range []struct {
		name string
		act  http.HandlerFunc
		word string
	}{
		{"not found", http.NotFound, "it answered 404 Not Found"},
		{"broken", func(w http.ResponseWriter, r *http.Request) { http.Error(w, "", 500) }, "it answered 500 Internal Server Error"},
		{"half a file", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(whole)))
			w.Write(whole[:len(whole)/2])
		}, fmt.Sprintf("it broke off after %d bytes", len(whole)/2)},
		{"half a file that ends as if it were all", func(w http.ResponseWriter, r *http.Request) {
			w.Write(whole[:len(whole)/2])
		}, "not the right file: it is cut off"},
		{"wrong file", func(w http.ResponseWriter, r *http.Request) {
			w.Write(zipped(imagesFile(19, 28, 28)))
		}, "not the right file: its checksum is"},
		{"web page", func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "<html>Sign in to the network</html>")
		}, "not the right file: its checksum is"},
		{"more after the end", func(w http.ResponseWriter, r *http.Request) {
			w.Write(append(bytes.Clone(whole), "more than there should be"...))
		}, "not the right file: its compressed data is damaged"},
		{"a bomb", func(w http.ResponseWriter, r *http.Request) {
			w.Write(bomb)
		}, fmt.Sprintf("not the right file: its %d bytes unpack to more than", len(bomb))},
		{"nothing in it", func(w http.ResponseWriter, r *http.Request) {}, "not the right file"},
		{"never an answer", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "it stopped sending"},
		{"stops in the middle", func(w http.ResponseWriter, r *http.Request) {
			w.Write(whole[:100])
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, "it stopped sending after 100 bytes"},
		{"a byte now and then", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				w.Write([]byte{0})
				w.(http.Flusher).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		}, "it stopped sending after"},
		{"says it is too large", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(download.MaxFile+1))
		}, "more than the file can have"},
		{"sends for ever", func(w http.ResponseWriter, r *http.Request) {
			block := make([]byte, 1<<20)
			for r.Context().Err() == nil {
				w.Write(block)
			}
		}, "it sends more than the file can have"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bad := newMirror(t, map[string]http.HandlerFunc{fileNames[0]: c.act})
			e := smallEntry(t)
			o, _, _ := web(t, bad.URL)
			_, err := openCached(e, o)
			wantError(t, err, fileNames[0]+".gz of Small could not be downloaded", strings.TrimPrefix(bad.URL, "http://"), c.word, "try again later", FolderVariable)
			if bad.asked.Load() != 1 {
				t.Errorf("it was asked %d times, want once", bad.asked.Load())
			}
			wantOnly(t, o.downloads, 0)

			o, _, _ = web(t, bad.URL, newMirror(t, nil).URL)
			data, err := openCached(e, o)
			wantSmall(t, data, err)
			wantOnly(t, o.downloads, 4)
		})
	}
}

// What came before a failure is kept, and only the rest is asked for again.
func TestDownloadGoesOn(t *testing.T) {
	bad := newMirror(t, map[string]http.HandlerFunc{fileNames[2]: http.NotFound})
	e := smallEntry(t)
	o, _, d := web(t, bad.URL)
	_, err := openCached(e, o)
	wantError(t, err, fileNames[2], "404")
	wantOnly(t, o.downloads, 2)

	good := newMirror(t, nil)
	d.Mirrors = []string{good.URL + "/"}
	data, err := openCached(e, o)
	wantSmall(t, data, err)
	if good.asked.Load() != 2 {
		t.Errorf("%d files were asked for, want the 2 that were missing", good.asked.Load())
	}
}

func TestDownloadReplacesDamagedFiles(t *testing.T) {
	e := smallEntry(t)
	for name, damaged := range map[string][]byte{
		"cut off":     zipped(small()[fileNames[1]])[:20],
		"other bytes": zipped(labelsFile(21)),
		"empty":       nil,
	} {
		t.Run(name, func(t *testing.T) {
			m := newMirror(t, nil)
			o, log, _ := web(t, m.URL)
			data, err := openCached(e, o)
			wantSmall(t, data, err)
			path := filepath.Join(o.downloads, fileNames[1]+".gz")
			os.RemoveAll(string(o.kept))
			if err := os.WriteFile(path, damaged, 0o644); err != nil {
				t.Fatal(err)
			}
			data, err = openCached(e, o)
			wantSmall(t, data, err)
			if m.asked.Load() != 5 || !strings.Contains(log.String(), path+" is damaged") {
				t.Errorf("%d files were asked for, want 5; it told: %s", m.asked.Load(), log)
			}
			if _, err := readDownloads(e, o, o.downloads, false); err != nil {
				t.Errorf("the cache is not complete again: %v", err)
			}
		})
	}
}

// A cache folder that cannot be written does not keep the data from being used.
func TestDownloadWithoutCache(t *testing.T) {
	e := smallEntry(t)
	o, log, _ := web(t, newMirror(t, nil).URL)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	o.downloads, o.kept = filepath.Join(file, "cache"), store(filepath.Join(file, "opened"))
	data, err := openCached(e, o)
	wantSmall(t, data, err)
	if !strings.Contains(log.String(), "cannot be kept in the cache") || data.Source != "the web" {
		t.Errorf("it came from %s and told: %s", data.Source, log)
	}

	o.downloads, o.kept = "", ""
	log.Reset()
	data, err = openCached(e, o)
	wantSmall(t, data, err)
	if !strings.Contains(log.String(), "no cache folder that can be written") {
		t.Errorf("it told: %s", log)
	}
}

// With no network and no data there is the stand-in, which says so.
func TestOpenWithoutNetwork(t *testing.T) {
	gone, away := newMirror(t, nil), newMirror(t, nil)
	gone.Close()
	away.Close()
	e := smallEntry(t)
	o, log, _ := web(t, gone.URL, away.URL)
	data, err := openCached(e, o)
	if err != nil {
		t.Fatal(err)
	}
	if !data.StandIn || !strings.Contains(data.Label(), "STAND-IN") || !strings.Contains(data.Source, "drawn") {
		t.Errorf("%v, from %s", data, data.Source)
	}
	if notice := data.Notice(); !strings.Contains(notice, "not the real Small images") || !strings.Contains(notice, FolderVariable) || !strings.Contains(log.String(), notice) {
		t.Errorf("the notice is %q, and it told: %s", notice, log)
	}
	wantOnly(t, o.downloads, 0)
}

func TestDownloadStopped(t *testing.T) {
	began := make(chan struct{}, 1)
	m := newMirror(t, map[string]http.HandlerFunc{fileNames[0]: func(w http.ResponseWriter, r *http.Request) {
		began <- struct{}{}
		<-r.Context().Done()
	}})
	e := smallEntry(t)
	o, _, d := web(t, m.URL, m.URL)
	d.Stall = time.Minute
	ctx, cancel := context.WithCancel(context.Background())
	o.ctx = ctx
	go func() { <-began; cancel() }()
	_, err := openCached(e, o)
	wantError(t, err, "was stopped")
	if !errors.Is(err, context.Canceled) || m.asked.Load() != 1 {
		t.Errorf("error %v after %d requests", err, m.asked.Load())
	}
	wantOnly(t, o.downloads, 0)
}

// Several programs may open a data set for the first time at once.
func TestDownloadAtOnce(t *testing.T) {
	m := newMirror(t, nil)
	e := smallEntry(t)
	o, _, _ := web(t, m.URL)
	o.log = io.Discard
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if data, err := openCached(e, o); err != nil || data.Train.Len() != 20 {
				t.Errorf("%v, error %v", data, err)
			}
		})
	}
	group.Wait()
	wantOnly(t, o.downloads, 4)
	if _, err := readDownloads(e, o, o.downloads, false); err != nil {
		t.Error(err)
	}
}

func TestDownloadTellsProgress(t *testing.T) {
	e := smallEntry(t)
	o, log, d := web(t, newMirror(t, nil).URL)
	d.Report = 0
	data, err := openCached(e, o)
	wantSmall(t, data, err)
	want := fmt.Sprintf("%s.gz from %s: 0.0 of 0.0 MB", fileNames[0], strings.TrimPrefix(strings.TrimSuffix(d.Mirrors[0], "/"), "http://"))
	if !strings.Contains(log.String(), want) {
		t.Errorf("it told %q, want a line %q", log, want)
	}
}

func TestCatalog(t *testing.T) {
	for _, e := range catalog.Entries {
		if len(e.Classes) < 10 || len(e.Mirrors) == 0 && e.Home == "" || e.Counts[0] == 0 || e.Counts[1] == 0 {
			t.Errorf("%s is incomplete: %+v", e.Name, e)
		}
		for i := range e.Files {
			if sum := e.Sums[i]; sum != "" && (len(sum) != 64 || strings.Trim(sum, "0123456789abcdef") != "") {
				t.Errorf("%q is no SHA-256 of %s of %s", sum, e.Files[i], e.Name)
			}
			if sum := e.Packed[i]; sum != "" && (len(sum) != 32 || strings.Trim(sum, "0123456789abcdef") != "") {
				t.Errorf("%q is no MD5 of %s of %s", sum, e.Files[i], e.Name)
			}
			if len(e.Mirrors) > 0 && e.Sums[i]+e.Packed[i] == "" {
				t.Errorf("%s of %s can be downloaded, but not checked", e.Files[i], e.Name)
			}
		}
		for _, address := range e.Mirrors {
			if !strings.HasSuffix(address, "/") {
				t.Errorf("the mirror %s of %s does not end with a slash", address, e.Name)
			}
		}
		if found, err := catalog.Find(strings.ToUpper(e.Name)); err != nil || found != e {
			t.Errorf("%s is not found by its name", e.Name)
		}
	}
}

package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// errNoNetwork is the error of a download that reached no mirror at all.
var errNoNetwork = errors.New("no mirror can be reached")

// downloader holds what tests change about downloading.
type downloader struct {
	mirrors []string // instead of the data set's own
	client  *http.Client
	stall   time.Duration // how long a mirror may take to send a little
	report  time.Duration // how often progress is told
}

func newDownloader() downloader {
	return downloader{
		client: &http.Client{Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
			TLSHandshakeTimeout:   10 * time.Second,
			ResponseHeaderTimeout: 20 * time.Second,
		}},
		stall:  20 * time.Second,
		report: 2 * time.Second,
	}
}

// maxDownload bounds one compressed file; the largest real one has 26 MB.
const maxDownload = 64 << 20

// download fetches the four files, each from the first mirror that serves it
// whole, and keeps them in the cache folder where that can be written.
func (e *entry) download(o options) (files [4]dataFile, source string, err error) {
	mirrors := e.mirrors
	if o.fetch.mirrors != nil {
		mirrors = o.fetch.mirrors
	}
	source = "the web"
	for i, name := range fileNames {
		name += ".gz"
		if o.cache != "" {
			content, err := readBounded(filepath.Join(o.cache, name))
			if err == nil && check(content, e.sums[i]) == nil {
				files[i] = dataFile{name, content}
				continue
			}
		}
		content, err := e.downloadFile(o, mirrors, name, e.sums[i])
		if err != nil {
			return files, "", err
		}
		files[i] = dataFile{name, content}
		if err := keep(o.cache, name, content); err != nil {
			fmt.Fprintf(o.log, "%s cannot be kept in %s (%v): it is used now and will be downloaded again next time.\n", name, o.cache, cause(err))
		} else {
			source = o.cache
		}
	}
	return files, source, nil
}

func check(file []byte, want string) error {
	sum, err := contentSum(file)
	if err != nil {
		return err
	}
	if sum != want {
		return fmt.Errorf("its checksum is %s…, want %s…", sum[:12], want[:12])
	}
	return nil
}

// downloadFile tries the mirrors in turn. When none answers at all the error
// is errNoNetwork, otherwise it says what each one did.
func (e *entry) downloadFile(o options, mirrors []string, name, sum string) ([]byte, error) {
	var failures []string
	answered := false
	for _, mirror := range mirrors {
		file, reached, err := o.fetch.get(o.ctx, mirror+name, o.log)
		answered = answered || reached
		if err == nil {
			if err = check(file, sum); err == nil {
				return file, nil
			}
			err = fmt.Errorf("what it sent is not the right file: %w", err)
		}
		if o.ctx.Err() != nil {
			return nil, fmt.Errorf("the download of %s was stopped: %w", name, context.Cause(o.ctx))
		}
		failures = append(failures, fmt.Sprintf("%s: %v", host(mirror), err))
	}
	if !answered {
		return nil, errNoNetwork
	}
	return nil, fmt.Errorf("%s of %s could not be downloaded (%s)", name, e.title, strings.Join(failures, "; "))
}

func host(mirror string) string {
	if u, err := url.Parse(mirror); err == nil {
		return u.Host
	}
	return mirror
}

var errStalled = errors.New("it stopped sending")

// little is how much a mirror must send before its time runs out, so that one
// that sends a byte now and then is left, too.
const little = 64 << 10

// get fetches one file. reached says whether a server answered.
func (d downloader) get(ctx context.Context, address string, log io.Writer) (file []byte, reached bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, false, err
	}
	watch := time.AfterFunc(d.stall, func() { cancel(errStalled) })
	defer watch.Stop()
	response, err := d.client.Do(request)
	if err != nil {
		if errors.Is(context.Cause(ctx), errStalled) {
			return nil, true, errStalled
		}
		return nil, false, reason(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, true, fmt.Errorf("it answered %s", response.Status)
	}
	if response.ContentLength > maxDownload {
		return nil, true, fmt.Errorf("it offers %d bytes, more than the file can have", response.ContentLength)
	}
	p := progress{log: log, name: address[strings.LastIndex(address, "/")+1:], from: host(address), total: response.ContentLength, every: d.report, last: time.Now()}
	buffer := make([]byte, 64<<10)
	for due := 0; ; {
		if len(file) >= due {
			watch.Reset(d.stall)
			due = len(file) + little
		}
		n, err := response.Body.Read(buffer)
		file = append(file, buffer[:n]...)
		p.tell(len(file))
		switch {
		case len(file) > maxDownload:
			return nil, true, errors.New("it sends more than the file can have")
		case err == io.EOF:
			p.done(len(file))
			return file, true, nil
		case errors.Is(context.Cause(ctx), errStalled):
			return nil, true, fmt.Errorf("%w after %d bytes", errStalled, len(file))
		case err != nil:
			return nil, true, fmt.Errorf("it broke off after %d bytes (%w)", len(file), err)
		}
	}
}

// reason drops the address from an error of package http.
func reason(err error) error {
	var urlError *url.Error
	if errors.As(err, &urlError) {
		return urlError.Err
	}
	return err
}

// progress tells now and then how far a download is.
type progress struct {
	log        io.Writer
	name, from string
	total      int64 // -1 when unknown
	every      time.Duration
	last       time.Time
}

func (p *progress) tell(done int) {
	if time.Since(p.last) < p.every {
		return
	}
	p.last = time.Now()
	if p.total > 0 {
		fmt.Fprintf(p.log, "%s from %s: %.1f of %.1f MB\n", p.name, p.from, float64(done)/1e6, float64(p.total)/1e6)
	} else {
		fmt.Fprintf(p.log, "%s from %s: %.1f MB\n", p.name, p.from, float64(done)/1e6)
	}
}

func (p *progress) done(size int) {
	fmt.Fprintf(p.log, "downloaded %s (%.1f MB) from %s\n", p.name, float64(size)/1e6, p.from)
}

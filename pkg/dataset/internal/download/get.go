package download

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

var errStalled = errors.New("it stopped sending")

// little is how much a mirror must send before its time runs out, so that one
// that sends a byte now and then is left, too.
const little = 64 << 10

// get fetches one file. reached says whether a server answered.
func (d Downloader) get(ctx context.Context, address string, log io.Writer) (file []byte, reached bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, false, err
	}
	watch := time.AfterFunc(d.Stall, func() { cancel(errStalled) })
	defer watch.Stop()
	response, err := d.Client.Do(request)
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
	if response.ContentLength > MaxFile {
		return nil, true, fmt.Errorf("it offers %d bytes, more than the file can have", response.ContentLength)
	}
	p := progress{log: log, name: address[strings.LastIndex(address, "/")+1:], from: host(address), total: response.ContentLength, every: d.Report, last: time.Now()}
	buffer := make([]byte, 64<<10)
	for due := 0; ; {
		if len(file) >= due {
			watch.Reset(d.Stall)
			due = len(file) + little
		}
		n, err := response.Body.Read(buffer)
		file = append(file, buffer[:n]...)
		p.tell(len(file))
		switch {
		case len(file) > MaxFile:
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

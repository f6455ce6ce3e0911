// Package download fetches the files of data sets, each from the first mirror that sends
// it complete, and checks them.
package download

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"convbook/pkg/dataset/internal/catalog"
	"convbook/pkg/internal/idx"
	"convbook/pkg/system/atomicfile"
)

// ErrUnreachable is the error of a download that reached no mirror at all.
var ErrUnreachable = errors.New("no mirror can be reached")

// Downloader holds what tests change about downloading.
type Downloader struct {
	Mirrors []string // instead of the data set's own
	Client  *http.Client
	Stall   time.Duration // how long a mirror may take to send a little
	Report  time.Duration // how often progress is told
}

// New returns a downloader as it is used.
func New() Downloader {
	return Downloader{
		Client: &http.Client{Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
			TLSHandshakeTimeout:   10 * time.Second,
			ResponseHeaderTimeout: 20 * time.Second,
		}},
		Stall:  20 * time.Second,
		Report: 2 * time.Second,
	}
}

// MaxFile bounds one compressed file; the largest real one has 26 MB.
const MaxFile = 64 << 20

// Into fetches those of the four files of a data set that are not in the folder, or
// damaged there.
func (d Downloader) Into(ctx context.Context, e *catalog.Entry, folder string, log io.Writer) error {
	mirrors := e.Mirrors
	if d.Mirrors != nil {
		mirrors = d.Mirrors
	}
	for i, name := range e.Files {
		path := filepath.Join(folder, name+".gz")
		if content, err := read(path); err == nil && Check(content, e, i) == nil {
			continue
		}
		content, err := d.file(ctx, e, i, mirrors, log)
		if err != nil {
			return err
		}
		if err := atomicfile.Write(path, content); err != nil {
			return fmt.Errorf("%s cannot be written (%w)", path, err)
		}
	}
	return nil
}

func read(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > MaxFile {
		return nil, errors.New("no such file")
	}
	return os.ReadFile(path)
}

// Check returns an error unless a compressed file is the one of that place in the catalog.
func Check(file []byte, e *catalog.Entry, index int) error {
	if want := e.Sums[index]; want != "" {
		content, err := idx.Unpack(file)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		return compare(hex.EncodeToString(sum[:]), want)
	}
	sum := md5.Sum(file)
	if err := compare(hex.EncodeToString(sum[:]), e.Packed[index]); err != nil {
		return err
	}
	_, err := idx.Unpack(file)
	return err
}

func compare(sum, want string) error {
	if sum != want {
		return fmt.Errorf("its checksum is %.12s…, want %.12s…", sum, want)
	}
	return nil
}

// file tries the mirrors in turn. When none answers at all the error is
// ErrUnreachable, otherwise it says what each one did.
func (d Downloader) file(ctx context.Context, e *catalog.Entry, index int, mirrors []string, log io.Writer) ([]byte, error) {
	name := e.Files[index] + ".gz"
	var failures []string
	answered := false
	for _, mirror := range mirrors {
		file, reached, err := d.get(ctx, mirror+name, log)
		answered = answered || reached
		if err == nil {
			if err = Check(file, e, index); err == nil {
				return file, nil
			}
			err = fmt.Errorf("what it sent is not the right file: %w", err)
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("the download of %s was stopped: %w", name, context.Cause(ctx))
		}
		failures = append(failures, fmt.Sprintf("%s: %v", host(mirror), err))
	}
	if !answered {
		return nil, ErrUnreachable
	}
	return nil, fmt.Errorf("%s of %s could not be downloaded (%s)", name, e.Title, strings.Join(failures, "; "))
}

func host(mirror string) string {
	if u, err := url.Parse(mirror); err == nil {
		return u.Host
	}
	return mirror
}

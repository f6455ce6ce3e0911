// Package idx reads the files that MNIST and its like come in, plain or compressed by
// gzip. They come from outside: what a file claims is believed as far as its bytes go.
//
// An IDX file is a magic number, the length of each axis, and the bytes:
//
//	0x00 0x00 0x08 axes | length of axis 0 | … | data
//
// all numbers big-endian and four bytes long. Images have three axes (count,
// height, width), labels one. QMNIST's labels are rows of numbers of four bytes, of which
// the first is the class:
//
//	0x00 0x00 0x0c 0x02 | count | columns | …
package idx

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The magic numbers.
const (
	Images    = 0x0803
	Labels    = 0x0801
	LabelRows = 0x0c02
)

const (
	maxSide = 1 << 12 // pixels along one side of an image

	// A file may grow when it is unpacked: freely up to freeGrowth bytes, and
	// beyond that by maxGrowth times its size. Real files grow less than usualGrowth
	// times; so much memory is set aside at once, if the file says that it is needed.
	freeGrowth  = 64 << 20
	maxGrowth   = 100
	usualGrowth = 8
)

// Read reads a file that should have a magic number, compressed or not: the lengths
// of its axes and its bytes, which lie in the file where that is not compressed.
// Memory stays within the bounds above, and within eight times the file or twice the
// bytes that are really there. The errors say what is wrong with "it".
func Read(file []byte, magic uint32) (axes []int, data []byte, err error) {
	content, err := open(file)
	if err != nil {
		return nil, nil, err
	}
	header := make([]byte, 4*(1+int(magic&0xff)))
	begun, err := io.ReadFull(content, header)
	if what := otherKind(header[:begun], magic); what != "" {
		return nil, nil, errors.New(what)
	}
	switch {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		return nil, nil, fmt.Errorf("it ends after %d bytes, inside the header of %d", begun, len(header))
	case err != nil:
		return nil, nil, broken(err)
	}
	if got := binary.BigEndian.Uint32(header); got != magic {
		return nil, nil, fmt.Errorf("its magic number is 0x%08x, want 0x%08x for %s", got, magic, kind(magic))
	}
	size := int64(1)
	if magic>>8 == 0x0c {
		size = 4
	}
	for at := 4; at < len(header); at += 4 {
		n := int64(binary.BigEndian.Uint32(header[at:]))
		if at > 4 && (n < 1 || n > maxSide) {
			return nil, nil, fmt.Errorf("its header says images with a side of %d pixels, want 1 to %d", n, maxSide)
		}
		axes = append(axes, int(n))
		size *= n
	}
	if limit := max(freeGrowth, maxGrowth*int64(len(file))); size > limit {
		return nil, nil, fmt.Errorf("its header asks for %d bytes, too many for a file of %d bytes", size, len(file))
	}
	if rest := file[min(len(header), len(file)):]; !compressed(file) && int64(len(rest)) == size {
		return axes, rest, nil
	}
	body := room(file, size)
	n, err := io.Copy(body, io.LimitReader(content, size))
	if err != nil {
		return nil, nil, broken(err)
	}
	if n < size {
		return nil, nil, fmt.Errorf("its header says %d %s, %d bytes, but only %d bytes follow", axes[0], kind(magic), size, n)
	}
	switch _, err := io.ReadFull(content, make([]byte, 1)); {
	case err == nil:
		return nil, nil, fmt.Errorf("bytes follow after the %d %s that its header says", axes[0], kind(magic))
	case err != io.EOF:
		return nil, nil, broken(err)
	}
	return axes, body.Bytes(), nil
}

// ReadLabels reads a file of labels, of either kind, each as one byte.
func ReadLabels(file []byte) ([]byte, error) {
	content, err := open(file)
	if err != nil {
		return nil, err
	}
	var magic [4]byte
	if _, err := io.ReadFull(content, magic[:]); err != nil || binary.BigEndian.Uint32(magic[:]) != LabelRows {
		_, labels, err := Read(file, Labels)
		return labels, err
	}
	axes, data, err := Read(file, LabelRows)
	if err != nil {
		return nil, err
	}
	labels := make([]byte, axes[0])
	for i := range labels {
		class := binary.BigEndian.Uint32(data[4*i*axes[1]:])
		if class > 255 {
			return nil, fmt.Errorf("label %d is %d", i, int32(class))
		}
		labels[i] = byte(class)
	}
	return labels, nil
}

// Encode returns the bytes of a file, uncompressed.
func Encode(magic uint32, axes []int, data []byte) []byte {
	file := binary.BigEndian.AppendUint32(make([]byte, 0, 4+4*len(axes)+len(data)), magic)
	for _, n := range axes {
		file = binary.BigEndian.AppendUint32(file, uint32(n))
	}
	return append(file, data...)
}

// Packed reports whether a file is compressed.
func Packed(file []byte) bool { return compressed(file) }

// otherKind names what is often found in place of a file; "" when it may be one, or is
// nothing known. The magic number that is there stands in it.
func otherKind(begin []byte, want uint32) string {
	what := ""
	for _, other := range []struct{ begin, what string }{
		{"<!DOCTYPE", "it is a web page"}, {"<html", "it is a web page"}, {"<!doctype", "it is a web page"},
		{"version https", "it is a pointer of Git LFS in place of the file, which git lfs pull fetches"},
		{"PK\x03\x04", "it is a zip archive, which must be unpacked first"},
		{"\x1f\x8b", "it is compressed twice: gunzip it once"},
		{"\x93NUMPY", "it is an array of NumPy's, an .npy"},
		{"\x89PNG", "it is a picture"},
		{"\x00\x00\x08\x01", "it is a file of labels"}, {"\x00\x00\x08\x03", "it is a file of images"},
		{"\x00\x00\x08\x04", "it is a file of images in colour"},
		{"\x00\x00\x0c\x02", "it is a file of labels with more about each"},
	} {
		if bytes.HasPrefix(begin, []byte(other.begin)) && (len(begin) < 4 || binary.BigEndian.Uint32(begin) != want) {
			what = other.what
		}
	}
	if what == "" || len(begin) < 4 {
		return what
	}
	return fmt.Sprintf("%s (its magic number is 0x%08x, want 0x%08x for %s)", what, binary.BigEndian.Uint32(begin), want, kind(want))
}

func kind(magic uint32) string {
	if magic == Images {
		return "images"
	}
	return "labels"
}

// open returns the content of a file, through gzip where the file begins so.
func open(file []byte) (io.Reader, error) {
	if !compressed(file) {
		return bytes.NewReader(file), nil
	}
	m := &members{file: bytes.NewReader(file)}
	var err error
	if m.content, err = gzip.NewReader(m.file); err != nil {
		return nil, broken(err)
	}
	m.content.Multistream(false)
	return bufio.NewReader(m), nil
}

// members reads what a file of gzip's holds, one compressed stream behind the other.
// Zeros may follow, with which tapes and some copying programs fill the last block: they
// count for nothing, as with gzip itself.
type members struct {
	file    *bytes.Reader
	content *gzip.Reader
}

func (m *members) Read(p []byte) (int, error) {
	for {
		n, err := m.content.Read(p)
		if n > 0 || err != io.EOF {
			if err == io.EOF {
				err = nil
			}
			return n, err
		}
		if !m.skipZeros() {
			return 0, io.EOF
		}
		if m.content.Reset(m.file) != nil {
			return 0, errors.New("something follows its end that gzip did not write")
		}
		m.content.Multistream(false)
	}
}

// skipZeros reports whether anything follows but zeros, where a stream could begin.
func (m *members) skipZeros() bool {
	for {
		switch b, err := m.file.ReadByte(); {
		case err != nil:
			return false
		case b != 0:
			_ = m.file.UnreadByte() // it was just read
			return true
		}
	}
}

func compressed(file []byte) bool { return bytes.HasPrefix(file, []byte{0x1f, 0x8b}) }

// Unpack returns the whole content of a file, which is the file itself where it
// is not compressed.
func Unpack(file []byte) ([]byte, error) {
	if !compressed(file) {
		return file, nil
	}
	packed, err := open(file)
	if err != nil {
		return nil, err
	}
	limit := max(freeGrowth, maxGrowth*int64(len(file)))
	content := room(file, int64(binary.LittleEndian.Uint32(file[len(file)-4:]))) // gzip ends with the length
	n, err := io.Copy(content, io.LimitReader(packed, limit+1))
	if err != nil {
		return nil, broken(err)
	}
	if n > limit {
		return nil, fmt.Errorf("its %d bytes unpack to more than %d", len(file), limit)
	}
	return content.Bytes(), nil
}

// room returns an empty buffer for what a file says that it holds, as far as real
// files do.
func room(file []byte, size int64) *bytes.Buffer {
	size = min(size, usualGrowth*int64(len(file)))
	return bytes.NewBuffer(make([]byte, 0, size+bytes.MinRead))
}

// broken says in the user's words what gzip found.
func broken(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errors.New("it is cut off: the compressed data ends early")
	}
	return fmt.Errorf("its compressed data is damaged (%w)", err)
}

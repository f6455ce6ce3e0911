package dataset

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// An IDX file is a magic number, the length of each axis, and the bytes:
//
//	0x00 0x00 0x08 axes | length of axis 0 | … | data
//
// all numbers big-endian and four bytes long. Images have three axes (count,
// height, width), labels one.
const (
	imagesMagic = 0x0803
	labelsMagic = 0x0801
)

const (
	maxSide = 1 << 12 // pixels along one side of an image

	// A file may grow when it is unpacked: freely up to freeGrowth bytes, and
	// beyond that by maxGrowth times its size. Real files grow less than 8 times.
	freeGrowth = 64 << 20
	maxGrowth  = 100
)

// readIDX reads the IDX content of a file, gzip-compressed or not: the lengths
// of its axes and its bytes, which lie in the file where that is not compressed.
// Memory stays within the bounds above and within twice the bytes that are really
// there.
func readIDX(file []byte, magic uint32) (axes []int, data []byte, err error) {
	content, err := unpack(file)
	if err != nil {
		return nil, nil, err
	}
	header := make([]byte, 4*(1+int(magic&0xff)))
	switch n, err := io.ReadFull(content, header); {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		return nil, nil, fmt.Errorf("it ends after %d bytes, inside the header of %d", n, len(header))
	case err != nil:
		return nil, nil, broken(err)
	}
	if got := binary.BigEndian.Uint32(header); got != magic {
		return nil, nil, fmt.Errorf("its magic number is 0x%08x, want 0x%08x for %s", got, magic, kind(magic))
	}
	size := int64(1)
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
	var body bytes.Buffer
	n, err := io.Copy(&body, io.LimitReader(content, size))
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

func kind(magic uint32) string {
	if magic == imagesMagic {
		return "images"
	}
	return "labels"
}

// unpack returns the content of a file, through gzip where the file begins so.
func unpack(file []byte) (io.Reader, error) {
	if !compressed(file) {
		return bytes.NewReader(file), nil
	}
	z, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		return nil, broken(err)
	}
	return bufio.NewReader(z), nil
}

func compressed(file []byte) bool { return bytes.HasPrefix(file, []byte{0x1f, 0x8b}) }

// unpackAll returns the whole content of a file, which is the file itself where it
// is not compressed.
func unpackAll(file []byte) ([]byte, error) {
	if !compressed(file) {
		return file, nil
	}
	packed, err := unpack(file)
	if err != nil {
		return nil, err
	}
	limit := max(freeGrowth, maxGrowth*int64(len(file)))
	var content bytes.Buffer
	n, err := io.Copy(&content, io.LimitReader(packed, limit+1))
	if err != nil {
		return nil, broken(err)
	}
	if n > limit {
		return nil, fmt.Errorf("its %d bytes unpack to more than %d", len(file), limit)
	}
	return content.Bytes(), nil
}

// broken says in the user's words what gzip found.
func broken(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errors.New("it is cut off: the compressed data ends early")
	}
	return fmt.Errorf("its compressed data is damaged (%w)", err)
}

// newSet puts an images file and a labels file together.
func newSet(images, labels dataFile, classes int) (*Set, error) {
	size, pixels, err := readIDX(images.bytes, imagesMagic)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", images.name, err)
	}
	count, classOf, err := readIDX(labels.bytes, labelsMagic)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", labels.name, err)
	}
	if size[0] != count[0] {
		return nil, fmt.Errorf("%s holds %d images but %s holds %d labels", images.name, size[0], labels.name, count[0])
	}
	if size[0] == 0 {
		return nil, fmt.Errorf("%s holds no images", images.name)
	}
	for i, class := range classOf {
		if int(class) >= classes {
			return nil, fmt.Errorf("%s: label %d is %d, but there are only %d classes", labels.name, i, class, classes)
		}
	}
	return &Set{pixels: pixels, labels: classOf, height: size[1], width: size[2]}, nil
}

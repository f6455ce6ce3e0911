package idx

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"convbook/pkg/internal/idx/idxtest"
)

func imagesFile(count, height, width int) []byte {
	return idxtest.File(Images, []uint32{uint32(count), uint32(height), uint32(width)}, idxtest.Ramp(count*height*width))
}

func labelsFile(count int) []byte {
	return idxtest.File(Labels, []uint32{uint32(count)}, idxtest.Cycle(count))
}

func zipped(content []byte) []byte {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(content)
	z.Close()
	return packed.Bytes()
}

// wantError fails the test unless err says every one of the words.
func wantError(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one that says %q", words)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the error %q does not say %q", err, word)
		}
	}
}

func TestRead(t *testing.T) {
	content := imagesFile(3, 4, 5)
	for _, file := range [][]byte{content, zipped(content)} {
		axes, data, err := Read(file, Images)
		if err != nil || !slices.Equal(axes, []int{3, 4, 5}) || !bytes.Equal(data, idxtest.Ramp(60)) {
			t.Errorf("axes %v, %d bytes, error %v", axes, len(data), err)
		}
	}
	axes, data, err := Read(zipped(labelsFile(12)), Labels)
	if err != nil || !slices.Equal(axes, []int{12}) || !bytes.Equal(data, idxtest.Cycle(12)) {
		t.Errorf("axes %v, data %v, error %v", axes, data, err)
	}
}

// QMNIST's labels are rows of eight numbers that begin with the class.
func TestReadLabels(t *testing.T) {
	rows := make([]byte, 0, 5*8*4)
	for i := range 5 {
		for k := range 8 {
			rows = binary.BigEndian.AppendUint32(rows, uint32(3*i+1000*k))
		}
	}
	qmnist := idxtest.File(LabelRows, []uint32{5, 8}, rows)
	for _, file := range [][]byte{qmnist, zipped(qmnist)} {
		if labels, err := ReadLabels(file); err != nil || !slices.Equal(labels, []byte{0, 3, 6, 9, 12}) {
			t.Errorf("labels %v, %v", labels, err)
		}
		if _, err := ReadLabels(file[:len(file)-3]); err == nil {
			t.Error("a file that is cut off is read")
		}
	}
	if labels, err := ReadLabels(zipped(labelsFile(12))); err != nil || !bytes.Equal(labels, idxtest.Cycle(12)) {
		t.Errorf("labels %v, %v", labels, err)
	}
	_, err := ReadLabels(idxtest.File(LabelRows, []uint32{1, 1}, []byte{255, 255, 255, 255}))
	wantError(t, err, "label 0 is -1")
	_, err = ReadLabels(imagesFile(2, 2, 2))
	wantError(t, err, "magic number")
	if file := Encode(Images, []int{3, 4, 5}, idxtest.Ramp(60)); !bytes.Equal(file, imagesFile(3, 4, 5)) {
		t.Error("what Encode writes is another file")
	}
}

func TestReadRefuses(t *testing.T) {
	header := func(axes ...uint32) []byte { return idxtest.File(Images, axes, nil) }
	damaged := zipped(imagesFile(50, 28, 28))
	damaged[len(damaged)-6] ^= 1 // in the checksum that ends a gzip file
	for _, c := range []struct {
		name  string
		file  []byte
		words []string
	}{
		{"nothing", nil, []string{"ends after 0 bytes", "header of 16"}},
		{"half a header", header(1, 28)[:9], []string{"ends after 9 bytes"}},
		{"labels for images", labelsFile(20), []string{"0x00000801", "0x00000803", "images"}},
		{"a web page", []byte("<html>Sign in to the network</html>"), []string{"it is a web page", "magic number is 0x3c68746d"}},
		{"a short web page", []byte("<!DOCTYPE html>"), []string{"it is a web page"}},
		{"a pointer of LFS", []byte("version https://git-lfs.github.com/spec/v1\n"), []string{"pointer of Git LFS", "git lfs pull"}},
		{"a zip archive", []byte("PK\x03\x04 and more bytes than a header"), []string{"zip archive"}},
		{"compressed twice", zipped(zipped(imagesFile(3, 4, 5))), []string{"compressed twice"}},
		{"colour", idxtest.File(0x0804, []uint32{1, 3, 2, 2}, idxtest.Ramp(12)), []string{"images in colour"}},
		{"a few letters", []byte("hello"), []string{"ends after 5 bytes"}},
		{"floats", idxtest.File(0x0d03, []uint32{1, 2, 2}, idxtest.Ramp(16)), []string{"0x00000d03"}},
		{"count above the data", idxtest.File(Images, []uint32{1000, 28, 28}, idxtest.Ramp(28*28)), []string{"1000 images", "784000 bytes", "only 784"}},
		{"count above all memory", header(1<<32-1, 4096, 4096), []string{"asks for 72057594021150720 bytes", "16 bytes"}},
		{"side of 0", header(7, 0, 28), []string{"side of 0 pixels"}},
		{"side of 4 billion", header(1, 28, 1<<32-1), []string{"side of 4294967295 pixels"}},
		{"more data than said", append(imagesFile(2, 3, 3), 0), []string{"bytes follow after the 2 images"}},
		{"not gzip after its first bytes", []byte{0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, []string{"damaged"}},
		{"gzip with a wrong checksum", damaged, []string{"damaged"}},
	} {
		_, _, err := Read(c.file, Images)
		t.Run(c.name, func(t *testing.T) { wantError(t, err, c.words...) })
	}
}

// A file cut anywhere is refused, and so is its compressed form.
func TestReadRefusesEveryCut(t *testing.T) {
	content := imagesFile(2, 4, 4)
	packed := zipped(content)
	for _, file := range [][]byte{content, packed} {
		for n := range len(file) {
			if _, data, err := Read(file[:n], Images); err == nil {
				t.Errorf("%d of %d bytes were read as an image file with %d bytes", n, len(file), len(data))
			}
		}
	}
}

// A small file that unpacks to a gigabyte is refused by its header when it says
// so, and by what follows when it does not.
func TestReadRefusesBomb(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(idxtest.File(Images, []uint32{1 << 20, 32, 32}, nil))
	block := make([]byte, 1<<20)
	for range 80 {
		z.Write(block)
	}
	z.Close()
	_, _, err := Read(packed.Bytes(), Images)
	wantError(t, err, "asks for 1073741824 bytes", "too many")

	_, err = Unpack(packed.Bytes())
	wantError(t, err, "unpack to more than")
}

// What a small file asks for it does not get.
func TestMemoryIsBounded(t *testing.T) {
	asks := append(idxtest.File(Images, []uint32{1 << 23, 64, 64}, nil), make([]byte, 64)...) // 32 GiB in 80 bytes
	says := idxtest.File(Images, []uint32{60, 1024, 1024}, make([]byte, 1000))                // 60 MiB, of which little is there
	for name, file := range map[string][]byte{"32 GiB": asks, "32 GiB, compressed": zipped(asks), "60 MiB": says, "60 MiB, compressed": zipped(says)} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := Read(file, Images)
		runtime.ReadMemStats(&after)
		const fixed, times = 1 << 17, 8 // gzip alone takes 40 KiB
		if took := after.TotalAlloc - before.TotalAlloc; err == nil || took > fixed+times*uint64(len(file)) {
			t.Errorf("%s: %d bytes of file take %d bytes of memory, error %v", name, len(file), took, err)
		}
	}
}

// Whatever a file holds, it is refused with words or read as what its header
// says, within the memory that its size allows.
func FuzzRead(f *testing.F) {
	f.Add(imagesFile(2, 3, 4), true)
	f.Add(zipped(imagesFile(2, 3, 4)), true)
	f.Add(labelsFile(5), false)
	f.Add(zipped(labelsFile(5))[:15], false)
	f.Add(idxtest.File(Images, []uint32{1<<32 - 1, 28, 28}, nil), true)
	f.Add([]byte{0x1f, 0x8b}, true)
	f.Fuzz(func(t *testing.T, file []byte, images bool) {
		magic := uint32(Labels)
		if images {
			magic = Images
		}
		axes, data, err := Read(file, magic)
		if err != nil {
			if data != nil || err.Error() == "" {
				t.Fatalf("%d bytes beside the error %q", len(data), err)
			}
			return
		}
		size := 1
		for _, n := range axes {
			size *= n
		}
		if len(axes) != int(magic&0xff) || size != len(data) {
			t.Fatalf("axes %v but %d bytes", axes, len(data))
		}
		if limit := max(freeGrowth, maxGrowth*len(file)); cap(data) > 2*limit+bytes.MinRead {
			t.Fatalf("%d bytes of memory for a file of %d", cap(data), len(file))
		}
		again := idxtest.File(magic, nil, nil)
		for _, n := range axes {
			again = binary.BigEndian.AppendUint32(again, uint32(n))
		}
		if _, same, err := Read(append(again, data...), magic); err != nil || !bytes.Equal(same, data) {
			t.Fatal(fmt.Errorf("written again, the same data is not read: %w", err))
		}
	})
}

package figure_test

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convbook/pkg/figure"
	"convbook/pkg/ndarray"
)

// TestSave checks both formats, and that a failed save says what to do and leaves
// nothing behind.
func TestSave(t *testing.T) {
	folder := t.TempDir()
	fig := figure.Accuracy(runA)
	for _, name := range []string{"a.svg", "a.png", "a.PNG"} {
		if err := fig.Save(filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	svg, err := os.ReadFile(filepath.Join(folder, "a.svg"))
	if err != nil || !bytes.HasPrefix(svg, []byte("<svg ")) {
		t.Errorf("a.svg starts %.20q, %v", svg, err)
	}
	f, err := os.Open(filepath.Join(folder, "a.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil || img.Bounds().Dx() != 1200 || img.Bounds().Dy() != 800 {
		t.Errorf("a.png: %v, %v; want 1200x800 pixels", img.Bounds(), err)
	}
	if err := fig.Save(filepath.Join(folder, "a.jpg")); err == nil || !strings.Contains(err.Error(), ".png") {
		t.Errorf("saving as .jpg: %v; want an error that names the formats", err)
	}
	if err := fig.Save(filepath.Join(folder, "missing", "a.svg")); err == nil {
		t.Error("saving into a folder that does not exist: no error")
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 3 {
		t.Errorf("the folder holds %v, %v; want the three figures", entries, err)
	}
}

// TestPNGSize refuses resolutions without pixels and those that would fill the
// memory.
func TestPNGSize(t *testing.T) {
	fig := figure.Accuracy(runA)
	for _, dpi := range []int{-1, 0, 100000, math.MaxInt} {
		if _, err := fig.PNG(dpi); err == nil {
			t.Errorf("%d dpi: no error", dpi)
		}
	}
}

// TestSVGIsXML parses the SVG of a figure whose texts want escaping.
func TestSVGIsXML(t *testing.T) {
	title := "a<b & \"c\" > 'd' \x01 정확도"
	svg, err := figure.Accuracy(runA, figure.Title(title), figure.Recorded("<A&B>", runB.train, nil)).SVG()
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := token.(xml.CharData); ok {
			texts = append(texts, string(text))
		}
	}
	all := strings.Join(texts, "|")
	for _, want := range []string{"a<b & \"c\" > 'd'", "정확도", "<A&B>: train", "epochs", "accuracy"} {
		if !strings.Contains(all, want) {
			t.Errorf("the texts %q lack %q", all, want)
		}
	}
	if strings.Contains(all, "test|") && strings.Contains(all, "<A&B>: test") {
		t.Error("a recorded run without test accuracies has a test curve in the legend")
	}
}

// TestAxisOfAccuracy checks the fixed parts of the class's figure: the vertical
// axis from 0 to 1 whatever the values, and markers on every second epoch.
func TestAxisOfAccuracy(t *testing.T) {
	svg, err := figure.Accuracy(recorded{[]float64{.5, .5, .5, .5, .5}, nil}).SVG()
	if err != nil {
		t.Fatal(err)
	}
	for _, tick := range []string{">0.0<", ">0.2<", ">1.0<"} {
		if !bytes.Contains(svg, []byte(tick)) {
			t.Errorf("no tick %s", tick)
		}
	}
	// Round markers are arcs in a filled path; one more is in the legend.
	markers := 0
	for _, line := range strings.Split(string(svg), "\n") {
		if strings.HasPrefix(line, `<path fill="#0072b2"`) && strings.Contains(line, "a") {
			_, data, _ := strings.Cut(line, ` d="`)
			markers += strings.Count(data, "a")
		}
	}
	if markers != 3+1 {
		t.Errorf("%d round markers for 5 epochs; want 3 and one in the legend", markers)
	}
}

// noted is a run with a note.
type noted struct{ recorded }

func (noted) Note() string { return "on drawn images" }

// TestNotes checks what stands under the title, in which order, and that none of
// it hides another.
func TestNotes(t *testing.T) {
	for _, c := range []struct {
		fig  *figure.Figure
		want string
	}{
		{figure.Accuracy(runA), ""},
		{figure.Accuracy(runA, figure.Title("A"), figure.StandIn(false)), "A"},
		{figure.Accuracy(runA, figure.StandIn(true)), "on drawn stand-in images, not the real data · 그려서 만든 대체 이미지 사용, 실제 데이터 아님"},
		{figure.Accuracy(runA, figure.StandIn(true), figure.Note("five  seeds"), figure.Title("A")), "A, on drawn stand-in images, not the real data, five seeds · 그려서 만든 대체 이미지 사용, 실제 데이터 아님"},
		{figure.Accuracy(noted{runA}, figure.Title("A")), "A, on drawn images"},
		{figure.Accuracy(runA, figure.StandIn(true), figure.Title("ten digits · 숫자 열 개 · MNIST STAND-IN (drawn, not real)")), "ten digits · MNIST STAND-IN (drawn, not real) · 숫자 열 개 · 그려서 만든 대체 이미지"},
		{figure.Accuracy(runA, figure.Title("ten garments · 옷 열 벌 · Fashion-MNIST"), figure.Note("of 100 · 100장 중")), "ten garments · Fashion-MNIST, of 100 · 옷 열 벌, 100장 중"},
	} {
		if got := c.fig.Title(); got != c.want {
			t.Errorf("title %q; want %q", got, c.want)
		}
	}
}

// TestOddValues draws what training can produce when it goes wrong.
func TestOddValues(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	huge := []float64{math.MaxFloat64, -math.MaxFloat64, 1e-300}
	figures := map[string]*figure.Figure{
		"no epochs":       figure.Accuracy(recorded{}),
		"one epoch":       figure.Accuracy(recorded{[]float64{1}, []float64{0}}),
		"NaN accuracy":    figure.Accuracy(recorded{[]float64{nan, .5, nan}, []float64{inf, -inf, .5}}),
		"no loss":         figure.Loss(nil),
		"one loss":        figure.Loss([]float64{2.3}),
		"NaN loss":        figure.Loss([]float64{2.3, nan, nan, inf}),
		"only NaN":        figure.Loss([]float64{nan, nan}, figure.LogY()),
		"zero loss log":   figure.Loss([]float64{0, 0, 0}, figure.LogY()),
		"huge loss":       figure.Loss(huge),
		"no series":       figure.Curves(nil),
		"empty series":    figure.Curves([]figure.Series{{Name: "nothing"}}),
		"log of zero":     figure.Curves([]figure.Series{{Name: "x", X: []float64{0, -1, 1}, Y: []float64{1, 2, 3}}}, figure.LogX(), figure.LogY()),
		"no images":       figure.ImageGrid(ndarray.Zeros[float32](0, 1, 28, 28), 5, nil),
		"NaN image":       figure.ImageGrid(ndarray.Full[float64](nan, 2, 3, 3), 5, []string{"", "word_that_is_much_wider_than_its_image"}),
		"no classes":      figure.ConfusionMatrix(nil, nil, figure.Title("nothing")),
		"no counts":       figure.ConfusionMatrix([][]int{{0, 0}, {0, 0}}, []string{"a class with a very long name indeed", "b"}),
		"negative counts": figure.ConfusionMatrix([][]int{{-5}}, nil),
		"empty heat map":  figure.HeatMap(ndarray.Zeros[float32](0, 3), nil, nil),
		"one heat":        figure.HeatMap(ndarray.Full[float32](1e30, 1, 1), []string{""}, []string{"x"}),
		"NaN heat":        figure.HeatMap(ndarray.Full(nan, 30, 30), nil, nil),
		"zero filters":    figure.Filters(ndarray.Zeros[float32](4, 2, 1, 1), 3),
		"NaN filters":     figure.Filters(ndarray.Full(nan, 1, 1, 2, 2), 3),
		"no histograms":   figure.Histograms[float32](nil, nil),
		"odd histograms": figure.Histograms([]string{"empty", "equal", "zero", "no number", strings.Repeat("long", 30), "tiny"}, []*ndarray.Array[float64]{
			ndarray.Zeros[float64](0), ndarray.Full(-7.5, 9), ndarray.Zeros[float64](4), ndarray.FromSlice([]float64{nan, inf, 3, -inf}),
			ndarray.FromSlice(huge), ndarray.FromSlice([]float64{1e-300, -1e-300})}),
		"one window":   figure.Windows(rings(1, 5).Index(0, 0), 5, 5, 1, 0),
		"many windows": figure.Windows(rings(1, 60).Index(0), 3, 3, 1, 1),
		"tall windows": figure.Windows(ndarray.Zeros[float32](40, 9, 2), 3, 1, 2, 0),
		"no roofs":     figure.Roofline(nil, nil),
		"no work":      figure.Roofline([]figure.Machine{{Name: "m", GFLOPS: 1e-3, Bandwidth: 1e3}}, []figure.Work{{"none", 0, 0}, {"NaN", nan, nan}, {"inf", inf, 1}}),
		"large image":  figure.ImageGrid(ndarray.Zeros[float32](3, 1, 900, 700), 3, nil, figure.Title(strings.Repeat("a long title ", 20))),
	}
	for name, fig := range figures {
		svg, err := fig.SVG()
		if err != nil {
			t.Errorf("%s: SVG: %v", name, err)
		}
		if bytes.Contains(svg, []byte("NaN")) || bytes.Contains(svg, []byte("Inf")) {
			t.Errorf("%s: the SVG has numbers that are not finite", name)
		}
		if _, err := fig.PNG(72); err != nil {
			t.Errorf("%s: PNG: %v", name, err)
		}
	}
}

// TestImagePixels reads the image embedded in the SVG back: its pixels must be the
// array's, one for one.
func TestImagePixels(t *testing.T) {
	values := []float32{0, 0.25, 0.5, 0.75, 1, 0.2}
	svg, err := figure.ImageGrid(ndarray.FromSlice(values, 1, 2, 3), 1, nil).SVG()
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := bytes.Cut(svg, []byte("data:image/png;base64,"))
	data, _, _ := bytes.Cut(rest, []byte(`"`))
	if !found || !bytes.Contains(svg, []byte("image-rendering:pixelated")) {
		t.Fatal("no pixelated image in the SVG")
	}
	img, err := png.Decode(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(data)))
	if err != nil {
		t.Fatal(err)
	}
	if img.Bounds().Dx() != 3 || img.Bounds().Dy() != 2 {
		t.Fatalf("the image is %v; want 3x2 pixels", img.Bounds())
	}
	for i, v := range values {
		got, _, _, _ := img.At(i%3, i/3).RGBA()
		if want := math.Round(float64(v) * 255); float64(got>>8) != want {
			t.Errorf("pixel %d is %d; want %v", i, got>>8, want)
		}
	}
}

// TestMisuse checks that wrong arguments panic with a text that names them.
func TestMisuse(t *testing.T) {
	for name, call := range map[string]func(){
		"columns":   func() { figure.ImageGrid(rings(2, 4), 0, nil) },
		"captions":  func() { figure.ImageGrid(rings(1, 4), 1, []string{"a", "b"}) },
		"series":    func() { figure.Curves([]figure.Series{{Name: "s", X: []float64{1}, Y: []float64{1, 2}}}) },
		"band":      func() { figure.Curves([]figure.Series{{Name: "s", Y: []float64{1, 2}, Low: []float64{1, 2}}}) },
		"range":     func() { figure.YRange(1, 0) },
		"confusion": func() { figure.ConfusionMatrix([][]int{{1, 2}}, nil) },
		"classes":   func() { figure.ConfusionMatrix([][]int{{1}}, []string{"a", "b"}) },
		"heat map":  func() { figure.HeatMap(rings(1, 4).Index(0, 0), []string{"a"}, nil) },
		"names":     func() { figure.Histograms([]string{"a"}, []*ndarray.Array[float32]{}) },
		"machine":   func() { figure.Roofline([]figure.Machine{{Name: "m", GFLOPS: 1}}, nil) },
		"values":    func() { figure.ValueRange(math.NaN(), 1) },
		"size":      func() { figure.Size(0, 100) },
	} {
		func() {
			defer func() {
				if text, ok := recover().(string); !ok || !strings.HasPrefix(text, "figure.") {
					t.Errorf("%s: panic %q; want a text that starts with the function", name, text)
				}
			}()
			call()
		}()
	}
	for name, call := range map[string]func(){
		"three channels":  func() { figure.ImageGrid(ndarray.Zeros[float32](1, 3, 4, 4), 1, nil) },
		"no pixels":       func() { figure.ImageGrid(ndarray.Zeros[float32](1, 0, 4), 1, nil) },
		"filters":         func() { figure.Filters(ndarray.Zeros[float32](3, 3), 1) },
		"no weights":      func() { figure.Filters(ndarray.Zeros[float32](0, 1, 3, 3), 1) },
		"heat map":        func() { figure.HeatMap(ndarray.Zeros[float32](3), nil, nil) },
		"batch":           func() { figure.Windows(ndarray.Zeros[float32](10, 3, 7, 7), 5, 5, 1, 0) },
		"window too wide": func() { figure.Windows(ndarray.Zeros[float32](7, 7), 5, 8, 1, 0) },
		"no stride":       func() { figure.Windows(ndarray.Zeros[float32](7, 7), 5, 5, 0, 0) },
	} {
		func() {
			defer func() {
				var shape *ndarray.ShapeError
				if err, ok := recover().(error); !ok || !errors.As(err, &shape) || !strings.HasPrefix(shape.Op, "figure.") {
					t.Errorf("%s: no *ndarray.ShapeError that names the function", name)
				}
			}()
			call()
		}()
	}
}

// TestWindowRows checks the im2col picture against the definition: the pixel of
// row (y, x) and column (c, i, j) is that of the padded image at (c, y*stride+i,
// x*stride+j).
func TestWindowRows(t *testing.T) {
	const channels, h, w, filter, stride, pad = 2, 5, 6, 3, 2, 1
	x := ndarray.Zeros[float64](channels, h, w)
	for i := range x.Data() {
		x.Data()[i] = float64(i+1) / 64
	}
	svg, err := figure.Windows(x, filter, filter, stride, pad).SVG()
	if err != nil {
		t.Fatal(err)
	}
	images := strings.Split(string(svg), "data:image/png;base64,")
	if len(images) != 1+channels+1 {
		t.Fatalf("%d images; want the channels and the matrix", len(images)-1)
	}
	data, _, _ := strings.Cut(images[len(images)-1], `"`)
	matrix, err := png.Decode(base64.NewDecoder(base64.StdEncoding, strings.NewReader(data)))
	if err != nil {
		t.Fatal(err)
	}
	outH, outW := (h+2*pad-filter)/stride+1, (w+2*pad-filter)/stride+1
	if size := matrix.Bounds().Size(); size.X != channels*filter*filter || size.Y != outH*outW {
		t.Fatalf("the matrix is %v", size)
	}
	for row := range outH * outW {
		for column := range channels * filter * filter {
			c, i, j := column/(filter*filter), column/filter%filter, column%filter
			y, at := row/outW*stride+i-pad, row%outW*stride+j-pad
			want := 0.0
			if y >= 0 && y < h && at >= 0 && at < w {
				want = x.At(c, y, at)
			}
			if got, _, _, _ := matrix.At(column, row).RGBA(); float64(got>>8) != math.Round(255*want) {
				t.Errorf("row %d, column %d is %d; want %v", row, column, got>>8, math.Round(255*want))
			}
		}
	}
}

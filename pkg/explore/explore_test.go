package explore

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// unpacked reads what a figure carries, as its script does.
func unpacked(t *testing.T, f *Figure) (head map[string]any, floats []float32, rest []byte) {
	t.Helper()
	text, err := base64.StdEncoding.DecodeString(f.values)
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(flate.NewReader(bytes.NewReader(text)))
	if err != nil {
		t.Fatal(err)
	}
	length := binary.LittleEndian.Uint32(all)
	if err := json.Unmarshal(all[4:4+length], &head); err != nil {
		t.Fatalf("%v: %s", err, all[4:4+length])
	}
	all = all[4+length:]
	floats = make([]float32, int(head["floats"].(float64)))
	for i := range floats {
		floats[i] = math.Float32frombits(binary.LittleEndian.Uint32(all[4*i:]))
	}
	return head, floats, all[4*len(floats):]
}

func TestCarried(t *testing.T) {
	const title = "a \"title\" <b>\\ \u2028 · 제목"
	x := ndarray.Arange[float64](18).Reshape(2, 3, 3)
	f := Im2col(x, 2, 2, 1, 1, Title(title))
	head, floats, rest := unpacked(t, f)
	if head["english"] != "a \"title\" <b>\\" || head["korean"] != "제목" || head["stride"] != 1.0 || len(floats) != 18 || floats[17] != 17 || len(rest) != 0 {
		t.Errorf("it carries %v, %v, %v", head, floats, rest)
	}
	html := f.Around("<p>still</p>")
	if !strings.HasPrefix(html, `<div class="convbook-figure convbook-explore" data-explore="im2col" data-values="`) || !strings.Contains(html, `"><p>still</p></div><script>`) {
		t.Errorf("its HTML is %.200s", html)
	}
	if again := Im2col(x, 2, 2, 1, 1, Title(title)).Around("<p>still</p>"); again != html {
		t.Error("the same figure has other bytes")
	}
}

func TestTooLarge(t *testing.T) {
	defer func() {
		if err, ok := recover().(*ndarray.ShapeError); !ok || !strings.Contains(err.Error(), "(1, 65, 64)") || !strings.Contains(err.Error(), "(1, 64, 64)") {
			t.Errorf("it says %v", err)
		}
	}()
	Im2col(ndarray.Zeros[float32](65, 64), 3, 3, 1, 0)
}

// A network that cannot be drawn is refused in words that name the layer.
func TestNetworkRefuses(t *testing.T) {
	conv := func(v float32) *layers.Convolution[float32] {
		return layers.NewConvolution(ndarray.Full(v, 1, 1, 3, 3), ndarray.Zeros[float32](1), 1, 1)
	}
	scores := layers.NewAffine(ndarray.Zeros[float32](36, 2), ndarray.Zeros[float32](2))
	for want, layer := range map[string]layers.Layer[float32]{
		"a weight of Conv1 is NaN":            conv(float32(math.NaN())),
		"a weight of Conv1 is -Inf":           conv(float32(math.Inf(-1))),
		"Own1 is a Own, which it cannot draw": own{},
		"Residual1 Own1 is a Own, which it":   layers.NewResidual(layers.Chain[float32]{own{}}, nil),
		"give explore.Bytes(":                 layers.NewConvolution(ndarray.Randn[float32](nprandom.New(1), 1, 1, 901, 901), ndarray.Zeros[float32](1), 1, 450),
	} {
		func() {
			defer func() {
				if said := fmt.Sprint(recover()); !strings.Contains(said, want) {
					t.Errorf("it says %s, want %s", said, want)
				}
			}()
			Network(convnet.NewSequential([]int{1, 6, 6}, layer, scores), ndarray.Zeros[float32](1, 1, 6, 6))
		}()
	}
}

// own is a layer of one's own.
type own struct{}

func (own) Name() string                                                      { return "Own" }
func (own) OutputShape(in []int) []int                                        { return in }
func (own) Forward(x *ndarray.Array[float32], _ bool) *ndarray.Array[float32] { return x }
func (own) Backward(d *ndarray.Array[float32]) *ndarray.Array[float32]        { return d }

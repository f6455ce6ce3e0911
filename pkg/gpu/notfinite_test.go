package gpu

import (
	"math"
	"testing"

	"convbook/pkg/internal/opencl"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

// TestNotFiniteAsLayers puts NaN and Inf into some images and wants them where the layers have
// them, forward in every unit and backward, and all else as it is without them.
func TestNotFiniteAsLayers(t *testing.T) {
	d := opened(t)
	for _, s := range networks() {
		t.Run(s.name, func(t *testing.T) {
			const seed = 5
			net := reseeded(s, seed)
			wide := double(t, net, seed)
			rng := nprandom.New(21)
			train := drawn(t, rng, 50, net.Classes())
			x := ndarray.Rand[float32](rng, append([]int{s.batch}, s.input...)...)
			for i, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
				image := x.Index(i + 1).Data() // the others stay finite
				image[len(image)/2] = float32(v)
			}
			indices, labels := upTo(s.batch), make([]int, s.batch)
			for i := range labels {
				labels[i] = train.Label(i)
			}
			made, err := d.Plan(work(net, optimizer.NewSGD[float32](1), s.batch, train))
			if err != nil {
				t.Fatal(err)
			}
			defer made.Close()
			p := made.(*plan)
			if err := p.Step(indices, x.Data(), false); err != nil {
				t.Fatal(err)
			}
			if loss, err := p.Loss(); err != nil || !math.IsNaN(loss) {
				t.Errorf("the loss is %v (%v), want nan", loss, err)
			}

			// What the layers make, and what comes back to them.
			names := wide.LayerNames()
			outputs, backs := map[string]*ndarray.Array[float64]{}, map[string]*ndarray.Array[float64]{}
			a := ndarray.Convert[float64](x)
			for _, name := range names {
				a = wide.Layer(name).Forward(a, true)
				outputs[name] = a
			}
			last := layers.NewSoftmaxWithLoss[float64]()
			last.Forward(a, labels)
			back := last.Backward()
			for i := len(names) - 1; i >= 0; i-- {
				backs[names[i]] = back
				back = wide.Layer(names[i]).Backward(back)
			}

			before := 0 // layers that the units so far compute
			for i, u := range p.units {
				end := len(names)
				if i+1 < len(p.units) {
					end = index(names, p.units[i+1].label)
				}
				of := func(b *opencl.Buffer) []float64 {
					got := make([]float32, s.batch*size(u.out))
					if err := opencl.Read(b, 0, got); err != nil {
						t.Fatal(err)
					}
					return ndarray.Convert[float64](ndarray.FromSlice(got)).Data()
				}
				asLayers(t, names[end-1], of(u.y), outputs[names[end-1]].Data())
				if u.layer != nil && !u.pooled { // else it is the gradient of what has no layer of its own
					asLayers(t, "gradient of "+names[before], of(u.dy), backs[names[before]].Data())
				}
				before = end
			}
		})
	}
}

func index(names []string, name string) int {
	for i, n := range names {
		if n == name {
			return i
		}
	}
	return -1
}

// asLayers wants NaN and Inf at the same places, and all else within rounding.
func asLayers(t *testing.T, what string, got, want []float64) {
	t.Helper()
	scale := 1e-2
	for _, v := range want {
		if !math.IsInf(v, 0) && !math.IsNaN(v) {
			scale = math.Max(scale, math.Abs(v))
		}
	}
	for i, v := range want {
		if same := got[i] == v || math.IsNaN(got[i]) && math.IsNaN(v); !same && !(math.Abs(got[i]-v) <= 1e-4*scale) {
			t.Errorf("%s: number %d of %d is %v, want %v", what, i, len(want), got[i], v)
			return
		}
	}
}

// TestRightOfNotFinite counts as the network does where scores are NaN or Inf.
func TestRightOfNotFinite(t *testing.T) {
	d := opened(t)
	data := drawnData(t, nprandom.New(3), 60, 37, 8, 8, 10)
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		net := little(2)
		net.Params()["W1"].Data()[70] = float32(v) // then some images have it in all scores
		net.Params()["b2"].Data()[4] = float32(v)
		made, err := d.Plan(work(net, optimizer.NewAdam[float32](0), 8, data.Train, data.Test))
		if err != nil {
			t.Fatal(err)
		}
		x, labels := gather(data.Test, upTo(37))
		right := 0
		for i, class := range net.Classify(x) {
			if class == labels[i] {
				right++
			}
		}
		got, err := made.Right(data.Test)
		if err != nil || got != right {
			t.Errorf("with %v in the weights %d are right (%v), want %d", v, got, err, right)
		}
		made.Close()
	}
}

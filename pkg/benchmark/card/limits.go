package card

import (
	"errors"
	"time"

	"convbook/pkg/internal/opencl"
)

// Limits are what a device can do at best.
type Limits struct {
	Launch    float64 `json:"launch_us"`           // µs of a kernel, of many in a row
	Wait      float64 `json:"wait_us"`             // µs of one kernel and waiting for it
	Peak      float64 `json:"peak_gflops"`         // GFLOP/s of multiply-adds in registers
	Bandwidth float64 `json:"bandwidth_gb"`        // GB/s of a copy, reading and writing
	Published bool    `json:"published,omitempty"` // peak and bandwidth are those of the data sheet
}

// The kernels that show what a device can do at best: nothing, eight chains of multiply-adds in
// registers, and a copy of four numbers an item.
const atBest = `
__kernel void nothing(__global float *x) { if (x[0] == 12345.0f) x[1] = 0; }
__kernel void chains(__global float *x)
{
	float8 v = (float8)(get_local_id(0) * 1e-3f) + (float8)(0, 1, 2, 3, 4, 5, 6, 7);
	const float8 a = 0.999f, b = 1e-4f;
#pragma unroll 16
	for (int i = 0; i < 1024; i++)
		v = fma(v, a, b);
	x[get_global_id(0) % 1024] = v.s0 + v.s1 + v.s2 + v.s3 + v.s4 + v.s5 + v.s6 + v.s7;
}
__kernel void copy(__global float4 *y, __global const float4 *x) { y[get_global_id(0)] = x[get_global_id(0)]; }
`

// LimitsOf measures the best device with these words in its name, in rounds of so long.
func LimitsOf(name string, round time.Duration) (limits Limits, err error) {
	chosen, err := opencl.Find(name)
	if err != nil {
		return limits, err
	}
	c, err := chosen.Open()
	if err != nil {
		return limits, err
	}
	defer c.Close()
	program, err := c.Build(atBest, "-cl-std=CL1.2")
	if err != nil {
		return limits, err
	}
	const groupSize = 256
	bytes := int(min(256<<20, chosen.Largest/4)) / (16 * groupSize) * (16 * groupSize)
	x, err := c.Buffer("x", bytes)
	if err != nil {
		return limits, err
	}
	y, err := c.Buffer("y", bytes)
	if err != nil {
		return limits, err
	}
	kernels := map[string]*opencl.Kernel{}
	for _, name := range []string{"nothing", "chains", "copy"} {
		k, err := program.Kernel(name)
		if err != nil {
			return limits, err
		}
		kernels[name] = k
	}
	if err := errors.Join(kernels["nothing"].SetBuffer(0, x), kernels["chains"].SetBuffer(0, x), kernels["copy"].SetBuffer(0, y), kernels["copy"].SetBuffer(1, x)); err != nil {
		return limits, err
	}
	// seconds returns the time of a launch of so many groups, of inRow that are waited for together.
	seconds := func(name string, groups, inRow int) float64 {
		best := 0.0
		began := time.Now()
		for n := 0; n < 3 || time.Since(began) < round; n++ {
			start := time.Now()
			for range inRow {
				err = errors.Join(err, kernels[name].Launch([3]int{groups, 1, 1}, groupSize))
			}
			err = errors.Join(err, c.Finish())
			if s := time.Since(start).Seconds() / float64(inRow); best == 0 || s < best {
				best = s
			}
			if err != nil {
				return 1
			}
		}
		return best
	}
	groups := max(1, chosen.Units) * 16
	limits.Wait, limits.Launch = 1e6*seconds("nothing", 1, 1), 1e6*seconds("nothing", 1, 200)
	limits.Peak = float64(groups*groupSize) * 1024 * 8 * 2 / seconds("chains", groups, 4) / 1e9
	limits.Bandwidth = 2 * float64(bytes) / seconds("copy", bytes/16/groupSize, 4) / 1e9
	return limits, err
}

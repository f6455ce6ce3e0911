package gpu

import (
	"errors"
	"fmt"

	"convbook/pkg/dataset"
	"convbook/pkg/internal/opencl"
)

// Right counts the samples of s that are classified right.
func (p *plan) Right(s *dataset.Set) (int, error) {
	if p.failure != nil {
		return 0, fmt.Errorf("gpu: %w", p.failure)
	}
	right, err := p.evaluate(s)
	if err != nil {
		p.failure = err
		return 0, fmt.Errorf("gpu: %w", err)
	}
	return right, nil
}

func (p *plan) evaluate(s *dataset.Set) (int, error) {
	if s.Len() == 0 {
		return 0, nil
	}
	set := p.sets[&s.Pixels(0)[0]]
	if set == nil || set.count < s.Len() {
		return 0, errors.New("these images are not on the device")
	}
	counted := []int32{0}
	if err := opencl.Write(p.right, 0, counted); err != nil {
		return 0, err
	}
	launches := append(append([]*launch{}, p.evaluating...), p.count)
	var err error
	for _, l := range launches {
		err = errors.Join(err, l.buffer("pixels", set.pixels), l.buffer("labels", set.labels))
	}
	for first := 0; first < s.Len() && err == nil; first += p.capacity {
		for _, l := range launches {
			err = errors.Join(err, l.int("n", min(p.capacity, s.Len()-first)), l.int("first", first))
		}
		if err == nil {
			err = runAll(launches)
		}
	}
	if err != nil {
		return 0, err
	}
	err = opencl.Read(p.right, 0, counted)
	return int(counted[0]), err
}

package nprandom

import (
	"encoding/binary"
	"fmt"
	"math"
)

// State is what a RandomState needs to go on drawing where it stood. It can be
// kept as JSON or, by MarshalBinary, as 2,509 bytes.
type State struct {
	Twister  []byte  `json:"twister"` // words and position of MT19937, 2,500 bytes
	HasGauss bool    `json:"has_gauss"`
	Gauss    float64 `json:"gauss"`
}

const twisterSize = 4 * (624 + 1)

// State returns a copy of the state.
func (r *RandomState) State() State {
	twister, err := r.twister.MarshalBinary()
	if err != nil {
		panic(err) // MT19937 always marshals
	}
	return State{Twister: twister, HasGauss: r.hasGauss, Gauss: r.gauss}
}

// SetState goes back to a state. On an error r is unchanged.
func (r *RandomState) SetState(s State) error {
	if len(s.Twister) != twisterSize {
		return fmt.Errorf("nprandom: the state has %d bytes of twister, want %d", len(s.Twister), twisterSize)
	}
	if position := binary.BigEndian.Uint32(s.Twister[twisterSize-4:]); position > 624 {
		return fmt.Errorf("nprandom: the state stands at word %d of 624; it is damaged", position)
	}
	if math.IsNaN(s.Gauss) || math.IsInf(s.Gauss, 0) {
		return fmt.Errorf("nprandom: the state keeps the normal number %v; it is damaged", s.Gauss)
	}
	if err := r.twister.UnmarshalBinary(s.Twister); err != nil {
		return fmt.Errorf("nprandom: %w", err)
	}
	r.hasGauss, r.gauss = s.HasGauss, s.Gauss
	return nil
}

// MarshalBinary writes the state in 2,509 bytes.
func (s State) MarshalBinary() ([]byte, error) {
	if len(s.Twister) != twisterSize {
		return nil, fmt.Errorf("nprandom: the state has %d bytes of twister, want %d", len(s.Twister), twisterSize)
	}
	has := byte(0)
	if s.HasGauss {
		has = 1
	}
	data := append([]byte(nil), s.Twister...)
	data = append(data, has)
	data = binary.BigEndian.AppendUint64(data, math.Float64bits(s.Gauss))
	return data, nil
}

// UnmarshalBinary reads what MarshalBinary wrote. SetState checks it further.
func (s *State) UnmarshalBinary(data []byte) error {
	if len(data) != twisterSize+1+8 {
		return fmt.Errorf("nprandom: a state has %d bytes, not %d", twisterSize+1+8, len(data))
	}
	s.Twister = append([]byte(nil), data[:twisterSize]...)
	s.HasGauss = data[twisterSize] != 0
	s.Gauss = math.Float64frombits(binary.BigEndian.Uint64(data[twisterSize+1:]))
	return nil
}

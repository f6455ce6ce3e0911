package trainer

import (
	"encoding/json"
	"math"
)

// number is a float64 that JSON can hold also when training diverged: null stands
// for NaN and the infinities.
type number float64

func (n number) MarshalJSON() ([]byte, error) {
	if !finite(float64(n)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

func (n *number) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*n = number(math.NaN())
		return nil
	}
	return json.Unmarshal(text, (*float64)(n))
}

type epochFields Epoch

// MarshalJSON writes a loss that is not finite as null.
func (e Epoch) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		epochFields
		Loss number `json:"loss"`
	}{epochFields(e), number(e.Loss)})
}

// UnmarshalJSON reads null as a loss that is NaN.
func (e *Epoch) UnmarshalJSON(text []byte) error {
	fields := struct {
		*epochFields
		Loss number `json:"loss"`
	}{epochFields: (*epochFields)(e)}
	err := json.Unmarshal(text, &fields)
	e.Loss = float64(fields.Loss)
	return err
}

type historyFields History

// MarshalJSON writes losses that are not finite as null.
func (h History) MarshalJSON() ([]byte, error) {
	losses := make([]number, len(h.Loss))
	for i, loss := range h.Loss {
		losses[i] = number(loss)
	}
	return json.Marshal(struct {
		historyFields
		Loss []number `json:"loss"`
	}{historyFields(h), losses})
}

// UnmarshalJSON reads null as a loss that is NaN.
func (h *History) UnmarshalJSON(text []byte) error {
	fields := struct {
		*historyFields
		Loss []number `json:"loss"`
	}{historyFields: (*historyFields)(h)}
	if err := json.Unmarshal(text, &fields); err != nil {
		return err
	}
	h.Loss = nil
	for _, loss := range fields.Loss {
		h.Loss = append(h.Loss, float64(loss))
	}
	return nil
}

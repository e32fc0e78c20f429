package intent

import (
	"bytes"
	"encoding/json"
)

// UnmarshalJSON reads a slot that was kept as JSON. A whole number comes back as the int that it was.
func (s *Slot) UnmarshalJSON(b []byte) error {
	type plain Slot
	decoder := json.NewDecoder(bytes.NewReader(b))
	decoder.UseNumber()
	if err := decoder.Decode((*plain)(s)); err != nil {
		return err
	}
	if n, ok := s.Value.(json.Number); ok {
		if i, err := n.Int64(); err == nil {
			s.Value = int(i)
			return nil
		}
		f, err := n.Float64()
		s.Value = f
		return err
	}
	return nil
}

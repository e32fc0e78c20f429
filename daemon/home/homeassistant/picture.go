package homeassistant

import (
	"hearth/daemon/home"
)

const pictureKey = "home"

// A Picture is what is kept of a home: everything that sentences are understood with, and no states.
type Picture struct {
	Entities []home.Entity `json:"entities"`
	Areas    []home.Area   `json:"areas"`
	Floors   []home.Floor  `json:"floors"`
}

// keep stores the picture of a home whose names have changed. Losing it loses only the head start.
func (h *Home) keep(s *home.Snapshot) {
	if h.options.Kept == nil {
		return
	}
	p := Picture{Areas: s.Areas, Floors: s.Floors}
	for _, e := range s.Entities {
		if !e.Exposed { // what the gate asks of it
			members, ok := e.Attributes["entity_id"]
			if e.Attributes = nil; ok {
				e.Attributes = map[string]any{"entity_id": members}
			}
		}
		p.Entities = append(p.Entities, unavailable(e))
	}
	if err := h.options.Kept.Put(pictureKey, p); err != nil {
		h.log.Warn("the home's names are not kept for the next start", "error", err)
	}
}

func (p Picture) snapshot() *home.Snapshot { return home.NewSnapshot(p.Entities, p.Areas, p.Floors) }

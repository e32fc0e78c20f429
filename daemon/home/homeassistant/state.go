package homeassistant

import (
	"encoding/json"
	"maps"
	"math"
	"time"

	"hearth/daemon/home"
)

// stateEvent is an event of subscribe_entities: whole entities first, then what has changed in them.
type stateEvent struct {
	Added   map[home.EntityID]stateAdded  `json:"a"`
	Changed map[home.EntityID]stateChange `json:"c"`
	Removed []home.EntityID               `json:"r"`
}

type stateAdded struct {
	State       string         `json:"s"`
	Attributes  map[string]any `json:"a"`
	LastChanged float64        `json:"lc"` // seconds since 1970
	LastUpdated float64        `json:"lu"` // left out when it is the same as lc
}

type stateChange struct {
	Plus struct {
		State       *string        `json:"s"`
		Attributes  map[string]any `json:"a"` // new and changed ones only
		LastChanged float64        `json:"lc"`
		LastUpdated float64        `json:"lu"`
	} `json:"+"`
	Minus struct {
		Attributes []string `json:"a"`
	} `json:"-,"` //nolint:staticcheck // the field is called "-"
}

func parseStateEvent(text json.RawMessage) (stateEvent, error) {
	var e stateEvent
	err := json.Unmarshal(text, &e)
	return e, err
}

// on is the entity with this state and these attributes.
func (s stateAdded) on(e home.Entity) home.Entity {
	e.State, e.Changed = s.State, seconds(max(s.LastChanged, s.LastUpdated))
	return withAttributes(e, s.Attributes)
}

// on is the entity after the change. The entity before it keeps its own attributes.
func (s stateChange) on(e home.Entity) home.Entity {
	if s.Plus.State != nil {
		e.State = *s.Plus.State
	}
	if at := max(s.Plus.LastChanged, s.Plus.LastUpdated); at > 0 {
		e.Changed = seconds(at)
	}
	if len(s.Plus.Attributes)+len(s.Minus.Attributes) == 0 {
		return e
	}
	attributes := make(map[string]any, len(e.Attributes)+len(s.Plus.Attributes))
	maps.Copy(attributes, e.Attributes)
	maps.Copy(attributes, s.Plus.Attributes)
	for _, key := range s.Minus.Attributes {
		delete(attributes, key)
	}
	return withAttributes(e, attributes)
}

// withAttributes is the entity with all that its attributes say of it.
func withAttributes(e home.Entity, attributes map[string]any) home.Entity {
	e.Attributes = attributes
	e.DeviceClass, _ = attributes["device_class"].(string)
	e.Unit, _ = attributes["unit_of_measurement"].(string)
	e.Assumed, _ = attributes["assumed_state"].(bool)
	return e
}

// seconds is the time so many seconds after the beginning of 1970.
func seconds(s float64) time.Time {
	whole, part := math.Modf(s)
	return time.Unix(int64(whole), int64(part*1e9))
}

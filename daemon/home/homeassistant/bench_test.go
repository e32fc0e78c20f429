package homeassistant

import (
	"encoding/json"
	"fmt"
	"testing"

	"hearth/daemon/home"
)

// large is a store of n entities with as many attributes as a light has.
func large(n int) *store {
	entities := make([]home.Entity, n)
	for i := range entities {
		e := home.Entity{ID: home.EntityID(fmt.Sprintf("light.n%d", i)), Name: fmt.Sprint("Lamp ", i), State: "off", Exposed: true}
		entities[i] = withAttributes(e, map[string]any{
			"friendly_name": e.Name, "supported_features": 44.0, "brightness": 102.0, "color_mode": "hs", "effect": nil, "hs_color": []any{26.7, 31.9},
			"min_color_temp_kelvin": 2000.0, "max_color_temp_kelvin": 6535.0, "supported_color_modes": []any{"color_temp", "hs"}, "rgb_color": []any{255.0, 206.0, 166.0},
		})
	}
	s := newStore()
	s.replace(home.NewSnapshot(entities, nil, nil))
	return s
}

func frame(node, i int) []byte {
	return fmt.Appendf(nil, `{"id":9,"type":"event","event":{"c":{"light.n%d":{"+":{"s":"on","lc":%d.5,"c":"01M80FK2H1NKJWXJ3VATSBWFWZ","a":{"brightness":%d}}}}}}`, node, 1795312683+i, i%255)
}

// BenchmarkChange takes over one change of state, from the bytes of its frame, while somebody watches.
func BenchmarkChange(b *testing.B) {
	for _, n := range []int{100, 2_000, 10_000} {
		b.Run(fmt.Sprintf("entities=%d/goal<20us", n), func(b *testing.B) {
			s := large(n)
			changes, stop := s.Watch()
			defer stop()
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				messages, err := parseFrame(frame(i*7919%n, i))
				if err != nil {
					b.Fatal(err)
				}
				e, err := parseStateEvent(messages[0].Event)
				if err != nil || s.apply(e) != 1 {
					b.Fatal("not taken over")
				}
				<-changes
			}
		})
	}
}

// BenchmarkSnapshot asks for the home after each change.
func BenchmarkSnapshot(b *testing.B) {
	for _, n := range []int{100, 2_000, 10_000} {
		b.Run(fmt.Sprintf("entities=%d", n), func(b *testing.B) {
			s := large(n)
			on := stateEvent{Added: map[home.EntityID]stateAdded{"light.n7": {State: "on"}}}
			b.ReportAllocs()
			for b.Loop() {
				s.apply(on)
				s.Snapshot()
			}
		})
	}
}

// BenchmarkLoad reads the states and registries of a home of 2,000 entities and joins them.
func BenchmarkLoad(b *testing.B) {
	var states, entities []any
	for _, e := range large(2_000).entities {
		states = append(states, map[string]any{"entity_id": e.ID, "state": e.State, "attributes": e.Attributes, "last_updated": "2026-11-22T01:58:00+00:00"})
		entities = append(entities, map[string]any{"entity_id": e.ID, "area_id": "kitchen", "device_id": "x", "platform": "demo", "unique_id": e.ID, "options": map[string]any{}})
	}
	statesText, _ := json.Marshal(states)
	entitiesText, _ := json.Marshal(entities)
	b.SetBytes(int64(len(statesText) + len(entitiesText)))
	b.ReportAllocs()
	for b.Loop() {
		r := &registries{}
		var list []entityEntry
		if json.Unmarshal(statesText, &r.states) != nil || json.Unmarshal(entitiesText, &list) != nil {
			b.Fatal("not read")
		}
		r.entities = byID(list, func(e entityEntry) home.EntityID { return e.ID })
		r.snapshot()
	}
}

package homeassistant

import (
	"encoding/json"
	"testing"

	"hearth/daemon/home"
)

// FuzzFrame gives a home whatever a server may send. It must neither panic nor change a snapshot that was given out.
func FuzzFrame(f *testing.F) {
	for _, seed := range []string{
		`{"type":"auth_required","ha_version":"2026.2.3"}`,
		`{"id":2,"type":"result","success":true,"result":null}`,
		`{"id":2,"type":"result","success":false,"error":{"code":"not_found","message":"no","translation_key":"service_not_found"}}`,
		`[{"id":1,"type":"event","event":{"a":{"light.a":{"s":"on","a":{"friendly_name":"A"},"c":"01","lc":1.5}}}}]`,
		`{"id":1,"type":"event","event":{"c":{"light.a":{"+":{"s":"off","lc":2.5,"a":{"device_class":"garage"}},"-":{"a":["friendly_name"]}}}}}`,
		`{"id":1,"type":"event","event":{"c":{"light.a":{"+":{"lu":1e300}},"x":null},"r":["light.a"]}}`,
		`[]`, `[null]`, `{"id":-1}`, `{"id":1e99}`, ``, "\xff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		messages, err := parseFrame(frame)
		if err == nil && len(messages) == 0 {
			t.Fatal("neither a message nor an error")
		}
		s := newStore()
		s.replace(home.NewSnapshot([]home.Entity{{ID: "light.a", State: "off", Attributes: map[string]any{"x": 1.0}}}, nil, nil))
		before := s.Snapshot()
		for _, m := range messages {
			_ = m.decode(new(any))
			if e, err := parseStateEvent(m.Event); err == nil {
				s.apply(e)
			}
		}
		if e, _ := before.Entity("light.a"); e.State != "off" || len(e.Attributes) != 1 {
			t.Errorf("a snapshot that was given out has become %+v", e)
		}
		if e, ok := s.Snapshot().Entity("light.a"); !ok || e.ID != "light.a" {
			t.Errorf("the entity has become %+v", e)
		}
	})
}

// FuzzRegistries joins registries of any content.
func FuzzRegistries(f *testing.F) {
	f.Add(`[{"entity_id":"light.a","state":"on","attributes":{"friendly_name":"A"},"last_updated":"2026-11-22T01:58:00+00:00"}]`,
		`[{"entity_id":"light.a","area_id":"x","device_id":"d"}]`, `[{"id":"d","area_id":"y","parent_device_id":"d"}]`,
		`[{"area_id":"x","name":"X","aliases":["Z"],"floor_id":null}]`, `{"exposed_entities":{"light.a":{"conversation":true}}}`,
		`{"light.a":[null,"b"]}`)
	f.Add(`[{}]`, `[{}]`, `[{}]`, `[{},{}]`, `{}`, `{"":[null]}`)
	f.Fuzz(func(t *testing.T, states, entities, devices, areas, exposed, aliases string) {
		r := &registries{}
		var es []entityEntry
		var ds []deviceEntry
		for text, into := range map[*string]any{&states: &r.states, &entities: &es, &devices: &ds, &areas: &r.areas, &aliases: &r.aliases} {
			if json.Unmarshal([]byte(*text), into) != nil {
				return
			}
		}
		var err error
		if r.exposed, err = parseExposure([]byte(exposed)); err != nil {
			return
		}
		r.entities = byID(es, func(e entityEntry) home.EntityID { return e.ID })
		r.devices = byID(ds, func(d deviceEntry) string { return d.ID })
		s := r.snapshot()
		if len(s.Entities) != len(r.states) {
			t.Errorf("%d entities of %d states", len(s.Entities), len(r.states))
		}
		for _, e := range s.Entities {
			if e.Exposed && !r.exposed[e.ID] {
				t.Errorf("%s is exposed by nobody", e.ID)
			}
		}
	})
}

package home

import "testing"

func TestIdempotent(t *testing.T) {
	for _, c := range []struct {
		call Call
		want bool
	}{
		{Call{Domain: "light", Service: "turn_on"}, true},
		{Call{Domain: "light", Service: "turn_on", Data: map[string]any{"brightness_pct": 40}}, true},
		{Call{Domain: "light", Service: "turn_on", Data: map[string]any{"brightness_step_pct": 10}}, false},
		{Call{Domain: "light", Service: "toggle"}, false},
		{Call{Domain: "vacuum", Service: "start"}, true},
		{Call{Domain: "todo", Service: "add_item"}, false},
		{Call{Domain: "media_player", Service: "media_play_pause"}, false},
		{Call{Domain: "fan", Service: "increase_speed"}, false},
		{Call{Domain: "script", Service: "turn_on"}, false},
		{Call{Domain: "button", Service: "press"}, false},
	} {
		if got := c.call.Idempotent(); got != c.want {
			t.Errorf("%s %v: idempotent %v, want %v", c.call.Name(), c.call.Data, got, c.want)
		}
	}
}

func TestSnapshot(t *testing.T) {
	s := NewSnapshot(
		[]Entity{{ID: "switch.b", Name: "B", State: "off"}, {ID: "light.a", Name: "A", State: "off"}},
		[]Area{{ID: "kitchen"}, {ID: "attic"}}, []Floor{{ID: "upper"}, {ID: "ground"}})
	for _, id := range []EntityID{"light.a", "switch.b"} {
		if e, ok := s.Entity(id); !ok || e.ID != id {
			t.Errorf("entity %s: %v %v", id, e.ID, ok)
		}
	}
	if _, ok := s.Entity("light.none"); ok {
		t.Error("found an entity that is not there")
	}
	for _, id := range []string{"attic", "kitchen"} {
		if a, ok := s.Area(id); !ok || a.ID != id {
			t.Errorf("area %s: %v %v", id, a.ID, ok)
		}
	}
	on := s.With(Entity{ID: "light.a", Name: "A", State: "on"})
	if e, _ := on.Entity("light.a"); e.State != "on" || on.Registry() != s.Registry() {
		t.Errorf("after With: %+v, registry %s, was %s", e, on.Registry(), s.Registry())
	}
	if e, _ := s.Entity("light.a"); e.State != "off" {
		t.Error("With changed the snapshot it was called on")
	}
}

func TestRegistryIdentifiesNamesAndNotStates(t *testing.T) {
	base := func() []Entity { return []Entity{{ID: "light.a", Name: "A", Exposed: true}} }
	before := NewSnapshot(base(), nil, nil).Registry()
	for name, change := range map[string]func(*Entity){
		"name":     func(e *Entity) { e.Name = "B" },
		"alias":    func(e *Entity) { e.Aliases = []string{"C"} },
		"area":     func(e *Entity) { e.Area = "attic" },
		"exposure": func(e *Entity) { e.Exposed = false },
	} {
		changed := base()
		change(&changed[0])
		if NewSnapshot(changed, nil, nil).Registry() == before {
			t.Errorf("another %s gives the same registry", name)
		}
	}
	same := base()
	same[0].State = "on"
	if NewSnapshot(same, nil, nil).Registry() != before {
		t.Error("another state gives another registry")
	}
}

package homeassistant

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hearth/daemon/home"
)

func TestRegistriesAreJoined(t *testing.T) {
	inBubble(t, func(t *testing.T, s *server) {
		s.furnish(map[string]string{"light.lamp": "Lamp", "cover.door": "Door", "sensor.hidden": "Hidden"})
		s.answers["config/area_registry/list"] = []any{
			map[string]any{"area_id": "kitchen", "name": "Kitchen", "aliases": []any{"Galley", " "}, "floor_id": "ground"},
			map[string]any{"area_id": "hall", "name": "Hall", "aliases": []any{}, "floor_id": nil},
		}
		s.answers["config/floor_registry/list"] = []any{map[string]any{"floor_id": "ground", "name": "Ground", "aliases": []any{}, "level": nil}}
		s.answers["config/device_registry/list"] = []any{
			map[string]any{"id": "strip", "area_id": "hall"},
			map[string]any{"id": "outlet", "area_id": nil, "parent_device_id": "strip"},
		}
		s.answers["config/entity_registry/list"] = []any{
			map[string]any{"entity_id": "light.lamp", "area_id": "kitchen", "device_id": "strip"},
			map[string]any{"entity_id": "cover.door", "area_id": nil, "device_id": "outlet"},
		}
		s.answers["homeassistant/expose_entity/list"] = map[string]any{"exposed_entities": map[string]any{
			"light.lamp": map[string]any{"conversation": true}, "cover.door": map[string]any{"conversation": true}, "sensor.hidden": map[string]any{"alexa": true},
		}}
		s.answers["get_states"].([]any)[0].(map[string]any)["attributes"].(map[string]any)["device_class"] = "x"
		h := newTestHome(s, goodToken)
		started(t, h)
		got := h.Snapshot()
		if k, _ := got.Area("kitchen"); k.Floor != "ground" || !slices.Equal(k.Aliases, []string{"Galley"}) {
			t.Errorf("kitchen is %+v", k)
		}
		for id, area := range map[home.EntityID]string{"light.lamp": "kitchen", "cover.door": "hall", "sensor.hidden": ""} {
			e, ok := got.Entity(id)
			if !ok || e.Area != area || e.Exposed != (id != "sensor.hidden") {
				t.Errorf("%s: found %v, area %q, exposed %v", id, ok, e.Area, e.Exposed)
			}
		}
	})
}

func TestNames(t *testing.T) {
	text := func(s string) *string { return &s }
	state := stateEntry{ID: "light.reading_lamp", Attributes: map[string]any{"friendly_name": " Lamp "}}
	for _, c := range []struct {
		name    string
		aliases []*string
		implied bool
		want    string
		others  string
	}{
		{"no aliases", nil, true, "Lamp", ""},
		{"before 2026", []*string{text("b"), text(" a"), text("")}, true, "Lamp", "a,b"},
		{"since 2026", []*string{text("b"), nil, text("a")}, false, "Lamp", "a,b"},
		{"own name left out by its owner", []*string{text("b"), text("c"), text("a")}, false, "b", "a,c"},
		{"none of its own, among others that have some", nil, false, "Lamp", ""},
	} {
		name, others := names(state, c.aliases, c.implied)
		if name != c.want || strings.Join(others, ",") != c.others {
			t.Errorf("%s: %q and %q", c.name, name, others)
		}
	}
	if name, _ := names(stateEntry{ID: "light.reading_lamp"}, nil, true); name != "reading lamp" {
		t.Errorf("without a name it is %q", name)
	}
}

// TestARegistryChanges in a burst, and is read once more when that is over; what is exposed is looked at from time
// to time, since no event tells of it.
func TestARegistryChanges(t *testing.T) {
	inBubble(t, func(t *testing.T, s *server) {
		s.furnish(map[string]string{"light.lamp": "Lamp"})
		h := newTestHome(s, goodToken)
		started(t, h)
		synctest.Wait()
		s.furnish(map[string]string{"light.lamp": "Old Lamp"})
		for range 20 {
			s.emit("entity_registry_updated", map[string]any{"data": map[string]any{"action": "update"}})
			time.Sleep(settle / 10)
		}
		time.Sleep(2 * settle)
		if e, _ := h.Snapshot().Entity("light.lamp"); e.Name != "Old Lamp" {
			t.Errorf("it is still called %q", e.Name)
		}
		s.furnish(map[string]string{"light.lamp": "Old Lamp", "light.new": "New Lamp"})
		time.Sleep(exposureEvery + time.Second)
		if _, ok := h.Snapshot().Entity("light.new"); !ok {
			t.Error("what has been exposed since is not there")
		}
		s.change("light.new", "on", nil)
		synctest.Wait()
		if e, _ := h.Snapshot().Entity("light.new"); e.State != "on" {
			t.Error("the states of what has been exposed since are not followed")
		}
	})
}

// TestATokenOfNoAdministrator may not see the list of what is exposed; the registry tells it too.
func TestATokenOfNoAdministrator(t *testing.T) {
	inBubble(t, func(t *testing.T, s *server) {
		s.furnish(map[string]string{"light.lamp": "Lamp", "light.hidden": "Hidden"})
		s.handle = func(c *client, command map[string]any) bool {
			if command["type"] != "homeassistant/expose_entity/list" {
				return false
			}
			c.send(failure(int(command["id"].(float64)), "unauthorized", "Unauthorized", ""))
			return true
		}
		s.answer("config/entity_registry/list", []any{
			map[string]any{"entity_id": "light.lamp", "options": map[string]any{"conversation": map[string]any{"should_expose": true}}},
			map[string]any{"entity_id": "light.hidden", "options": map[string]any{"conversation": map[string]any{"should_expose": false}}},
		})
		h := newTestHome(s, goodToken)
		started(t, h)
		for id, want := range map[home.EntityID]bool{"light.lamp": true, "light.hidden": false} {
			if e, _ := h.Snapshot().Entity(id); e.Exposed != want {
				t.Errorf("%s is exposed: %v", id, e.Exposed)
			}
		}
		time.Sleep(2 * exposureEvery)
		if _, err := h.Call(t.Context(), lamp); err != nil {
			t.Errorf("after a while: %v", err)
		}
	})
}

// TestANewNameComesWithTheState when Home Assistant is slow: after the registry was read anew.
func TestANewNameComesWithTheState(t *testing.T) {
	inBubble(t, func(t *testing.T, s *server) {
		s.furnish(map[string]string{"light.lamp": "Lamp"})
		h := newTestHome(s, goodToken)
		started(t, h)
		before := h.Snapshot().Registry()
		s.change("light.lamp", "on", map[string]any{"friendly_name": "Old Lamp"})
		synctest.Wait()
		if e, _ := h.Snapshot().Entity("light.lamp"); e.Name != "Old Lamp" || h.Snapshot().Registry() == before {
			t.Errorf("it is still called %q", e.Name)
		}
	})
}

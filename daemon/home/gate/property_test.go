package gate_test

import (
	"slices"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"pgregory.net/rapid"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/gate"
)

// Whatever the service, the data and the caller: nothing hidden or unknown is ever allowed, and nothing
// critical is, alone or in a group or a scene, without a person's yes.
func TestNothingSlipsThrough(t *testing.T) {
	s := house()
	critical := []home.EntityID{
		"lock.front_door", "lock.back_door", "lock.office_safe", "alarm_control_panel.home_alarm", "cover.garage_door",
		"cover.patio", "cover.drive", "valve.main_water", "valve.sprinkler", "group.ways_in", "scene.leaving",
	}
	var ids []home.EntityID
	for _, e := range s.Entities {
		ids = append(ids, e.ID)
	}
	ids = append(ids, "", "all", "none", "lock.nowhere", "LOCK.FRONT_DOOR", "lock.front_door ", "lock.front_door,light.desk_lamp")

	rapid.Check(t, func(t *rapid.T) {
		g, err := gate.New(gate.Options{Burst: 1000}, prometheus.NewRegistry())
		if err != nil {
			t.Fatal(err)
		}
		c := anyCall(t, ids)
		from := anyCaller(t)
		e, known := s.Entity(c.Entity)
		decision := g.Check(s, c, from)
		switch allowed := decision.Verdict == conversation.Allow; {
		case allowed && (!known || !e.Exposed):
			t.Fatalf("%+v is allowed on an entity that is hidden or unknown", c)
		case allowed && !from.Confirmed && slices.Contains(critical, c.Entity):
			t.Fatalf("%+v from %+v is allowed without a yes", c, from)
		case allowed && c.Data["entity_id"] != nil:
			t.Fatalf("%+v is allowed to aim at %v", c, c.Data["entity_id"])
		case !allowed && decision.Evidence == "", decision.Verdict == conversation.Refuse && decision.Reason == "":
			t.Fatalf("%+v is not allowed, without a reason", c)
		}
	})
}

func anyCall(t *rapid.T, ids []home.EntityID) home.Call {
	id := rapid.SampledFrom(ids).Draw(t, "entity")
	domain := rapid.OneOf(
		rapid.Just(id.Domain()), rapid.Just("homeassistant"),
		rapid.SampledFrom([]string{"", "light", "lock", "cover", "scene", "script", "group", "hassio", "shell_command"}),
		rapid.String(),
	).Draw(t, "domain")
	service := rapid.OneOf(
		rapid.SampledFrom([]string{"turn_on", "turn_off", "toggle", "lock", "unlock", "open", "open_cover", "close_cover", "open_valve",
			"close_valve", "alarm_disarm", "alarm_arm_away", "set_cover_position", "reload", "restart", "apply"}),
		rapid.String(),
	).Draw(t, "service")
	data := rapid.MapOf(
		rapid.SampledFrom([]string{"entity_id", "code", "brightness", "confirmed", "variables", "entities"}),
		rapid.OneOf(rapid.Just[any]("lock.front_door"), rapid.Just[any](true), rapid.Just[any](40)),
	).Draw(t, "data")
	return home.Call{Domain: domain, Service: service, Entity: id, Data: data}
}

func anyCaller(t *rapid.T) conversation.Caller {
	return conversation.Caller{
		Session:   rapid.String().Draw(t, "session"),
		Room:      rapid.SampledFrom([]string{"", "kitchen", "hallway"}).Draw(t, "room"),
		Confirmed: rapid.Bool().Draw(t, "confirmed"),
		DecidedBy: rapid.SampledFrom([]conversation.Decider{"", conversation.ByGrammar, conversation.ByPlan, conversation.ByModel}).Draw(t, "decider"),
	}
}

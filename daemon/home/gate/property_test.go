package gate_test

import (
	"slices"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"pgregory.net/rapid"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/gate"
)

// Whatever the service, the data, the caller and the owner's rules: nothing hidden or unknown is ever allowed,
// and nothing critical is, alone or in a group or a scene, without a person's yes or PIN, unless it locks, or a
// rule allows it to the person or the room that the channel proved.
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
		rules := rapid.SliceOfN(rapid.Custom(anyRule), 0, 4).Draw(t, "rules")
		pin := rapid.SampledFrom([]string{"", "2468"}).Draw(t, "pin")
		if pin == "" {
			rules = slices.DeleteFunc(rules, func(r gate.Rule) bool { return r.Verdict == conversation.PIN })
		}
		at := time.Date(2026, 6, 1, rapid.IntRange(0, 23).Draw(t, "hour"), 30, 0, 0, time.UTC)
		g, err := gate.New(gate.Options{Burst: 1000, Rules: rules, PIN: pin, Now: func() time.Time { return at }}, prometheus.NewRegistry())
		if err != nil {
			t.Fatal(err)
		}
		from := anyCaller(t)
		for _, c := range append(slices.Clone(opening), anyCall(t, ids)) {
			e, known := s.Entity(c.Entity)
			decision := g.Check(s, c, from)
			switch allowed := decision.Verdict == conversation.Allow; {
			case allowed && (!known || !e.Exposed):
				t.Fatalf("%+v is allowed on an entity that is hidden or unknown", c)
			case allowed && !answered(from, pin) && slices.Contains(critical, c.Entity) && !harmless(c) && !loosened(rules, from, pin):
				t.Fatalf("%+v from %+v is allowed without a yes", c, from)
			case allowed && slices.ContainsFunc(rules[:min(1, len(rules))], func(r gate.Rule) bool { return denied(r, c, from) }):
				t.Fatalf("%+v from %+v is allowed though the first rule denies it", c, from)
			case allowed && (c.Data["entity_id"] != nil || c.Data["code"] != nil):
				t.Fatalf("%+v is allowed with data that it chose", c)
			case !allowed && decision.Evidence == "", decision.Verdict == conversation.Refuse && decision.Reason == "":
				t.Fatalf("%+v is not allowed, without a reason", c)
			}
		}
	})
}

// opening are calls that would be carried out, were they allowed.
var opening = []home.Call{
	call("lock.unlock lock.front_door", nil), call("lock.open lock.back_door", nil), call("cover.open_cover cover.garage_door", nil),
	call("cover.toggle cover.drive", nil), call("valve.open_valve valve.main_water", nil), call("homeassistant.turn_on scene.leaving", nil),
	call("scene.turn_on scene.leaving", nil), call("group.turn_off group.ways_in", nil),
	call("alarm_control_panel.alarm_disarm alarm_control_panel.home_alarm", nil),
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
		InRoom:    rapid.Bool().Draw(t, "in room"),
		Person:    rapid.SampledFrom([]string{"", "anna", "kid"}).Draw(t, "person"),
		Confirmed: rapid.IntRange(0, 3).Draw(t, "confirmed") == 0,
		PIN:       rapid.IntRange(0, 3).Draw(t, "pin said") == 0,
		Code:      rapid.Bool().Draw(t, "code said"),
		DecidedBy: rapid.SampledFrom([]conversation.Decider{"", conversation.ByGrammar, conversation.ByPlan, conversation.ByModel}).Draw(t, "decider"),
	}
}

func anyRule(t *rapid.T) gate.Rule {
	r := gate.Rule{
		Verdict: rapid.SampledFrom([]conversation.GateVerdict{conversation.Allow, conversation.Allow, conversation.Confirm, conversation.PIN, conversation.Refuse}).Draw(t, "verdict"),
		Targets: rapid.SliceOfN(rapid.SampledFrom([]gate.Target{"lock", "lock.unlock", "cover.garage", "cover", "valve.*", "*.*", "*.*", "scene",
			"group.ways_in", "alarm_control_panel"}), 1, 3).Draw(t, "targets"),
		Rooms:  rapid.SliceOfN(rapid.SampledFrom([]string{"kitchen", "hallway"}), 0, 1).Draw(t, "rooms"),
		People: rapid.SliceOfN(rapid.SampledFrom([]string{"anna", "kid"}), 0, 1).Draw(t, "people"),
	}
	if rapid.Bool().Draw(t, "at hours") {
		r.Hours = hours(time.Duration(rapid.IntRange(0, 11).Draw(t, "from")), time.Duration(rapid.IntRange(12, 23).Draw(t, "to")))
	}
	return r
}

// answered tells whether a person gave the answer that is wanted for what is critical.
func answered(from conversation.Caller, pin string) bool {
	return from.PIN || from.Confirmed && pin == ""
}

func harmless(c home.Call) bool {
	return slices.Contains(gate.DefaultHarmless(), gate.Target(c.Entity.Domain()+"."+c.Service))
}

// loosened tells whether any of the rules could open something to this caller: it names who is proven.
func loosened(rules []gate.Rule, from conversation.Caller, pin string) bool {
	return slices.ContainsFunc(rules, func(r gate.Rule) bool {
		opens := r.Verdict == conversation.Allow || r.Verdict == conversation.Confirm && from.Confirmed && pin != ""
		person := from.Person != "" && slices.Contains(r.People, from.Person)
		room := from.InRoom && slices.Contains(r.Rooms, from.Room)
		return opens && (person || room) && (person || len(r.People) == 0) && (room || len(r.Rooms) == 0)
	})
}

// denied tells whether the rule is a denial of the call's own entity to everybody, at any hour.
func denied(r gate.Rule, c home.Call, from conversation.Caller) bool {
	return r.Verdict == conversation.Refuse && slices.Contains(r.Targets, gate.Target(c.Entity.Domain())) &&
		(len(r.Rooms) == 0 || slices.Contains(r.Rooms, from.Room)) && (len(r.People) == 0 || slices.Contains(r.People, from.Person)) &&
		r.Hours == gate.Hours{}
}

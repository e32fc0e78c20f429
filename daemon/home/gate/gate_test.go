package gate_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/home/gate"
)

type data = map[string]any

// call reads "light.turn_on light.desk_lamp".
func call(text string, d data) home.Call {
	name, entity, _ := strings.Cut(text, " ")
	domain, service, _ := strings.Cut(name, ".")
	return home.Call{Domain: domain, Service: service, Entity: home.EntityID(entity), Data: d}
}

func newGate(t *testing.T, options gate.Options) *gate.Gate {
	t.Helper()
	g, err := gate.New(options, prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// house is the simulated home, and a few things that it lacks.
func house() *home.Snapshot {
	s := demo.New().Snapshot()
	more := []home.Entity{
		{ID: "group.ways_in", Name: "Ways In", Exposed: true, Attributes: data{"entity_id": []any{"light.hallway_light", "lock.front_door"}}},
		{ID: "scene.leaving", Name: "Leaving", Exposed: true, Attributes: data{"entity_id": []string{"group.ways_in"}}},
		{ID: "group.circle", Name: "Circle", Exposed: true, Attributes: data{"entity_id": []string{"group.circle"}}},
		{ID: "cover.patio", Name: "Patio", DeviceClass: "door", Exposed: true},
		{ID: "cover.drive", Name: "Drive", DeviceClass: "gate", Exposed: true},
		{ID: "script.leave", Name: "Leave", Exposed: true, Runs: []home.EntityID{"light.hallway_light", "script.inner"}},
		{ID: "script.inner", Name: "Inner", Runs: []home.EntityID{"lock.front_door"}},
		{ID: "script.dark", Name: "Dark", Exposed: true},
		{ID: "script.party", Name: "Party", Exposed: true, Runs: []home.EntityID{"light.hallway_light", "script.gone"}},
		{ID: "group.routines", Name: "Routines", Exposed: true, Attributes: data{"entity_id": []any{"script.dark"}}},
		{ID: "automation.away", Name: "Away", Exposed: true, Runs: []home.EntityID{"lock.front_door"}},
		{ID: "automation.dusk", Name: "Dusk", Exposed: true, Runs: []home.EntityID{}},
		{ID: "automation.dark", Name: "Dark", Exposed: true},
		{ID: "update.hub", Name: "Hub", Exposed: true},
		{ID: "switch.kitchen_oven", Name: "Oven", Exposed: true},
		{ID: "select.oven_program", Name: "Oven Program", Exposed: true},
		{ID: "alarm_control_panel.shed", Name: "Shed Alarm", State: "armed_away", Exposed: true},
	}
	return home.NewSnapshot(append(slices.Clone(s.Entities), more...), s.Areas, s.Floors)
}

// A person who said nothing, one who said yes, and machines that decided by themselves.
var (
	asked     = conversation.Caller{Session: "kitchen", Room: "kitchen", DecidedBy: conversation.ByGrammar}
	confirmed = conversation.Caller{Session: "kitchen", Room: "kitchen", DecidedBy: conversation.ByGrammar, Confirmed: true}
	plan      = conversation.Caller{Session: "kitchen", DecidedBy: conversation.ByPlan}
	model     = conversation.Caller{Session: "kitchen", DecidedBy: conversation.ByModel}
	nobody    = conversation.Caller{}
)

func TestCheck(t *testing.T) {
	const allow, confirm, refuse = conversation.Allow, conversation.Confirm, conversation.Refuse
	for _, test := range []struct {
		call    string
		data    data
		from    conversation.Caller
		verdict conversation.GateVerdict
		because string
	}{
		{"light.turn_on light.desk_lamp", nil, asked, allow, ""},
		{"light.turn_on light.desk_lamp", nil, plan, allow, ""},
		{"light.turn_on light.desk_lamp", nil, model, allow, ""},
		{"light.turn_on light.desk_lamp", nil, nobody, allow, ""},
		{"homeassistant.turn_off light.desk_lamp", nil, asked, allow, ""},
		{"cover.open_cover cover.bedroom_blinds", nil, model, allow, ""},
		{"todo.get_items todo.shopping_list", nil, model, allow, ""},
		{"vacuum.clean_area vacuum.robot_vacuum", data{"cleaning_area_id": "kitchen"}, asked, allow, ""},
		{"homeassistant.turn_on group.circle", nil, asked, allow, ""},
		{"script.turn_on script.good_morning", nil, asked, allow, ""},
		{"scene.turn_on scene.movie_night", nil, asked, allow, ""},

		{"lock.unlock lock.front_door", nil, asked, confirm, "it is a lock"},
		{"lock.lock lock.front_door", nil, asked, allow, "it is a lock"},
		{"lock.open lock.front_door", nil, asked, confirm, "it is a lock"},
		{"lock.unlock lock.front_door", nil, plan, confirm, "it is a lock"},
		{"lock.unlock lock.front_door", nil, model, confirm, "it is a lock"},
		{"lock.unlock lock.front_door", nil, nobody, confirm, "it is a lock"},
		{"lock.unlock lock.front_door", nil, confirmed, allow, "it is a lock, and a yes was given"},
		{"alarm_control_panel.alarm_disarm alarm_control_panel.home_alarm", nil, model, confirm, "it is an alarm"},
		{"alarm_control_panel.alarm_disarm alarm_control_panel.home_alarm", nil, confirmed, allow, "it is an alarm, and a yes was given"},
		{"cover.open_cover cover.garage_door", nil, asked, confirm, "it is a garage door"},
		{"cover.toggle cover.garage_door", nil, plan, confirm, "it is a garage door"},
		{"cover.open_cover cover.patio", nil, asked, confirm, "it is a door"},
		{"cover.open_cover cover.drive", nil, asked, confirm, "it is a gate"},
		{"cover.open_cover cover.garage_door", nil, confirmed, allow, "it is a garage door, and a yes was given"},
		{"cover.close_cover cover.garage_door", nil, asked, confirm, "it is a garage door"},
		{"cover.stop_cover cover.garage_door", nil, asked, allow, "it is a garage door"},
		{"valve.open_valve valve.main_water", nil, asked, confirm, "it is a valve"},
		{"valve.close_valve valve.main_water", nil, model, allow, "it is a valve"},
		{"alarm_control_panel.alarm_arm_away alarm_control_panel.home_alarm", nil, plan, allow, "it is an alarm"},
		{"alarm_control_panel.alarm_arm_home alarm_control_panel.shed", nil, asked, confirm, "it is an alarm"},
		{"switch.turn_on switch.kitchen_oven", nil, asked, confirm, "it is a switch"},
		{"select.select_option select.oven_program", nil, model, confirm, "it is a select"},
		{"homeassistant.turn_on group.circle", nil, confirmed, allow, ""},
		{"homeassistant.turn_on lock.front_door", nil, asked, confirm, "it is a lock"},
		{"homeassistant.turn_on group.ways_in", nil, asked, confirm, "it changes Front Door: it is a lock"},
		{"scene.turn_on scene.leaving", nil, model, confirm, "it changes Front Door: it is a lock"},
		{"scene.turn_on scene.leaving", nil, confirmed, allow, "it changes Front Door: it is a lock, and a yes was given"},
		{"script.turn_on script.good_night", nil, asked, allow, ""},
		{"script.turn_on script.leave", nil, asked, confirm, "it changes Front Door: it is a lock"},
		{"homeassistant.turn_on script.leave", nil, plan, confirm, "it changes Front Door: it is a lock"},
		{"script.toggle script.leave", nil, model, confirm, "it changes Front Door: it is a lock"},
		{"script.turn_off script.leave", nil, asked, allow, ""},
		{"script.turn_on script.dark", nil, asked, confirm, "what it does is not known"},
		{"script.turn_on script.dark", nil, confirmed, allow, "what it does is not known, and a yes was given"},
		{"script.turn_off script.dark", nil, asked, allow, ""},
		{"script.turn_on script.party", nil, asked, confirm, "it changes script.gone: what it does is not known"},
		{"homeassistant.turn_on group.routines", nil, asked, confirm, "it changes Dark: what it does is not known"},
		{"homeassistant.turn_off group.routines", nil, asked, allow, ""},
		{"automation.trigger automation.away", nil, asked, confirm, "it changes Front Door: it is a lock"},
		{"automation.trigger automation.dusk", nil, asked, allow, ""},
		{"automation.trigger automation.dark", nil, asked, confirm, "what it does is not known"},
		{"automation.turn_on automation.dark", nil, asked, allow, ""},

		{"light.turn_on light.disco", nil, confirmed, refuse, "the home has no such device"},
		{"light.turn_on all", nil, confirmed, refuse, "the home has no such device"},
		{"switch.turn_off switch.freezer", nil, asked, refuse, "it is not exposed to voice"},
		{"switch.turn_off switch.freezer", nil, confirmed, refuse, "it is not exposed to voice"},
		{"lock.unlock lock.office_safe", nil, confirmed, refuse, "it is not exposed to voice"},
		{"light.turn_on lock.front_door", nil, confirmed, refuse, "light.turn_on is not for a lock"},
		{"alarm_control_panel.alarm_trigger alarm_control_panel.home_alarm", nil, confirmed, refuse, "alarm_control_panel.alarm_trigger is not for voice"},
		{"homeassistant.restart light.desk_lamp", nil, confirmed, refuse, "homeassistant.restart is not for voice"},
		{"update.install update.hub", nil, confirmed, refuse, "update.install is not for voice"},
		{"homeassistant.turn_on update.hub", nil, confirmed, refuse, "homeassistant.turn_on is not for voice"},
		{"light.turn_on light.desk_lamp", data{"entity_id": "lock.front_door"}, confirmed, refuse, "its data names another target"},
		{"light.turn_on light.desk_lamp", data{"area_id": "kitchen"}, asked, refuse, "its data names another target"},
		{"lock.unlock lock.front_door", data{"code": "1234"}, confirmed, refuse, "its data holds a code"},
	} {
		got := newGate(t, gate.Options{}).Check(house(), call(test.call, test.data), test.from)
		if got.Verdict != test.verdict || got.Evidence != test.because {
			t.Errorf("%s %v from %+v: %v, %q, want %v, %q", test.call, test.data, test.from, got.Verdict, got.Evidence, test.verdict, test.because)
		}
	}
}

func TestOwnersCriticalClasses(t *testing.T) {
	g := newGate(t, gate.Options{Critical: []gate.Target{"switch.outlet"}})
	if got := g.Check(house(), call("switch.turn_on switch.printer", nil), asked); got.Verdict != conversation.Confirm {
		t.Errorf("an outlet: %+v, want a question", got)
	}
	if got := g.Check(house(), call("lock.lock lock.front_door", nil), asked); got.Verdict != conversation.Allow {
		t.Errorf("a lock: %+v, want it allowed, as the owner left it out", got)
	}
}

// A service that is critical is so in a scene and a group too, which may call it.
func TestACriticalServiceOfWhatASceneChanges(t *testing.T) {
	g := newGate(t, gate.Options{Critical: []gate.Target{"lock.unlock"}})
	for text, want := range map[string]conversation.GateVerdict{
		"lock.unlock lock.front_door":           confirms,
		"lock.lock lock.front_door":             allows,
		"scene.turn_on scene.leaving":           confirms,
		"homeassistant.turn_on group.ways_in":   confirms,
		"homeassistant.turn_on lock.front_door": confirms, // no service of a lock's
		"scene.turn_on scene.movie_night":       allows,
	} {
		if got := g.Check(house(), call(text, nil), asked); got.Verdict != want {
			t.Errorf("%s: %+v, want %v", text, got, want)
		}
	}
}

func TestRateLimit(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	g := newGate(t, gate.Options{Burst: 3, Per: 6 * time.Second, Now: func() time.Time { return now }})
	s, light := house(), call("light.turn_on light.desk_lamp", nil)
	check := func(from conversation.Caller, want conversation.GateVerdict) {
		t.Helper()
		if got := g.Check(s, light, from); got.Verdict != want {
			t.Errorf("%+v, want %v", got, want)
		}
	}
	for range 3 {
		check(asked, conversation.Allow)
	}
	check(asked, conversation.Refuse)
	check(conversation.Caller{Session: "office"}, conversation.Allow)
	now = now.Add(2 * time.Second) // one call has flowed back
	check(asked, conversation.Allow)
	check(asked, conversation.Refuse)
	now = now.Add(time.Hour) // no more than the burst has
	for range 3 {
		check(asked, conversation.Allow)
	}
	if got := g.Check(s, light, asked); got.Reason != conversation.TooOften || got.Evidence != "there were more than 3 calls in 6s" {
		t.Errorf("%q: %q", got.Reason, got.Evidence)
	}
}

// Questions and refusals do not use up the rate.
func TestOnlyAllowedCallsCount(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	g := newGate(t, gate.Options{Burst: 1, Now: func() time.Time { return now }})
	g.Check(house(), call("lock.unlock lock.front_door", nil), asked)
	g.Check(house(), call("light.turn_on light.disco", nil), asked)
	if got := g.Check(house(), call("lock.unlock lock.front_door", nil), confirmed); got.Verdict != conversation.Allow {
		t.Errorf("%+v, want the confirmed call allowed", got)
	}
}

func TestManySessionsAreForgotten(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	g := newGate(t, gate.Options{Burst: 1, Per: time.Second, Now: func() time.Time { return now }})
	s, light := house(), call("light.turn_on light.desk_lamp", nil)
	for i := range 5000 {
		now = now.Add(time.Millisecond)
		g.Check(s, light, conversation.Caller{Session: string(rune(i))})
	}
	if n := g.Sessions(); n > 2000 {
		t.Errorf("%d sessions are remembered, want those of the last two seconds at most", n)
	}
}

func TestMetrics(t *testing.T) {
	registry := prometheus.NewRegistry()
	g, err := gate.New(gate.Options{}, registry)
	if err != nil {
		t.Fatal(err)
	}
	g.Check(house(), call("light.turn_on light.desk_lamp", nil), asked)
	g.Check(house(), call("light.turn_on light.desk_lamp", nil), asked)
	g.Check(house(), call("lock.unlock lock.front_door", nil), asked)
	want := `# HELP hearth_gate_decisions_total Service calls that the gate judged, by verdict.
# TYPE hearth_gate_decisions_total counter
hearth_gate_decisions_total{verdict="allow"} 2
hearth_gate_decisions_total{verdict="code"} 0
hearth_gate_decisions_total{verdict="confirm"} 1
hearth_gate_decisions_total{verdict="pin"} 0
hearth_gate_decisions_total{verdict="refuse"} 0
`
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
	if problems, err := testutil.GatherAndLint(registry); err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
}

func TestOptionsThatCannotBe(t *testing.T) {
	_, err := gate.New(gate.Options{Burst: -1, Per: -time.Second, Critical: []gate.Target{".garage"}, Rules: []gate.Rule{{Verdict: conversation.PIN}}}, prometheus.NewRegistry())
	for _, want := range []string{"burst is -1, want at least 1", "per is -1s, want a positive", "critical[0] has no domain", "rules[0] wants the PIN"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("err = %v, want it to say %q", err, want)
		}
	}
}

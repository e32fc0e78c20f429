package gate_test

import (
	"testing"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/home/gate"
)

const (
	allows   = conversation.Allow
	confirms = conversation.Confirm
	wantsPIN = conversation.PIN
	denies   = conversation.Refuse
)

func hours(from, to time.Duration) gate.Hours {
	return gate.Hours{From: from * time.Hour, To: to * time.Hour}
}

// The first rule that fits decides; whoever is not named by any has the usual.
func TestRules(t *testing.T) {
	rules := []gate.Rule{
		{Verdict: denies, Targets: []gate.Target{"lock"}, Rooms: []string{"kids_room"}},
		{Verdict: allows, Targets: []gate.Target{"lock.unlock"}, People: []string{"anna"}, Hours: hours(6, 22)},
		{Verdict: confirms, Targets: []gate.Target{"alarm_control_panel"}, People: []string{"anna"}},
		{Verdict: allows, Targets: []gate.Target{"cover.garage"}, Rooms: []string{"garage"}},
		{Verdict: denies, Targets: []gate.Target{"media_player.tv"}, People: []string{"kid"}, Hours: hours(20, 7)},
		{Verdict: allows, Targets: []gate.Target{"valve.sprinkler"}},
		{Verdict: denies, Targets: []gate.Target{"valve"}, Hours: hours(20, 7)},
		{Verdict: confirms, Targets: []gate.Target{"light.desk_lamp"}},
		{Verdict: wantsPIN, Targets: []gate.Target{"switch.coffee_maker"}},
		{Verdict: denies, Targets: []gate.Target{"scene.*"}, Rooms: []string{"bathroom"}},
		{Verdict: denies, Targets: []gate.Target{"light.toggle"}},
		{Verdict: denies, Targets: []gate.Target{"lock.unlock"}, Rooms: []string{"pantry"}},
	}
	noon := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	night := noon.Add(11 * time.Hour)
	in := func(room string, proven bool) conversation.Caller {
		return conversation.Caller{Room: room, InRoom: proven}
	}
	is := func(person string) conversation.Caller { return conversation.Caller{Person: person} }
	for _, test := range []struct {
		call    string
		from    conversation.Caller
		at      time.Time
		verdict conversation.GateVerdict
		reason  conversation.Reason
		rule    string
	}{
		{"lock.unlock lock.front_door", in("kids_room", true), noon, denies, conversation.NotHere, "gate.rules[0]"},
		{"lock.unlock lock.front_door", in("kids_room", false), noon, denies, conversation.NotHere, "gate.rules[0]"},
		{"lock.lock lock.front_door", in("kids_room", false), noon, denies, conversation.NotHere, "gate.rules[0]"},
		{"scene.turn_on scene.leaving", in("kids_room", true), noon, denies, conversation.NotHere, "gate.rules[0]"},
		{"lock.unlock lock.front_door", is("anna"), noon, allows, "", "gate.rules[1]"},
		{"lock.open lock.front_door", is("anna"), noon, wantsPIN, "", "gate.critical"},
		{"lock.unlock lock.front_door", is("anna"), night, wantsPIN, "", "gate.critical"},
		{"lock.unlock lock.front_door", is("kid"), noon, wantsPIN, "", "gate.critical"},
		{"lock.unlock lock.front_door", is(""), noon, wantsPIN, "", "gate.critical"},
		{"scene.turn_on scene.leaving", is("anna"), noon, wantsPIN, "", "gate.critical"}, // nobody knows what it does with the lock
		{"alarm_control_panel.alarm_disarm alarm_control_panel.home_alarm", is("anna"), noon, confirms, "", "gate.rules[2]"},
		{"cover.open_cover cover.garage_door", in("garage", true), noon, allows, "", "gate.rules[3]"},
		{"cover.open_cover cover.garage_door", in("garage", false), noon, wantsPIN, "", "gate.critical"}, // said by who calls
		{"cover.open_cover cover.garage_door", in("kitchen", true), noon, wantsPIN, "", "gate.critical"},
		{"media_player.turn_on media_player.tv", is("kid"), night, denies, conversation.NotNow, "gate.rules[4]"},
		{"media_player.turn_on media_player.tv", is("kid"), noon, allows, "", ""},
		{"valve.open_valve valve.sprinkler", is(""), night, wantsPIN, "", "gate.critical"}, // a rule for everybody opens nothing
		{"valve.close_valve valve.sprinkler", is(""), night, allows, "", "gate.rules[5]"},
		{"valve.close_valve valve.main_water", is("anna"), night, denies, conversation.NotNow, "gate.rules[6]"},
		{"light.turn_on light.desk_lamp", is(""), noon, confirms, "", "gate.rules[7]"},
		{"switch.turn_on switch.coffee_maker", is(""), noon, wantsPIN, "", "gate.rules[8]"},
		{"scene.turn_on scene.movie_night", in("bathroom", false), noon, denies, conversation.NotHere, "gate.rules[9]"},
		{"lock.open lock.front_door", in("pantry", true), noon, wantsPIN, "", "gate.critical"},
		{"scene.turn_on scene.leaving", in("pantry", true), noon, denies, conversation.NotHere, "gate.rules[11]"}, // it may unlock
		{"light.toggle light.hallway_light", is(""), noon, denies, conversation.Forbidden, "gate.rules[10]"},
		{"homeassistant.toggle light.hallway_light", is(""), noon, denies, conversation.Forbidden, "gate.rules[10]"},
		{"light.turn_on light.hallway_light", is(""), noon, allows, "", ""},
	} {
		g := newGate(t, gate.Options{Rules: rules, PIN: "2468", Now: func() time.Time { return test.at }})
		got := g.Check(house(), call(test.call, nil), test.from)
		if got.Verdict != test.verdict || got.Reason != test.reason || got.Rule != test.rule {
			t.Errorf("%s from %+v at %s: %+v, want %v %s %s", test.call, test.from, test.at.Format("15:04"), got, test.verdict, test.reason, test.rule)
		}
	}
}

// A script of which nobody can tell what it does counts as all that a rule denies, until the owner says otherwise.
func TestAScriptThatCannotBeRead(t *testing.T) {
	const dark = "script.turn_on script.dark"
	kid := conversation.Caller{Person: "kid", Confirmed: true}
	noTV := gate.Rule{Verdict: denies, Targets: []gate.Target{"media_player"}, People: []string{"kid"}}
	for name, test := range map[string]struct {
		options gate.Options
		from    conversation.Caller
		want    conversation.GateVerdict
		reason  conversation.Reason
	}{
		"with a yes":                {gate.Options{}, kid, allows, ""},
		"listed as harmless":        {gate.Options{Harmless: []gate.Target{"script.dark"}}, asked, allows, ""},
		"the PIN":                   {gate.Options{PIN: "2468", PINFor: []gate.Target{"lock"}}, confirmed, wantsPIN, ""},
		"something is denied":       {gate.Options{Rules: []gate.Rule{noTV}}, kid, denies, conversation.NotYou},
		"to somebody else":          {gate.Options{Rules: []gate.Rule{noTV}}, asked, confirms, ""},
		"harmless though":           {gate.Options{Rules: []gate.Rule{noTV}, Harmless: []gate.Target{"script.dark"}}, kid, allows, ""},
		"it is allowed itself":      {gate.Options{Rules: []gate.Rule{{Verdict: allows, Targets: []gate.Target{"script.dark"}, People: []string{"kid"}}, noTV}}, kid, allows, ""},
		"it is allowed to anybody":  {gate.Options{Rules: []gate.Rule{{Verdict: allows, Targets: []gate.Target{"script.dark"}}, noTV}}, kid, denies, conversation.NotYou},
		"allowed to who is unknown": {gate.Options{Rules: []gate.Rule{{Verdict: allows, Targets: []gate.Target{"script.dark"}}}}, asked, confirms, ""},
	} {
		if got := newGate(t, test.options).Check(house(), call(dark, nil), test.from); got.Verdict != test.want || got.Reason != test.reason {
			t.Errorf("%s: %+v, want %v", name, got, test.want)
		}
	}
}

// Hours are what the clock on the wall shows, whatever the state does with it in spring and autumn.
func TestHours(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	night, early := hours(22, 6), hours(2, 3)
	for _, test := range []struct {
		at    string // in UTC
		hours gate.Hours
		want  conversation.GateVerdict
	}{
		{"2026-01-10T20:59:59Z", night, allows},
		{"2026-01-10T21:00:00Z", night, denies},
		{"2026-01-10T23:30:00Z", night, denies},
		{"2026-01-11T04:59:59Z", night, denies},
		{"2026-01-11T05:00:00Z", night, allows},
		{"2026-07-10T19:59:59Z", night, allows}, // in summer an hour earlier by the sun
		{"2026-07-10T20:00:00Z", night, denies},
		{"2026-07-11T04:00:00Z", night, allows},
		{"2026-03-29T00:59:59Z", early, allows}, // 01:59:59, and then it is 3
		{"2026-03-29T01:00:00Z", early, allows},
		{"2026-03-29T03:59:59Z", night, denies}, // 05:59:59
		{"2026-03-29T04:00:00Z", night, allows},
		{"2026-10-25T00:30:00Z", early, denies}, // 02:30, the first
		{"2026-10-25T01:30:00Z", early, denies}, // 02:30, the second
		{"2026-10-25T02:00:00Z", early, allows},
		{"2026-10-25T04:59:59Z", night, denies},
	} {
		at, err := time.Parse(time.RFC3339, test.at)
		if err != nil {
			t.Fatal(err)
		}
		g := newGate(t, gate.Options{
			Rules: []gate.Rule{{Verdict: denies, Targets: []gate.Target{"light"}, Hours: test.hours}},
			Now:   func() time.Time { return at.In(berlin) },
		})
		if got := g.Check(house(), call("light.turn_on light.desk_lamp", nil), asked); got.Verdict != test.want {
			t.Errorf("%s: %v, want %v", at.In(berlin), got.Verdict, test.want)
		}
	}
}

func TestThePINIsForWhatItsOwnerSays(t *testing.T) {
	g := newGate(t, gate.Options{PIN: "2468", PINFor: []gate.Target{"lock", "alarm_control_panel"}})
	for text, want := range map[string]conversation.GateVerdict{
		"lock.unlock lock.front_door":        wantsPIN,
		"cover.open_cover cover.garage_door": confirms,
		"scene.turn_on scene.leaving":        wantsPIN,
		"lock.lock lock.front_door":          allows,
	} {
		if got := g.Check(house(), call(text, nil), asked); got.Verdict != want {
			t.Errorf("%s: %+v, want %v", text, got, want)
		}
	}
	said := conversation.Caller{Session: "kitchen", PIN: true}
	if got := g.Check(house(), call("lock.unlock lock.front_door", nil), said); got.Verdict != allows || got.Evidence != "it is a lock, and the PIN was given" {
		t.Errorf("after the PIN: %+v", got)
	}
	if got := g.Check(house(), call("lock.unlock lock.front_door", nil), confirmed); got.Verdict != wantsPIN {
		t.Errorf("after a mere yes: %+v", got)
	}
}

func TestADevicesOwnCode(t *testing.T) {
	s := house()
	panel, _ := s.Entity("alarm_control_panel.home_alarm")
	panel.State, panel.Attributes = "disarmed", data{"code_format": "number", "code_arm_required": false}
	s = s.With(panel)
	const disarm, arm = "alarm_control_panel.alarm_disarm alarm_control_panel.home_alarm", "alarm_control_panel.alarm_arm_away alarm_control_panel.home_alarm"
	said := conversation.Caller{Code: true, Confirmed: true}
	for _, test := range []struct {
		options gate.Options
		call    string
		from    conversation.Caller
		want    conversation.GateVerdict
	}{
		{gate.Options{}, disarm, asked, conversation.Code},
		{gate.Options{}, disarm, confirmed, conversation.Code},
		{gate.Options{}, disarm, said, allows},
		{gate.Options{}, arm, asked, allows},
		{gate.Options{Codes: true}, disarm, asked, confirms},
		{gate.Options{PIN: "2468"}, disarm, asked, wantsPIN},
		{gate.Options{PIN: "2468"}, disarm, said, wantsPIN}, // any code is not the PIN
		{gate.Options{PIN: "2468"}, disarm, conversation.Caller{PIN: true, Code: true}, allows},
	} {
		if got := newGate(t, test.options).Check(s, call(test.call, nil), test.from); got.Verdict != test.want {
			t.Errorf("%+v: %s from %+v: %+v, want %v", test.options, test.call, test.from, got, test.want)
		}
	}
}

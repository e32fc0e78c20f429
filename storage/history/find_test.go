package history

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

// evening are a few turns, one a minute from 18:00 on, by ID.
func evening() []*conversation.Turn {
	var turns []*conversation.Turn
	add := func(id, session, room string, steps ...conversation.Step) {
		at := time.Date(2026, 11, 22, 18, len(turns), 0, 0, time.UTC)
		turns = append(turns, &conversation.Turn{ID: id, Session: session, Room: room, At: at, Steps: steps})
	}
	step := func(entity home.EntityID, o conversation.Outcome) conversation.Step {
		return conversation.Step{Entity: entity, Service: entity.Domain() + ".turn_on", Outcome: o}
	}
	add("lamp", "microphone/kitchen", "kitchen", step("light.lamp", conversation.Confirmed), step("light.attic", conversation.Failed))
	add("asked", "microphone/kitchen", "kitchen", step("lock.door", conversation.Refused))
	add("door", "microphone/kitchen", "kitchen", step("lock.door", conversation.Sent))
	add("time", "microphone/kitchen", "kitchen")
	add("planned", "timer/kitchen", "kitchen", step("light.lamp", conversation.Confirmed))
	add("far", "socket/attic", "attic", step("light.attic", conversation.Failed))
	add("nowhere", "socket/", "", step("light.lamp", conversation.Refused))
	return turns
}

func TestTurnsAreFound(t *testing.T) {
	s := openTemp(t)
	for _, turn := range evening() {
		if err := s.Record(t.Context(), turn); err != nil {
			t.Fatal(err)
		}
	}
	at := func(minute int) time.Time { return time.Date(2026, 11, 22, 18, minute, 0, 0, time.UTC) }
	for _, test := range []struct {
		q    conversation.TurnQuery
		want string
	}{
		{conversation.TurnQuery{}, "nowhere"},
		{conversation.TurnQuery{Limit: 2}, "nowhere far"},
		{conversation.TurnQuery{ID: "door"}, "door"},
		{conversation.TurnQuery{ID: "never was"}, ""},
		{conversation.TurnQuery{Session: "microphone/kitchen", Limit: 9}, "time door asked lamp"},
		{conversation.TurnQuery{Session: "microphone/kitchen", Room: "kitchen", Limit: 9}, "planned time door asked lamp"},
		{conversation.TurnQuery{Session: "socket/", Room: "", Limit: 9}, "nowhere"},
		{conversation.TurnQuery{Session: "microphone/kitchen", Acted: true, Limit: 9}, "door lamp"},
		{conversation.TurnQuery{Acted: true, Limit: 9}, "far planned door lamp"},
		{conversation.TurnQuery{Entities: []home.EntityID{"light.lamp"}, Limit: 9}, "planned lamp"},
		{conversation.TurnQuery{Entities: []home.EntityID{"light.attic"}, Limit: 9}, ""},
		{conversation.TurnQuery{Entities: []home.EntityID{"light.lamp", "lock.door"}, Acted: true, Limit: 9}, "planned door lamp"},
		{conversation.TurnQuery{Since: at(1), Until: at(4), Limit: 9}, "time door asked"},
		{conversation.TurnQuery{Entities: []home.EntityID{"light.lamp"}, Until: at(4).In(time.FixedZone("east", 3600))}, "lamp"},
	} {
		turns, err := s.Find(t.Context(), test.q)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, turn := range turns {
			ids = append(ids, turn.ID)
		}
		if got := strings.Join(ids, " "); got != test.want {
			t.Errorf("%+v: %q, want %q", test.q, got, test.want)
		}
	}
}

// A question is answered without reading the history from end to end.
func TestFindingUsesAnIndex(t *testing.T) {
	s := openTemp(t)
	for _, q := range []conversation.TurnQuery{
		{ID: "a"}, {Session: "a"}, {Session: "a", Room: "b", Acted: true}, {Entities: []home.EntityID{"light.a"}}, {Since: time.Now()},
	} {
		where, args, err := conditions(q)
		if err != nil {
			t.Fatal(err)
		}
		var plan []string
		err = s.query(t.Context(), "explain", "EXPLAIN QUERY PLAN "+selectTurns+where+" ORDER BY at DESC, id DESC LIMIT 1", args, func(scan scan) error {
			var id, parent, unused int
			var detail string
			err := scan(&id, &parent, &unused, &detail)
			plan = append(plan, detail)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprint(plan)
		if strings.Contains(text, "SCAN turns") && !strings.Contains(text, "turns_by_time") || strings.Contains(text, "SCAN steps") {
			t.Errorf("%+v: %s", q, text)
		}
	}
}

func TestWhatIsUsedIsCounted(t *testing.T) {
	s := openTemp(t)
	for _, turn := range evening() {
		if err := s.Record(t.Context(), turn); err != nil {
			t.Fatal(err)
		}
	}
	for minute, want := range map[int]map[home.EntityID]int{
		0: {"light.lamp": 2, "lock.door": 1}, 3: {"light.lamp": 1}, 9: {},
	} {
		used, err := s.Used(t.Context(), time.Date(2026, 11, 22, 18, minute, 0, 0, time.UTC))
		if err != nil || !maps.Equal(used, want) {
			t.Errorf("since minute %d: %v, %v, want %v", minute, used, err, want)
		}
	}
}

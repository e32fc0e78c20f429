package tool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/conversation"
	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
)

func with(text string) json.RawMessage { return json.RawMessage(text) }

// inDemo is a question in the simulated home, whose services may be asked.
func inDemo(t *testing.T) (*demo.Home, conversation.ModelQuestion) {
	t.Helper()
	h := demo.New(demo.WithPace(0))
	return h, conversation.ModelQuestion{Language: "en", Home: h.Snapshot(), Fetch: h.Call}
}

func TestFindingDevices(t *testing.T) {
	_, q := inDemo(t)
	for _, c := range []struct{ with, first string }{
		{`{"words": "kitchen window"}`, "binary_sensor.kitchen_window"},
		{`{"words": "the window in the kitchen"}`, "binary_sensor.kitchen_window"},
		{`{"words": "front door lock"}`, "lock.front_door"},
		{`{"words": "light.desk_lamp"}`, "light.desk_lamp"},
		{`{"words": "Bedside Lamp"}`, "light.bed_light"},
		{`{"words": "ceiling in the living room"}`, "light.living_room_ceiling"},
		{`{"words": "window", "state": "open"}`, "binary_sensor.bedroom_window"},
		{`{"words": "office safe"}`, ""}, // it is not exposed
		{`{"words": "submarine"}`, ""},
	} {
		found, err := NewHome().Find(q, with(c.with))
		switch {
		case err != nil:
			t.Errorf("%s: %v", c.with, err)
		case c.first == "":
			for _, e := range found {
				if e.ID == "lock.office_safe" || c.with == `{"words": "submarine"}` {
					t.Errorf("%s: found %s", c.with, e.ID)
				}
			}
		case len(found) == 0 || string(found[0].ID) != c.first:
			t.Errorf("%s: found %v, want %s first", c.with, ids(found), c.first)
		}
		if len(found) > maxFound {
			t.Errorf("%s: %d found", c.with, len(found))
		}
	}
	for _, bad := range []string{`{}`, `{"words": " "}`, `{"word": "x"}`, `5`} {
		if _, err := NewHome().Find(q, with(bad)); !errors.Is(err, conversation.ErrAskedWrongly) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func ids(entities []home.Entity) (all []home.EntityID) {
	for _, e := range entities {
		all = append(all, e.ID)
	}
	return all
}

// told is what a chronicle of one entity tells.
type told struct {
	moments []home.Moment
	err     error
}

func (c told) States(context.Context, home.EntityID, time.Time, time.Time) ([]home.Moment, error) {
	return c.moments, c.err
}

type turns []*conversation.Turn

func (p turns) Find(context.Context, conversation.TurnQuery) ([]*conversation.Turn, error) {
	return p, nil
}

func TestHistory(t *testing.T) {
	_, q := inDemo(t)
	now := time.Now()
	at := func(ago time.Duration, state string) home.Moment { return home.Moment{State: state, At: now.Add(-ago)} }
	window := told{moments: []home.Moment{at(50*time.Hour, "off"), at(3*time.Hour, "on"), at(2*time.Hour, "unavailable"), at(time.Hour, "off")}}
	thermometer := told{moments: []home.Moment{at(20*time.Hour, "12.5"), at(9*time.Hour, "3.5"), at(time.Hour, "unknown"), at(time.Minute, "14")}}
	done := turns{{At: now.Add(-3 * time.Hour), Heard: conversation.Heard{Text: "something private"}, Steps: []conversation.Step{
		{Entity: "light.desk_lamp", Service: "light.turn_on", Outcome: conversation.Confirmed}}}}
	for _, c := range []struct {
		chronicle told
		past      Past
		with      string
		want      []string
	}{
		{window, nil, `{"of": "kitchen window", "state": "open"}`, []string{"Kitchen Window (binary_sensor.kitchen_window) is off now.", "last became open", "3h0m0s ago", "it was open for 1h0m0s in all"}},
		{window, nil, `{"of": "kitchen window", "state": "Opened"}`, []string{"3h0m0s ago"}},
		{window, nil, `{"of": "kitchen window", "state": "locked"}`, []string{"It was not locked since"}},
		{window, nil, `{"of": "kitchen window"}`, []string{": off (1h0m0s ago)", ": on (3h0m0s ago)", "2 changes since"}},
		{told{moments: window.moments[:1]}, nil, `{"of": "kitchen window", "state": "closed"}`, []string{"It has been closed since before"}},
		{told{moments: window.moments[:1]}, nil, `{"of": "kitchen window"}`, []string{"It has not changed since"}},
		{thermometer, nil, `{"of": "outdoor temperature"}`, []string{"least 3.5 °C at", "most 14 °C at"}},
		{told{err: fmt.Errorf("x: %w", home.ErrNotSupported)}, nil, `{"of": "kitchen window"}`, []string{"keeps no history"}},
		{told{}, done, `{"of": "desk lamp"}`, []string{"I did light.turn_on with it at", "confirmed"}},
	} {
		text, err := History(c.chronicle, c.past).Look(t.Context(), q, with(c.with))
		if err != nil {
			t.Errorf("%s: %v", c.with, err)
		}
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q lacks %q", c.with, text, want)
			}
		}
		if strings.Contains(text, "private") {
			t.Errorf("%s: tells what was said: %q", c.with, text)
		}
	}
	if _, err := History(told{err: home.ErrDisconnected}, nil).Look(t.Context(), q, with(`{"of": "desk lamp"}`)); !errors.Is(err, home.ErrDisconnected) {
		t.Errorf("without a connection: %v", err)
	}
	for _, bad := range []string{`{}`, `{"of": "submarine"}`, `{"of": "office safe lock.office_safe xyzzy"}`, `{"of": "desk lamp", "hours": 100000}`, `{"of": "desk lamp", "hours": -1}`} {
		if text, err := History(window, nil).Look(t.Context(), q, with(bad)); bad != `{"of": "office safe lock.office_safe xyzzy"}` && !errors.Is(err, conversation.ErrAskedWrongly) || strings.Contains(text, "safe") {
			t.Errorf("%s: %q, %v", bad, text, err)
		}
	}
}

func TestTheDemoHomesHistory(t *testing.T) {
	h, q := inDemo(t)
	text, err := History(h, nil).Look(t.Context(), q, with(`{"of": "bedroom window", "state": "open"}`))
	if err != nil || !strings.Contains(text, "last became open") {
		t.Errorf("%q, %v", text, err)
	}
}

type running []conversation.Timer

func (r running) Running() []conversation.Timer { return r }

func TestTimersAreTold(t *testing.T) {
	_, q := inDemo(t)
	due := time.Now().Add(5 * time.Minute)
	text, err := NewTimers(running{
		{Kind: "timer", Name: "pizza", Room: "kitchen", Left: 5 * time.Minute, Due: due},
		{Kind: "reminder", Message: "call mum", Left: time.Hour, Due: due.Add(time.Hour)},
		{Kind: "timer", Paused: true, Left: 90 * time.Second},
		{Kind: "alarm", Days: 1 << 1, Due: due}, {Kind: "timer", Ringing: true},
		{Kind: "condition", Entity: "cover.garage_door", State: "open"},
		{Kind: "reminder", Entity: "cover.garage_door", State: "closed", Left: time.Minute, Due: due}, // snoozed
	}).Look(t.Context(), q, nil)
	for _, want := range []string{"timer called pizza in Kitchen, due " + due.Local().Format("Monday 2 January 15:04") + ", in 5m0s", "reminder: call mum", "stands still with 1m30s left",
		"every", "rings now", "waits until cover.garage_door is open", "reminder: cover.garage_door is closed, due"} {
		if err != nil || !strings.Contains(text, want) {
			t.Errorf("%q lacks %q, %v", text, want, err)
		}
	}
	if text, err := NewTimers(running(nil)).Look(t.Context(), q, with(`{}`)); err != nil || text != "None is set." {
		t.Errorf("%q, %v", text, err)
	}
}

func TestListsAndWeather(t *testing.T) {
	h, q := inDemo(t)
	text, err := Lists().Look(t.Context(), q, with(`{"of": "shopping"}`))
	items, _ := h.Call(t.Context(), home.Call{Domain: "todo", Service: "get_items", Entity: "todo.shopping_list"})
	first := command.Objects(items["todo.shopping_list"].(map[string]any), "items")[0]["summary"].(string)
	if err != nil || !strings.Contains(text, "Shopping List (todo.shopping_list)") || !strings.Contains(text, "- "+first+"\n") {
		t.Errorf("%q, %v", text, err)
	}
	for _, c := range []struct{ with, want string }{{`{}`, "Oakfield now: partlycloudy, temperature 12.5 °C"}, {`{}`, ", low "}, {`{"hourly": true}`, ":00: "}} {
		if text, err := Weather().Look(t.Context(), q, with(c.with)); err != nil || !strings.Contains(text, c.want) {
			t.Errorf("%s: %q lacks %q, %v", c.with, text, c.want, err)
		}
	}
	q.Fetch = func(context.Context, home.Call) (map[string]any, error) { return nil, conversation.ErrNotAllowed }
	if _, err := Lists().Look(t.Context(), q, nil); !errors.Is(err, conversation.ErrNotAllowed) {
		t.Errorf("what the gate refuses: %v", err)
	}
	q.Fetch = nil
	if _, err := Weather().Look(t.Context(), q, nil); !errors.Is(err, conversation.ErrNotAllowed) {
		t.Errorf("where nothing can be asked: %v", err)
	}
	if Lists().Inside() || Calendar().Inside() || !Weather().Inside() {
		t.Error("what others may write counts as the home's own, or the forecast does not")
	}
}

func TestCalendar(t *testing.T) {
	snapshot := home.NewSnapshot([]home.Entity{{ID: "calendar.family", Name: "Family", State: "off", Exposed: true}, {ID: "calendar.work", Name: "Work", State: "off"}}, nil, nil)
	var asked []home.Call
	q := conversation.ModelQuestion{Home: snapshot, Fetch: func(_ context.Context, call home.Call) (map[string]any, error) {
		asked = append(asked, call)
		return map[string]any{"calendar.family": map[string]any{"events": []any{
			map[string]any{"summary": "Dentist", "start": "2026-12-24T15:30:00+01:00", "location": "Main Street"},
			map[string]any{"summary": "Christmas Eve", "start": "2026-12-24"},
			"nonsense", map[string]any{"start": 5},
		}}}, nil
	}}
	text, err := Calendar().Look(t.Context(), q, with(`{"from": "2026-12-24", "days": 2}`))
	at := time.Date(2026, 12, 24, 14, 30, 0, 0, time.UTC).Local().Format("Monday 2 January 15:04")
	if err != nil || !strings.Contains(text, at+": Dentist, Main Street\n") || !strings.Contains(text, "Thursday 24 December: Christmas Eve\n") {
		t.Errorf("%q, %v", text, err)
	}
	if len(asked) != 1 || asked[0].Entity != "calendar.family" || asked[0].Name() != "calendar.get_events" || !strings.HasPrefix(asked[0].Data["end_date_time"].(string), "2026-12-26T00:00:00") {
		t.Errorf("asked %+v", asked)
	}
	for _, bad := range []string{`{"from": "tomorrow"}`, `{"days": 400}`, `{"of": "submarine"}`} {
		if _, err := Calendar().Look(t.Context(), q, with(bad)); !errors.Is(err, conversation.ErrAskedWrongly) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if !Calendar().Fits(snapshot) || Lists().Fits(snapshot) || Weather().Fits(snapshot) {
		t.Error("tools are not told by what the home has")
	}
}

func TestMemory(t *testing.T) {
	q := conversation.ModelQuestion{Recall: func(context.Context) ([]string, error) {
		return []string{"The bin goes out on Tuesdays", "Anna: her birthday is in May"}, nil
	}}
	for asked, want := range map[string]string{
		`{}`: "The bin goes out on Tuesdays\nAnna: her birthday is in May", `{"words": "birthdays"}`: "Anna: her birthday is in May", `{"words": "submarine"}`: "",
	} {
		if got, err := Memory().Look(t.Context(), q, with(asked)); err != nil || got != want {
			t.Errorf("%s: %q, %v", asked, got, err)
		}
	}
	if _, err := Memory().Look(t.Context(), conversation.ModelQuestion{}, with(`{}`)); !errors.Is(err, conversation.ErrNotAllowed) {
		t.Errorf("where nothing is remembered: %v", err)
	}
	q.Recall = func(context.Context) ([]string, error) { return nil, errors.New("the disk is full") }
	if _, err := Memory().Look(t.Context(), q, with(`{}`)); err == nil {
		t.Error("what cannot be read is not known")
	}
}

// What people keep for themselves does not follow them out of the house: see llm.Private and llm.Leaver.
func TestWhichToolsArePrivate(t *testing.T) {
	web, err := NewWeb(WebOptions{Engine: "duckduckgo", Log: slog.New(slog.DiscardHandler), Registerer: prometheus.NewRegistry()})
	if err != nil {
		t.Fatal(err)
	}
	var keep, leave []string
	for _, tool := range []*Tool{NewHome().Tool, History(told{}, nil), NewTimers(nil), Lists(), Weather(), Calendar(), Calculator(), Units(), web.Tool, Memory()} {
		if tool.Private() {
			keep = append(keep, tool.Name())
		}
		if tool.Leaves() {
			leave = append(leave, tool.Name())
		}
	}
	if !slices.Equal(keep, []string{"lists", "calendar", "memory"}) || !slices.Equal(leave, []string{"web"}) {
		t.Errorf("private are %q, and %q leave the house", keep, leave)
	}
}

// Every form is a JSON schema of an object, and every hint is one short line.
func TestFormsAndHints(t *testing.T) {
	web, err := NewWeb(WebOptions{Engine: "duckduckgo", Registerer: prometheus.NewRegistry()})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, tool := range []*Tool{NewHome().Tool, History(told{}, nil), NewTimers(nil), Lists(), Weather(), Calendar(), Calculator(), Units(), web.Tool, Memory()} {
		var form struct{ Type string }
		if err := json.Unmarshal(tool.Form(), &form); err != nil || form.Type != "object" {
			t.Errorf("%s: %s, %v", tool.Name(), tool.Form(), err)
		}
		if strings.Contains(tool.Hint(), "\n") || len(tool.Hint()) > 160 || seen[tool.Name()] {
			t.Errorf("%s: %q", tool.Name(), tool.Hint())
		}
		seen[tool.Name()] = true
	}
}

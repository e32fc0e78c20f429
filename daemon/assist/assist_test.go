package assist

import (
	"context"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const flat = `{"flat": {"areas": [{"id": "den", "name": "Den", "floor": "up"}], "floors": [{"id": "up", "name": "Upstairs"}],
	"devices": [{"id": "d", "area": "den"}],
	"entities": [
		{"id": "light.lamp", "name": "Lamp", "device": "d", "attributes": {"supported_color_modes": ["brightness"], "color_mode": "brightness", "brightness": 100}},
		{"id": "cover.gate", "name": "Gate", "state": false, "attributes": {"device_class": "cover.CoverDeviceClass.GATE", "supported_features": ["cover.CoverEntityFeature.OPEN", "cover.CoverEntityFeature.CLOSE"]}},
		{"id": "sensor.heat", "name": "Heat", "attributes": {"native_value": 21.5, "native_unit_of_measurement": "°C"}},
		{"id": "fan.fan", "name": "Fan", "state": "off", "attributes": {"supported_features": ["fan.FanEntityFeature.SET_SPEED"]}},
		{"id": "todo.tasks", "name": "Tasks"},
		{"id": "calendar.mine", "name": "Mine"},
		{"id": "weather.here", "name": "Here", "attributes": {"condition": "sunny", "native_temperature": "62", "native_temperature_unit": "°F"}}
	]}}`

func houses(t testing.TB, text string) map[string]House {
	t.Helper()
	h, err := ReadHouses(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func oneCase(t testing.TB, text string) Case {
	t.Helper()
	cases, err := ReadCases(strings.NewReader(strings.ReplaceAll(text, "\n", " ")))
	if err != nil || len(cases) != 1 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	return cases[0]
}

func TestAHomeIsAsDescribedAndSetUp(t *testing.T) {
	c := oneCase(t, `{"home": "flat", "text": "x", "kind": "change", "context_device": "d", "context_now": "2025-04-02 08:30+10:00", "setup": {
		"light.lamp": {"state": "off", "attributes": {"brightness": 7}},
		"todo.tasks": {"attributes": {"todo_items": [{"summary": "a", "status": "needs_action"}, {"summary": "b", "status": "completed"}]}},
		"calendar.mine": {"attributes": {"events": [{"summary": "now", "start": "2025-04-02 08:00+10:00", "end": "2025-04-02 09:00+10:00"}]}}}}`)
	h := houses(t, flat)["flat"]
	house, err := h.Simulate(c)
	if err != nil {
		t.Fatal(err)
	}
	if room := h.room(c); room != "den" {
		t.Errorf("the speaker is in %q", room)
	}
	for id, want := range map[home.EntityID]struct {
		state, attribute string
		value            any
	}{
		"light.lamp":    {"off", "brightness", nil}, // as Home Assistant shows a light that is off
		"cover.gate":    {"closed", "supported_features", 3},
		"sensor.heat":   {"21.5", "unit_of_measurement", "°C"},
		"fan.fan":       {"off", "supported_features", 1 | 16 | 32},
		"todo.tasks":    {"1", "todo_items", nil},
		"calendar.mine": {"on", "events", nil},
		"weather.here":  {"sunny", "temperature", 62},
	} {
		e, ok := house.Snapshot().Entity(id)
		if !ok || !e.Exposed || e.State != want.state || e.Attributes[want.attribute] != want.value {
			t.Errorf("%s is %q with %s %v", id, e.State, want.attribute, e.Attributes[want.attribute])
		}
	}
	if e, _ := house.Snapshot().Entity("light.lamp"); e.Area != "den" {
		t.Errorf("the lamp is in %q", e.Area)
	}
}

func TestBadHomes(t *testing.T) {
	for name, c := range map[string]struct{ old, new, setup, want string }{
		"feature": {"FanEntityFeature.SET_SPEED", "FanEntityFeature.FLY", "{}", "not known of a fan"},
		"setup":   {"", "", `{"light.none": {"state": "on"}}`, `no entity "light.none"`},
		"time":    {"", "", `{"calendar.mine": {"attributes": {"events": [{"summary": "x", "start": "soon", "end": "later"}]}}}`, `start of "x": "soon" is no time`},
		"items":   {"", "", `{"todo.tasks": {"attributes": {"todo_items": "milk"}}}`, "want a list"},
		"item":    {"", "", `{"todo.tasks": {"attributes": {"todo_items": ["milk"]}}}`, "with a summary"},
	} {
		h := houses(t, strings.ReplaceAll(flat, c.old+"\"", c.new+"\""))
		if c.old == "" {
			h = houses(t, flat)
		}
		_, err := h["flat"].Simulate(oneCase(t, `{"home": "flat", "text": "x", "kind": "change", "setup": `+c.setup+`}`))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// A deed is what a test's speaker does to the home, and what is said of it.
type deed struct {
	house *demo.Home
	do    func(*demo.Home)
	turn  conversation.Turn
	asks  bool // first
	heard []string
}

func (d *deed) Say(_ context.Context, _, text string) (*conversation.Turn, error) {
	d.heard = append(d.heard, text)
	if d.asks && len(d.heard) == 1 {
		return &conversation.Turn{Asks: conversation.AsksConfirmation, Reply: "Shall I?"}, nil
	}
	if d.do != nil {
		d.do(d.house)
	}
	turn := d.turn
	return &turn, nil
}

func TestVerdicts(t *testing.T) {
	set := func(id home.EntityID, state string, attributes map[string]any) func(*demo.Home) {
		return func(h *demo.Home) { _ = h.Set(id, state, attributes) }
	}
	change := `{"home": "flat", "text": "lamp off", "kind": "change", "expect_changes": {"light.lamp": {"state": "off", "attributes": {"brightness": 3.0}}}, "ignore_changes": {"light.lamp": ["color_mode"]}}`
	question := `{"home": "flat", "text": "how warm is it", "kind": "answer", "expect_response": ["21", 22]}`
	for name, c := range map[string]struct {
		text  string
		deed  deed
		want  Verdict
		asked bool
	}{
		"as expected":   {change, deed{do: set("light.lamp", "off", map[string]any{"brightness": 3, "color_mode": "x"})}, Right, false},
		"after a yes":   {change, deed{do: set("light.lamp", "off", map[string]any{"brightness": 3}), asks: true}, Right, true},
		"another value": {change, deed{do: set("light.lamp", "off", map[string]any{"brightness": 4})}, Wrong, false},
		"another thing": {change, deed{do: set("cover.gate", "open", nil)}, Wrong, false},
		"one thing too many": {change, deed{do: func(h *demo.Home) {
			set("light.lamp", "off", map[string]any{"brightness": 3})(h)
			set("cover.gate", "open", nil)(h)
		}}, Wrong, false},
		"nothing, and said so": {change, deed{turn: conversation.Turn{Failure: conversation.NoModel}}, Unanswered, false},
		"nothing, and done":    {change, deed{turn: conversation.Turn{Reply: "Done"}}, Wrong, false},
		"asks for the room":    {change, deed{turn: conversation.Turn{Asks: conversation.AsksRoom}}, Unanswered, false},
		"with an apology":      {change, deed{do: set("light.lamp", "off", map[string]any{"brightness": 3}), turn: conversation.Turn{Reply: "Sorry"}}, Wrong, false},
		"failed, and changed":  {change, deed{do: set("cover.gate", "open", nil), turn: conversation.Turn{Failure: conversation.StepFailed}}, Wrong, false},
		"answered":             {question, deed{turn: conversation.Turn{Reply: "It is 22 degrees"}}, Right, false},
		"answered otherwise":   {question, deed{turn: conversation.Turn{Reply: "It is warm"}}, Wrong, false},
		"answered and acted":   {question, deed{do: set("cover.gate", "open", nil), turn: conversation.Turn{Reply: "21"}}, Wrong, false},
		"not answered":         {question, deed{turn: conversation.Turn{Reply: "I do not know", Failure: conversation.NoModel}}, Unanswered, false},
	} {
		t.Run(name, func(t *testing.T) {
			build := func(ctx context.Context, house *demo.Home, _ func() time.Time, use func(context.Context, Speaker) error) error {
				c.deed.house = house
				return use(ctx, &c.deed)
			}
			r, err := Run(t.Context(), houses(t, flat)["flat"], oneCase(t, c.text), build)
			if err != nil || r.Verdict != c.want || r.Asked != c.asked || r.Verdict != Right && r.Why == "" {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

func TestScores(t *testing.T) {
	scores := Scores([]Result{{Category: "b", Verdict: Right, Asked: true}, {Category: "a", Verdict: Wrong}, {Category: "b", Verdict: Unanswered}, {Category: "b", Verdict: Right}})
	want := []Score{{"a", 1, 0, 0, 0, 1}, {"b", 3, 2, 1, 1, 0}, {"all", 4, 2, 1, 1, 1}}
	if len(scores) != 3 || scores[0] != want[0] || scores[1] != want[1] || scores[2] != want[2] {
		t.Errorf("%+v", scores)
	}
}

// Whatever is read is refused or can be simulated.
func FuzzRead(f *testing.F) {
	f.Add(`{"home": "flat", "text": "x", "kind": "change"}`, flat)
	f.Add(`{"home": "flat", "text": "x", "kind": "answer", "expect_response": [30], "category": ["a", "b"]}`, `{"flat": {"entities": [{"id": "light"}]}}`)
	f.Add(`{"home": "flat", "text": "x", "kind": "change", "setup": {"a": {"state": [1]}}}`, `{"flat": {"entities": [{"id": "a", "attributes": {"supported_features": "x"}}]}}`)
	f.Fuzz(func(t *testing.T, lines, homes string) {
		cases, err := ReadCases(strings.NewReader(lines))
		if err != nil {
			return
		}
		h, err := ReadHouses(strings.NewReader(homes))
		if err != nil {
			return
		}
		for _, c := range cases {
			if house, err := h[c.Home].Simulate(c); err == nil && house.Snapshot() == nil {
				t.Error("a home without a snapshot")
			}
		}
	})
}

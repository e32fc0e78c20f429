package llm

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
)

// everything is a question in a home with a device of every kind.
func everything() *question {
	state := func(id home.EntityID, attributes map[string]any) home.Entity {
		return home.Entity{ID: id, Name: "One", State: "on", Exposed: true, Attributes: attributes}
	}
	words := []any{"one", "two"}
	snapshot := home.NewSnapshot([]home.Entity{
		state("light.a", map[string]any{"supported_color_modes": []any{"hs"}, "min_color_temp_kelvin": 2000, "max_color_temp_kelvin": 6500}),
		state("switch.a", nil), state("fan.a", map[string]any{"preset_modes": words}), state("cover.a", map[string]any{"supported_features": 255}), state("valve.a", nil),
		state("lock.a", nil), state("climate.a", map[string]any{"hvac_modes": words, "fan_modes": words, "min_temp": 7.0, "max_temp": 35.0}),
		state("water_heater.a", map[string]any{"operation_list": words}), state("humidifier.a", map[string]any{"available_modes": words}),
		state("media_player.a", map[string]any{"source_list": words, "supported_features": 4194304 | 512 | 4 | 8}),
		state("vacuum.a", map[string]any{"supported_features": 16384 | 8192, "fan_speed_list": words}),
		state("lawn_mower.a", nil), state("scene.a", nil), state("script.a", nil), state("button.a", nil), state("input_button.a", nil), state("todo.a", nil),
		state("alarm_control_panel.a", nil), state("select.a", map[string]any{"options": words}), state("input_select.a", map[string]any{"options": words}),
		state("number.a", map[string]any{"min": 1.0, "max": 9.0, "step": 0.5}), state("input_number.a", nil), state("siren.a", nil), state("remote.a", nil),
		state("automation.a", nil), state("group.a", nil), state("input_boolean.a", nil), state("assist_satellite.a", nil), state("camera.a", nil), state("sensor.a", nil),
		{ID: "lock.hidden", Name: "Hidden", State: "locked"},
	}, []home.Area{{ID: "kitchen", Name: "Kitchen"}}, nil)
	q := &question{ModelQuestion: conversation.ModelQuestion{
		Home: snapshot, Room: "kitchen", Language: "en", Text: "do all",
		Timers: []conversation.Timer{{ID: "1", Kind: command.Countdown, Due: sundayEvening.Add(time.Minute)}, {ID: "2", Kind: command.Alarm, Ringing: true}},
	}, knowledge: know(snapshot, ""), now: sundayEvening}
	for _, e := range snapshot.Entities {
		if e.Exposed {
			q.offered = append(q.offered, e)
		}
	}
	return q
}

// What the schema lets a model write passes the check of the answer, and is a call of what was asked.
func TestEveryCallOfTheSchemaIsAccepted(t *testing.T) {
	q := everything()
	domains := map[string]bool{}
	for _, target := range q.targets() {
		for _, s := range target.services {
			domains[target.id.Domain()] = true
			data := map[string]any{}
			for _, f := range s.Fields {
				text := append(slices.Clone(f.Choices), "08:15")[0]
				if f.Name == "days" {
					text = "mon"
				}
				data[f.Name] = map[command.FieldKind]any{command.Whole: f.Max, command.Number: f.Min, command.Flag: true, command.Text: text}[f.Kind]
			}
			written, err := json.Marshal(writtenAnswer{Calls: []writtenCall{{Entity: target.id, Service: s.Name, Data: data}}})
			if err != nil {
				t.Fatal(err)
			}
			read, err := q.read(string(written), false)
			if err != nil || len(read.calls) != 1 || target.id != command.NewTimer && (read.calls[0].Entity != target.id || read.calls[0].Service != s.Name) {
				t.Errorf("%s: got %+v, %v", written, read.calls, err)
			}
		}
	}
	for _, e := range q.offered {
		if e.Domain() != "sensor" && !domains[e.Domain()] {
			t.Errorf("nothing can be asked of %s", e.ID)
		}
	}
}

func TestAnswersAreRead(t *testing.T) {
	q := everything()
	for written, want := range map[string]string{
		`{"calls": [{"entity": "light.a", "service": "light.turn_on"}, {"entity": "light.a", "service": "turn_on", "data": {}}], "tell": ["sensor.a"], "reply": "I did it."}`: "light.turn_on light.a",
		`{"calls": [{"entity": "group.a", "service": "turn_off"}]}`:                                        "homeassistant.turn_off group.a",
		`{"calls": [{"entity": "timer", "service": "start", "data": {"seconds": 90, "name": "tea"}}]}`:     "timer.start ",
		`{"calls": [{"entity": "timer.1", "service": "pause"}, {"entity": "timer.2", "service": "stop"}]}`: "timer.pause timer.1, timer.stop timer.2",
		`{"calls": [], "tell": ["sensor.a", "light.a", "sensor.a"], "reply": "It is on."}`:                 "tell sensor.a, light.a",
		`<think>x</think>{"calls": [], "tell": [], "reply": "Hello."}`:                                     "Hello.",
		`{"calls": [], "tell": [], "reply": "I have turned on the light."}`:                                "! nothing was done",
		`{"calls": [], "tell": [], "reply": "The kitchen has 47 degrees."}`:                                "! nothing was done",
		`{"calls": [], "tell": ["lock.hidden"], "reply": ""}`:                                              `! there is no entity "lock.hidden"`,
		`{"calls": [{"entity": "lock.hidden", "service": "unlock"}]}`:                                      `! there is no entity`,
		`{"calls": [{"entity": "timer.3", "service": "cancel"}]}`:                                          `! there is no entity`,
		`{"calls": [{"entity": "timer.1", "service": "start", "data": {"seconds": 9}}]}`:                   `! timer.1 has no service "start"`,
		`{"calls": [{"entity": "lock.a", "service": "lock.open"}]}`:                                        `! lock.a has no service "lock.open"`,
		`{"calls": [{"entity": "climate.a", "service": "set_temperature", "data": {"temperature": 90}}]}`:  "! set_temperature of climate.a: temperature cannot be 90: give a number from 7 to 35",
		`{"calls": [{"entity": "select.a", "service": "select_option", "data": {"option": "three"}}]}`:     "give one of one, two",
		`{"calls": [], "reply": " "}`:                                                                      "! the answer has neither",
		`no JSON`:                                                                                          "! the answer is not complete JSON",
	} {
		read, err := q.read(written, false)
		got := read.reply
		switch {
		case err != nil:
			got = "! " + err.Error()
		case len(read.calls) > 0:
			got = strings.Join(called(read.calls), ", ")
		case len(read.tell) > 0:
			got = "tell " + strings.Join([]string{string(read.tell[0]), string(read.tell[1])}, ", ")
		}
		if !strings.Contains(got, want) || len(read.calls) > 0 && got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", written, got, want)
		}
	}
}

// Whatever a model writes, it is refused or calls what is offered with what the service takes.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{
		`{"calls": [{"entity": "light.a", "service": "turn_on", "data": {"brightness_pct": 40}}], "tell": [], "reply": ""}`,
		`{"calls": [{"entity": "lock.hidden", "service": "unlock"}], "reply": "I opened it."}`,
		`{"calls": [{"entity": "timer", "service": "start_at", "data": {"at": "07:30", "days": "mon,tue"}}]}`,
		`{"calls": [{"entity": "vacuum.a", "service": "clean_area", "data": {"cleaning_area_id": "kitchen"}}]}`,
		`{"calls": [{"entity": "number.a", "service": "set_value", "data": {"value": 1e308}}]}`,
		`{"calls": [{"area": "everywhere", "domain": "lock", "service": "unlock"}, {"area": "kitchen", "domain": "light", "service": "turn_on"}]}`,
		`{"calls": [{"entity": "timer", "service": "wait_for", "data": {"entity": "lock.hidden", "state": "unlocked"}}]}`,
		`{"calls": [], "tell": ["sensor.a"], "reply": ""}`, `{"calls": {"entity": 1}}`, `{"calls": [], "reply": "\ud800"}`, `<think>{}</think>`, `[[[[`,
	} {
		f.Add(seed)
	}
	q := everything()
	f.Fuzz(func(t *testing.T, output string) {
		read, err := q.read(output, false)
		if err != nil {
			if len(err.Error()) > 100_000 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
			return
		}
		if len(read.calls) == 0 && len(read.tell) == 0 && strings.TrimSpace(read.reply) == "" {
			t.Error("nothing came of it, and no error")
		}
		if len(read.calls) > maxTogether || len(read.tell) > maxTold || len(read.calls) > 0 && read.reply != "" {
			t.Errorf("got %+v", read)
		}
		for _, id := range read.tell {
			if e, ok := q.Home.Entity(id); !ok || !e.Exposed {
				t.Errorf("it tells of %s", id)
			}
		}
		for _, c := range read.calls {
			checkCall(t, q, c)
		}
	})
}

// checkCall compares a call with what was offered, without the code that has made it.
func checkCall(t *testing.T, q *question, c home.Call) {
	if c.Domain == "timer" {
		known := []home.EntityID{"", "timer.1", "timer.2"}
		services := []string{"start", "cancel", "pause", "unpause", "increase", "decrease", "stop", "snooze"}
		watched, _ := c.Data["entity"].(string)
		e, _ := q.Home.Entity(home.EntityID(watched))
		if !slices.Contains(known, c.Entity) || !slices.Contains(services, c.Service) || watched != "" && !e.Exposed {
			t.Errorf("got %+v", c)
		}
		return
	}
	e, ok := q.Home.Entity(c.Entity)
	if !ok || !e.Exposed || c.Domain != e.Domain() && c.Domain != "homeassistant" {
		t.Fatalf("got %+v", c)
	}
	services := command.Services(q.Home, e)
	i := slices.IndexFunc(services, func(s command.Service) bool { return s.Name == c.Service })
	if i < 0 {
		t.Fatalf("%s has no service %s", e.ID, c.Service)
	}
	for name, value := range c.Data {
		j := slices.IndexFunc(services[i].Fields, func(f command.Field) bool { return f.Name == name })
		if j < 0 {
			t.Fatalf("%s has no field %s", c.Name(), name)
		}
		f := services[i].Fields[j]
		switch v := value.(type) {
		case int:
			if float64(v) < f.Min || float64(v) > f.Max {
				t.Errorf("%s is %d, of %v to %v", name, v, f.Min, f.Max)
			}
		case float64:
			if !(v >= f.Min && v <= f.Max) {
				t.Errorf("%s is %v, of %v to %v", name, v, f.Min, f.Max)
			}
		case string:
			if f.Choices != nil && !slices.Contains(f.Choices, v) || len(v) > 800 {
				t.Errorf("%s is %q", name, v)
			}
		case []string:
			if len(v) != 1 || !slices.Contains(f.Choices, v[0]) {
				t.Errorf("%s is %q", name, v)
			}
		case bool:
		default:
			t.Errorf("%s is a %T", name, value)
		}
	}
}

// What is in a calendar or on a list is not its state, which is told as "on", "off" or a number.
func TestACalendarIsNotToldByItsState(t *testing.T) {
	q := put(conversation.ModelQuestion{Text: "what is on the family calendar", Home: home.NewSnapshot([]home.Entity{
		{ID: "calendar.family", Name: "Family calendar", State: "off", Exposed: true},
		{ID: "todo.family", Name: "Family list", State: "3", Exposed: true},
		{ID: "sensor.family", Name: "Family tree", State: "tall", Exposed: true},
	}, nil, nil)})
	form, err := json.Marshal(q.schema())
	if text := string(form); err != nil || !strings.Contains(text, `"tell":{"type":"array","items":{"type":"string","enum":["sensor.family"]}`) {
		t.Errorf("the form is %s, %v", text, err)
	}
	for _, id := range []string{"calendar.family", "todo.family"} {
		if _, err := q.read(`{"calls": [], "tell": ["`+id+`"], "reply": ""}`, false); err == nil || !strings.Contains(err.Error(), "does not tell") {
			t.Errorf("%s is told: %v", id, err)
		}
	}
}

package intent

import (
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"hearth/daemon/intent/jinja"
)

const testResponses = `{
  "language": "en",
  "responses": {
    "errors": {
      "handle_error": "Something went wrong",
      "no_area": "No area called {{ area | capitalize }}",
      "no_domain": "No {{ domain.replace('_', ' ') }} is {{ state | lower }}"
    },
    "intents": {
      "Set": {
        "default": "\n  Set {{ slots.name }}\n  to {{ slots.level }}{{ ' ' ~ slots.unit if slots.unit is defined }}\n",
        "broken": "{{ 1 / 0 }}",
        "unreadable": "{% if %}"
      },
      "Ask": {
        "one": "{{ state.name }} is {{ state.state_with_unit }}{% if state == 'away' %}, not here{% endif %}",
        "count": "{{ query.matched | length }} of {{ query.total_results }}: {{ query.unmatched | map(attribute='name') | sort | join(', ') }}",
        "attribute": "{{ state_attr(state.entity_id, 'temperature') }} {{ state.attributes.get('unit') }} {{ state_attr('none', 'x') }} {{ state.attributes.humidity }} {{ state.attributes.fan }}",
        "when": "{{ slots.date }} {{ slots.date.weekday() }} {{ slots.date.year }}/{{ slots.date.month }}/{{ slots.date.day }} {{ slots.time }} {{ '{0:02d}'.format(slots.time.minute) }} {{ slots.time.hour }}",
        "clock": "{{ now() }} {{ now().strftime('%A, %-d %B %Y, %H:%M %p %j 100%%') }} {{ slots.time.strftime('%-I') }} {{ slots.date.isoweekday() }}",
        "media": "{% if slots.media %}{{ slots.media.title }}{% else %}nothing{% endif %}",
        "timers": "{{ slots.canceled }}{% for t in slots.timers | selectattr('is_active') | sort(attribute='total_seconds_left') %} {{ t.name or t.area }} {{ t.rounded_hours_left }}:{{ t.rounded_minutes_left }}:{{ t.rounded_seconds_left }} of {{ t.start_minutes }}{% endfor %}"
      }
    }
  },
  "intents": {}, "lists": {}, "expansion_rules": {}
}`

func responding(t testing.TB) *Language {
	t.Helper()
	source, err := decodeLanguage([]byte(testResponses))
	if err != nil {
		t.Fatal(err)
	}
	l, err := compileLanguage(source)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestRespond(t *testing.T) {
	slots := func(pairs ...any) map[string]Slot {
		m := map[string]Slot{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i].(string)] = pairs[i+1].(Slot)
		}
		return m
	}
	lamp := State{Name: "Lamp", Domain: "light", State: "on"}
	person := State{Name: "Ann", Domain: "person", State: "away", StateWithUnit: "Away"}
	heater := State{Name: "Heater", Domain: "climate", State: "heat", Attributes: map[string]any{
		"temperature": 21.0, "unit": "°C", "presets": []string{"eco"}, "range": map[string]any{"max": float32(30)}, "humidity": json.Number("40.0"), "fan": json.Number("2"),
	}}
	for _, c := range []struct {
		name   string
		result Result
		data   ResponseData
		want   string
	}{
		{"values of lists", Result{Intent: "Set", Slots: slots("name", Slot{Value: "hall", Text: "Hallway"}, "level", Slot{Value: 30, Text: "half"})}, ResponseData{}, "Set hall to half"},
		{"numbers without words", Result{Intent: "Set", Slots: slots("level", Slot{Value: 20.5}, "unit", Slot{Value: "degrees"})}, ResponseData{}, "Set to 20.5 degrees"},
		{"no such response", Result{Intent: "Set", Response: "nothing"}, ResponseData{}, ""},
		{"no such intent", Result{Intent: "Other"}, ResponseData{}, ""},
		{"one state", Result{Intent: "Ask", Response: "one"}, ResponseData{State: &lamp}, "Lamp is on"},
		{"a state in words", Result{Intent: "Ask", Response: "one"}, ResponseData{State: &State{Name: "Tür", State: "on", Spoken: "offen"}}, "Tür is offen"},
		{"a state compared with text", Result{Intent: "Ask", Response: "one"}, ResponseData{State: &person}, "Ann is Away, not here"},
		{"the first that matched", Result{Intent: "Ask", Response: "one"}, ResponseData{Matched: []State{heater, lamp}}, "Heater is heat"},
		{"the first that did not match", Result{Intent: "Ask", Response: "one"}, ResponseData{Unmatched: []State{lamp}}, "Lamp is on"},
		{"counted", Result{Intent: "Ask", Response: "count"}, ResponseData{Matched: []State{lamp}, Unmatched: []State{person, heater}}, "1 of 3: Ann, Heater"},
		{"attributes", Result{Intent: "Ask", Response: "attribute"}, ResponseData{Matched: []State{heater}}, "21 °C None 40.0 2"},
		{"date and time", Result{Intent: "Ask", Response: "when"}, ResponseData{Now: time.Date(2026, 11, 22, 9, 5, 7, 0, time.UTC)}, "2026-11-22 6 2026/11/22 09:05:07 05 9"},
		{"now", Result{Intent: "Ask", Response: "clock"}, ResponseData{Now: time.Date(2026, 2, 1, 9, 5, 7, 0, time.UTC)}, "2026-02-01 09:05:07 Sunday, 1 February 2026, 09:05 AM 032 100% 9 7"},
		{"media", Result{Intent: "Ask", Response: "media"}, ResponseData{Media: []string{"Song", "Other"}}, "Song"},
		{"no media", Result{Intent: "Ask", Response: "media"}, ResponseData{}, "nothing"},
		{"timers", Result{Intent: "Ask", Response: "timers"}, ResponseData{Timers: []Timer{
			{Active: true, Name: "pizza", Start: Span{Minutes: 90}, Left: Span{Hours: 1, Minutes: 30}, SecondsLeft: 3600 + 29*60},
			{Active: true, Area: "hall", Start: Span{Minutes: 2}, Left: Span{Minutes: 2}, SecondsLeft: 110},
			{Name: "paused"},
		}}, "3 hall 0:2:0 of 2 pizza 1:30:0 of 90"},
	} {
		got, err := responding(t).Respond(c.result, c.data)
		if got != c.want || err != nil {
			t.Errorf("%s: %q, %v, want %q", c.name, got, err, c.want)
		}
	}
}

func TestRespondFails(t *testing.T) {
	for key, want := range map[string]string{
		"broken":     "render response: template Set.broken:1:6: division by zero",
		"unreadable": `compile response: template Set.unreadable:1:7: a value is expected here, not "%}"`,
	} {
		_, err := responding(t).Respond(Result{Intent: "Set", Response: key}, ResponseData{})
		var fault *jinja.Error
		if !errors.As(err, &fault) || err.Error() != want {
			t.Errorf("%s: %v", key, err)
		}
	}
}

func TestApology(t *testing.T) {
	l := responding(t)
	for _, c := range []struct {
		key  string
		data map[string]any
		want string
	}{
		{"no_area", map[string]any{"area": "attic"}, "No area called Attic"},
		{"no_domain", map[string]any{"domain": "media_player", "state": "ON"}, "No media player is on"},
		{"no_domain", nil, "Something went wrong"},
		{"no_such_key", nil, "Something went wrong"},
	} {
		if got := l.Apology(c.key, c.data); got != c.want {
			t.Errorf("%s: %q, want %q", c.key, got, c.want)
		}
	}
}

func TestRespondTogether(t *testing.T) {
	l := responding(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				if got := l.Apology("no_area", map[string]any{"area": "x"}); got != "No area called X" {
					t.Errorf("%q", got)
				}
			}
		})
	}
	group.Wait()
}

func TestRoundLeft(t *testing.T) {
	for left, want := range map[int]Span{
		0:                  {0, 0, 0},
		9:                  {0, 0, 9},
		25:                 {0, 0, 20},
		51:                 {0, 1, 0},
		74:                 {0, 1, 0},
		75:                 {0, 1, 30},
		105:                {0, 1, 30},
		106:                {0, 2, 0},
		3600:               {1, 0, 0},
		3600 + 15*60:       {1, 30, 0},
		3600 + 46*60:       {2, 0, 0},
		2*3600 + 14*60 + 5: {2, 0, 0},
	} {
		if got := RoundLeft(time.Duration(left) * time.Second); got != want {
			t.Errorf("%d s: %v, want %v", left, got, want)
		}
	}
}

func BenchmarkRespond(b *testing.B) {
	l := responding(b)
	r := Result{Intent: "Set", Slots: map[string]Slot{"name": {Value: "hall"}, "level": {Value: 30, Text: "30"}}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := l.Respond(r, ResponseData{}); err != nil {
			b.Fatal(err)
		}
	}
}

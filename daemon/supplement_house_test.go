package daemon

import (
	"testing"

	"hearth/daemon/intent"
)

// deviceNames are a home with one device of each kind that Hearth's own sentences speak of, called by its domain.
func deviceNames() intent.Names {
	names := intent.Names{Areas: []intent.Name{{ID: "b", Names: []string{"Bad", "Baño", "Bedroom"}}}}
	for _, domain := range []string{"alarm_control_panel", "binary_sensor", "calendar", "camera", "climate", "cover", "fan", "humidifier", "input_number",
		"input_select", "lawn_mower", "media_player", "siren", "todo", "vacuum", "water_heater", "weather"} {
		names.Entities = append(names.Entities, intent.Name{ID: domain + ".x", Names: []string{"x " + domain}, Context: map[string]string{"domain": domain}})
	}
	return names
}

// TestHouseSentences has each language say what only Hearth understands.
func TestHouseSentences(t *testing.T) {
	for language, cases := range map[string][]struct {
		said, intent string
		slot, value  string // one of the slots, "" for none
	}{
		"en": {
			{"turn on x siren", "HassTurnOn", "name", "x siren"},
			{"set x input_select to summer holiday", "HearthSetOption", "option", "summer holiday"},
			{"switch x media_player to hdmi 1", "HearthSetOption", "option", "hdmi 1"},
			{"set x input_number to 20.5", "HearthSetNumber", "value", "20.5"},
			{"set x input_number to 2500", "HearthSetNumber", "value", "2500"},
			{"will it rain on Friday", "HearthForecast", "weekday", "5"},
			{"arm the alarm in night mode", "HearthArm", "mode", "night"},
			{"what is on x calendar tomorrow", "HearthCalendar", "day", "1"},
			{"is x binary_sensor wet", "HassGetState", "state", "on"},
		},
		"de": {
			{"schalte die x siren aus", "HassTurnOff", "name", "x siren"},
			{"stelle x input_select auf Urlaub ein", "HearthSetOption", "option", "Urlaub"},
			{"schalte x climate auf heizen", "HearthSetOption", "option", "heat"},
			{"setze x input_number auf 20,5", "HearthSetNumber", "value", "20.5"},
			{"stelle x humidifier auf 50 Prozent ein", "HearthSetHumidity", "humidity", "50"},
			{"stelle x water_heater auf 55 Grad ein", "HassClimateSetTemperature", "temperature", "55"},
			{"wie feucht ist es im Bad", "HearthGetHumidity", "area", "Bad"},
			{"halte x cover an", "HearthStop", "name", "x cover"},
			{"wie wird morgen das Wetter", "HearthForecast", "day", "1"},
			{"regnet es am Samstag", "HearthForecast", "weekday", "6"},
			{"was steht morgen im Kalender", "HearthCalendar", "day", "1"},
			{"entschärfe die Alarmanlage", "HearthDisarm", "", ""},
			{"mach ein Foto mit x camera", "HearthSnapshot", "name", "x camera"},
			{"ist x binary_sensor nass", "HassGetState", "state", "on"},
		},
		"fr": {
			{"allume la x siren", "HassTurnOn", "name", "x siren"},
			{"mets x input_select sur vacances", "HearthSetOption", "option", "vacances"},
			{"règle x input_number à 20", "HearthSetNumber", "value", "20"},
			{"règle x humidifier sur 50 pour cent", "HearthSetHumidity", "humidity", "50"},
			{"arrête x cover", "HearthStop", "name", "x cover"},
			{"mets x vacuum en pause", "HearthPause", "name", "x vacuum"},
			{"quel temps fera-t-il demain", "HearthForecast", "day", "1"},
			{"qu'y a-t-il dans mon agenda demain", "HearthCalendar", "day", "1"},
			{"désarme l'alarme", "HearthDisarm", "", ""},
			{"prends une photo avec x camera", "HearthSnapshot", "name", "x camera"},
		},
		"es": {
			{"enciende la x siren", "HassTurnOn", "name", "x siren"},
			{"pon x input_select en vacaciones", "HearthSetOption", "option", "vacaciones"},
			{"pon x input_number a 20", "HearthSetNumber", "value", "20"},
			{"pon x humidifier al 50 por ciento", "HearthSetHumidity", "humidity", "50"},
			{"para x cover", "HearthStop", "name", "x cover"},
			{"qué tiempo hará mañana", "HearthForecast", "day", "1"},
			{"qué tengo en mi agenda mañana", "HearthCalendar", "day", "1"},
			{"desactiva la alarma", "HearthDisarm", "", ""},
			{"haz una foto con x camera", "HearthSnapshot", "name", "x camera"},
		},
		"nl": {
			{"zet de x siren aan", "HassTurnOn", "name", "x siren"},
			{"zet x input_select op vakantie", "HearthSetOption", "option", "vakantie"},
			{"zet x input_number op 20", "HearthSetNumber", "value", "20"},
			{"zet x humidifier op 50 procent", "HearthSetHumidity", "humidity", "50"},
			{"stop x cover", "HearthStop", "name", "x cover"},
			{"wat voor weer wordt het morgen", "HearthForecast", "day", "1"},
			{"wat staat er morgen in mijn agenda", "HearthCalendar", "day", "1"},
			{"schakel het alarm uit", "HearthDisarm", "", ""},
			{"maak een foto met x camera", "HearthSnapshot", "name", "x camera"},
		},
	} {
		l := supplementedLanguage(t, language)
		h := l.Home(deviceNames())
		for _, c := range cases {
			results := h.Recognize(c.said, intent.Where{})
			if len(results) == 0 {
				t.Errorf("%s: not understood: %q", language, c.said)
				continue
			}
			r := results[0]
			if r.Intent != c.intent || c.slot != "" && r.Slots[c.slot].String() != c.value {
				t.Errorf("%s: %q is %s with %v, want %s with %s %q", language, c.said, r.Intent, r.Slots, c.intent, c.slot, c.value)
			}
			if reply, err := l.Respond(r, about(r)); err != nil || reply == "" {
				t.Errorf("%s: %q: reply %q, %v", language, c.said, reply, err)
			}
		}
	}
}

// about is enough for every reply.
func about(r intent.Result) intent.ResponseData {
	state := intent.State{Name: r.Slots["name"].String(), Domain: "light", State: "on"}
	return intent.ResponseData{State: &state, Matched: []intent.State{state}, Facts: map[string]any{
		"condition": "rainy", "high": 12.5, "low": 3.0, "rain": 40.0,
		"events": []any{map[string]any{"summary": "a", "time": "09:00"}, map[string]any{"summary": "b"}},
	}}
}

// One o'clock has an article of its own.
func TestSpanishCalendarHours(t *testing.T) {
	l := supplementedLanguage(t, "es")
	results := l.Home(deviceNames()).Recognize("qué tengo en mi agenda mañana", intent.Where{})
	if len(results) == 0 {
		t.Fatal("not understood")
	}
	var events []any
	for _, at := range []string{"01:05", "09:00", "13:00", "21:00"} {
		events = append(events, map[string]any{"summary": "Cita", "time": at})
	}
	reply, err := l.Respond(results[0], intent.ResponseData{Facts: map[string]any{"events": events}})
	if want := "Cita a la 01:05, Cita a las 09:00, Cita a las 13:00 y Cita a las 21:00"; err != nil || reply != want {
		t.Errorf("%q, want %q, %v", reply, want, err)
	}
}

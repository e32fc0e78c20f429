package intent

import (
	"path/filepath"
	"testing"
	"time"
)

// everySlot has a value for each slot of the published intents.
func everySlot() map[string]Slot {
	slots := map[string]Slot{}
	for name, value := range map[string]any{
		"name": "Élise's lamp 2", "area": "Küche", "floor": "Первый этаж", "preferred_area_id": "hall",
		"domain": "light", "device_class": "curtain", "state": "on", "color": "red", "item": "ΓΆΛΑ", "message": "hello",
		"search_query": "ABBA", "media_class": "album", "fan_mode": "auto", "conversation_command": "stop",
	} {
		slots[name] = Slot{Value: value, Text: "said"}
	}
	for i, name := range []string{
		"hours", "minutes", "seconds", "start_hours", "start_minutes", "start_seconds", "temperature", "brightness",
		"position", "percentage", "volume_level", "volume_step",
	} {
		slots[name] = Slot{Value: 21 + i, Text: []string{"21", "half", "двадцять"}[i%3]}
	}
	return slots
}

// answers are what a daemon may have to say: entities of every kind and state, timers, media, nothing.
func answers() []ResponseData {
	weather := map[string]any{
		"temperature": -1.5, "temperature_unit": "°C", "humidity": 40.0, "pressure": 1013.2, "pressure_unit": "hPa",
		"wind_speed": 12.0, "wind_speed_unit": "km/h", "wind_gust_speed": 31.0, "wind_bearing": 359.0, "uv_index": 3.0,
	}
	var all []State
	for domain, states := range map[string][]string{
		"light": {"on", "off", "unavailable"}, "cover": {"open", "closed"}, "lock": {"locked", "unlocked"},
		"binary_sensor": {"on", "off"}, "sensor": {"20.5", "unknown"}, "person": {"home", "not_home", "Work"},
		"climate": {"heat"}, "weather": {"rainy", "clear-night"}, "media_player": {"playing"}, "vacuum": {"docked"},
	} {
		for _, state := range states {
			attributes := map[string]any{"device_class": "door", "current_temperature": 1.0, "temperature": 21.0}
			if domain == "weather" {
				attributes = weather
			}
			all = append(all, State{Name: "Élise's " + state, Domain: domain, State: state, Attributes: attributes})
		}
	}
	timers := []Timer{
		{Active: true, Start: Span{1, 2, 3}, Left: Span{Minutes: 1}, SecondsLeft: 60},
		{Name: "pizza", Area: "Küche", Start: Span{Minutes: 5}, Left: Span{Hours: 22, Minutes: 30}, SecondsLeft: 81_000},
		{Active: true, Left: Span{Seconds: 2}, SecondsLeft: 2},
	}
	shapes := []ResponseData{{Matched: all}, {Unmatched: all}, {Matched: all[:4], Unmatched: all[4:5], Media: []string{"Song"}}}
	for i, state := range all {
		shapes = append(shapes, ResponseData{State: &state, Matched: []State{state}, Timers: timers[:i%4]})
	}
	for i := range shapes {
		shapes[i].Now = time.Date(2026, time.Month(1+i%12), 1+i, i%24, 7*i%60, 0, 0, time.UTC)
	}
	return shapes
}

// TestPublishedResponses renders every response of every language for all that it may have to speak of.
func TestPublishedResponses(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(sentenceAssets(t), "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	slots, rendered := everySlot(), 0
	for _, path := range paths {
		if filepath.Base(path) == "intents.json" {
			continue
		}
		l, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		for intent, responses := range l.source.Responses.Intents {
			for key := range responses {
				for i, data := range answers() {
					rendered++
					if _, err := l.Respond(Result{Intent: intent, Response: key, Slots: slots}, data); err != nil {
						t.Errorf("%s, answer %d: %v", l.Code, i, err)
					}
				}
			}
		}
		for key := range l.source.Responses.Errors {
			rendered++
			if l.Apology(key, map[string]any{"area": "Küche", "floor": "2", "domain": "media_player", "device_class": "door", "entity": "Lamp"}) == "" {
				t.Errorf("%s: no apology for %s", l.Code, key)
			}
		}
	}
	if rendered < 80_000 {
		t.Errorf("%d renderings; are there languages missing?", rendered)
	}
}

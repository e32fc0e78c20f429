package conformance

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"hearth/daemon/intent"
)

// now is when the published responses are given.
var now = time.Date(2013, time.September, 17, 1, 2, 0, 0, time.UTC)

// respond is what the language answers in the test's home.
func (r *runner) respond(result intent.Result, test testCase) string {
	data := intent.ResponseData{Now: now}
	for _, e := range r.file.Entities {
		if !r.asksAbout(e, result) {
			continue
		}
		state := e.state()
		if wanted, ok := result.Slots["state"]; ok && wanted.Value != state.State {
			data.Unmatched = append(data.Unmatched, state)
			continue
		}
		data.Matched = append(data.Matched, state)
	}
	for _, t := range either(test.Timers, r.file.Timers) {
		data.Timers = append(data.Timers, t.timer())
	}
	for _, m := range either(test.Media, r.file.Media) {
		data.Media = append(data.Media, m.Title)
	}
	text, err := r.language.Respond(result, data)
	if err != nil {
		return err.Error()
	}
	return text
}

// either is what a test says, or what its file says when it does not.
func either[T any](test, file []T) []T {
	if test != nil {
		return test
	}
	return file
}

// asksAbout tells whether a result is about an entity. A name alone decides; everything else narrows down.
func (r *runner) asksAbout(e entityFile, result intent.Result) bool {
	if slot, ok := result.Slots["name"]; ok {
		return same(e.Name, slot.Value)
	}
	switch result.Intent {
	case "HassClimateGetTemperature", "HassClimateSetTemperature":
		if e.Domain != "climate" {
			return false
		}
	case "HassGetWeather":
		if e.Domain != "weather" {
			return false
		}
	}
	for name, has := range map[string]string{
		"area": e.Area, "floor": r.floor(e.Area), "domain": e.Domain, "device_class": e.class(),
	} {
		if slot, ok := result.Slots[name]; ok && !same(has, slot.Value) {
			return false
		}
	}
	return e.Exposed == nil || bool(*e.Exposed)
}

func (r *runner) floor(area string) string {
	i := slices.IndexFunc(r.file.Areas, func(a areaFile) bool { return same(a.Name, area) })
	if i < 0 {
		return ""
	}
	return r.file.Areas[i].Floor
}

func (e entityFile) class() string {
	class, _ := e.Attributes["device_class"].(string)
	return class
}

// same compares names. A home that the speaker's area is not in stands for the entities of no area.
func same(name string, value any) bool {
	s, ok := value.(string)
	return ok && (strings.EqualFold(strings.TrimSpace(name), strings.TrimSpace(s)) || s == noArea && name == "")
}

// state is the entity as responses speak of it.
func (e entityFile) state() intent.State {
	s := intent.State{Name: e.Name, Domain: e.Domain, State: cmp.Or(e.StateWithUnit, "off"), Attributes: e.attributes()}
	if e.State != nil {
		s.State, s.Spoken = e.State.out, e.State.in
	}
	if unit := e.Attributes["unit_of_measurement"]; unit != nil {
		s.StateWithUnit = fmt.Sprint(cmp.Or(s.Spoken, s.State), " ", unit)
	}
	return s
}

func (e entityFile) attributes() map[string]any {
	attributes := maps.Clone(e.Attributes)
	for name, v := range attributes {
		attributes[name] = written(v)
	}
	return attributes
}

func (t timerFile) timer() intent.Timer {
	return intent.Timer{
		Active: bool(t.Active), Name: t.Name, Area: t.Area, SecondsLeft: t.SecondsLeft,
		Start: intent.Span{Hours: t.StartHours, Minutes: t.StartMinutes, Seconds: t.StartSeconds},
		Left:  intent.Span{Hours: t.HoursLeft, Minutes: t.MinutesLeft, Seconds: t.RoundedLeft},
	}
}

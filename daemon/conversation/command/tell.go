package command

import (
	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// Telling are the readings of a question how an entity is, and what their responses may speak of. A language may have a
// response to the first of them only, or to a later one.
func Telling(e home.Entity) ([]intent.Result, intent.ResponseData) {
	ask := func(name, response string) intent.Result {
		return intent.Result{Intent: name, Response: response, Slots: map[string]intent.Slot{"name": {Value: e.Name, Text: e.Name}}}
	}
	readings := []intent.Result{ask("HassGetState", "one")}
	switch {
	case e.Domain() == "weather":
		readings = append([]intent.Result{ask("HassGetWeather", "")}, readings...)
	case e.Domain() == "climate" && measures(e):
		readings = append([]intent.Result{
			ask("HassClimateGetTemperature", ""), ask("HassClimateGetTemperature", "current_temperature"),
		}, readings...)
	}
	return readings, about([]home.Entity{e})
}

// Shown is an entity's state by the word that people have for it: a window's sensor that is on is open.
func Shown(e home.Entity) string {
	for _, word := range []string{"open", "closed"} {
		if InState(e, word) {
			return word
		}
	}
	return e.State
}

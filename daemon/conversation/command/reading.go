package command

import (
	"slices"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// ReadingOf is how a sentence would be understood that asks for these calls, which a model has made: so that "and in the
// bedroom" may follow them. It is zero where none as simple as that does.
func ReadingOf(calls []home.Call, snapshot *home.Snapshot) intent.Result {
	if len(calls) != 1 {
		return intent.Result{}
	}
	call := calls[0]
	e, ok := snapshot.Entity(call.Entity)
	if !ok || call.Domain != e.Domain() {
		return intent.Result{}
	}
	r := intent.Result{Slots: map[string]intent.Slot{"name": nameSlot(e.Name, []home.Entity{e})}}
	only := func(field, slot string) bool {
		value, ok := home.Number(call.Data[field])
		r.Slots[slot] = intent.Slot{Value: value}
		return ok && len(call.Data) == 1
	}
	switch {
	case call.Service == "turn_on" && len(call.Data) == 0 && slices.Contains(switched, call.Domain):
		r.Intent, r.Response = "HassTurnOn", responseFor(true, call.Domain)
	case call.Service == "turn_off" && len(call.Data) == 0 && slices.Contains(switched, call.Domain):
		r.Intent, r.Response = "HassTurnOff", responseFor(false, call.Domain)
	case call.Name() == "light.turn_on" && only("brightness_pct", "brightness"):
		r.Intent, r.Response = "HassLightSet", "brightness"
	case call.Name() == "climate.set_temperature" && only("temperature", "temperature"):
		r.Intent, r.Response = "HassClimateSetTemperature", "default"
	default:
		return intent.Result{}
	}
	return r
}

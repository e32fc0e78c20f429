package command

import (
	"errors"
	"math"
	"slices"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

var climates = []string{"climate"}

// setTemperature sets the target temperature, in the home's scale whichever was said. Where Home Assistant
// wants a single target, an area or floor means all its thermostats here. A half that is said behind the unit, "21 degrés
// et demi", is in a slot of its own.
func setTemperature(q request) (Command, error) {
	if !q.has("half") {
		return setDegrees(q)
	}
	degrees, err := q.number("temperature")
	if err != nil {
		return Command{}, err
	}
	as := q.Result
	as.Slots = without(q.Slots, "half")
	whole := as.Slots["temperature"]
	whole.Value, whole.Text = degrees+0.5, ""
	as.Slots["temperature"] = whole
	c, err := setDegrees(request{as, q.Input})
	c.As = &as
	return c, err
}

func setDegrees(q request) (Command, error) {
	degrees, err := q.number("temperature")
	if err != nil {
		return Command{}, err
	}
	degrees = inScale(degrees, q.Slots["temperature"].Unit, scaleOf(q.Home))
	domains := climates
	if q.has("name") { // water is heated only by name
		domains = []string{"climate", "water_heater"}
	}
	targets, err := q.targets(want{domains: domains, can: heats})
	if err != nil {
		return Command{}, err
	}
	tooFar := func(e home.Entity) error { return within(e, degrees, "min_temp", "max_temp") }
	if !slices.ContainsFunc(targets, func(e home.Entity) bool { return tooFar(e) == nil }) {
		return Command{}, tooFar(targets[0])
	}
	return act(targets, func(e home.Entity) home.Call {
		return call(e, "set_temperature", map[string]any{"temperature": degrees})
	}), nil
}

// heats is the capability of having a target temperature.
func heats(e home.Entity) bool {
	if e.Domain() == "water_heater" {
		return feature(heaterTarget)(e)
	}
	return feature(climateTarget)(e)
}

// scaleOf is the scale that the home counts in, "" when nothing tells: Home Assistant gives every thermometer in it.
func scaleOf(s *home.Snapshot) intent.Unit {
	for _, e := range s.Entities {
		if unit := intent.Unit(e.Unit); isThermometer(e) && (unit == intent.Celsius || unit == intent.Fahrenheit) {
			return unit
		}
	}
	return ""
}

// inScale converts degrees, to a tenth, from the scale that the speaker named to the home's.
func inScale(degrees float64, said, own intent.Unit) float64 {
	switch {
	case said == intent.Celsius && own == intent.Fahrenheit:
		degrees = degrees*9/5 + 32
	case said == intent.Fahrenheit && own == intent.Celsius:
		degrees = (degrees - 32) * 5 / 9
	}
	return math.Round(degrees*10) / 10
}

// setFanMode sets the fan mode of thermostats that have it.
func setFanMode(q request) (Command, error) {
	mode := q.text("fan_mode")
	if mode == "" {
		return Command{}, errorf(ErrBadSlot, "fan_mode of %s is empty", q.Intent)
	}
	targets, err := q.targets(want{domains: climates, can: all(feature(climateFanMode), offers("fan_modes", mode))})
	if err != nil {
		return Command{}, err
	}
	return act(targets, func(e home.Entity) home.Call {
		return call(e, "set_fan_mode", map[string]any{"fan_mode": mode})
	}), nil
}

// getTemperature answers with the sensor that the owner has chosen for the area; else with what a thermostat
// measures, a temperature sensor where no thermostat does, and the only thermostat of the home where nothing is in
// the speaker's room.
func getTemperature(q request) (Command, error) {
	if e, ok := q.chosen(func(a home.Area) home.EntityID { return a.Temperature }); ok {
		return Command{Answer: about([]home.Entity{e})}, nil
	}
	var failure error
	for _, w := range []want{
		{domains: climates, can: measures, strict: true},
		{domains: []string{"sensor"}, can: isThermometer, strict: true},
		{domains: climates, can: measures},
	} {
		targets, err := q.targets(w)
		if err == nil {
			return Command{Answer: about(targets[:1])}, nil
		}
		if failure == nil || errors.Is(err, ErrNeedsRoom) {
			failure = err
		}
	}
	return Command{}, failure
}

func isThermometer(e home.Entity) bool { return e.DeviceClass == "temperature" }

// measures is the capability of telling the current temperature.
func measures(e home.Entity) bool {
	return e.Attributes["current_temperature"] != nil
}

// getHumidity answers with the sensor that the owner has chosen for the area, or else with one that is there.
func getHumidity(q request) (Command, error) {
	if e, ok := q.chosen(func(a home.Area) home.EntityID { return a.Humidity }); ok {
		return Command{Answer: about([]home.Entity{e})}, nil
	}
	targets, err := q.targets(want{domains: []string{"sensor"}, can: func(e home.Entity) bool { return e.DeviceClass == "humidity" }, strict: true})
	if err != nil {
		return Command{}, err
	}
	return Command{Answer: about(targets[:1])}, nil
}

package command

import (
	"errors"
	"math"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

var climates = []string{"climate"}

// setTemperature sets the target temperature, in the home's scale whichever was said. Where Home Assistant
// wants a single target, an area or floor means all its thermostats here.
func setTemperature(q request) (Command, error) {
	degrees, err := q.number("temperature")
	if err != nil {
		return Command{}, err
	}
	degrees = inScale(degrees, q.Slots["temperature"].Unit, scaleOf(q.Home))
	targets, err := q.targets(want{domains: climates, can: feature(climateTarget)})
	if err != nil {
		return Command{}, err
	}
	return act(targets, func(e home.Entity) home.Call {
		return call(e, "set_temperature", map[string]any{"temperature": degrees})
	}), nil
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

// getTemperature answers with what a thermostat measures, a temperature sensor where no thermostat
// does, and the only thermostat of the home where nothing is in the speaker's room. Home Assistant asks
// the sensor that the owner has chosen for the area; a Snapshot does not tell which that is.
func getTemperature(q request) (Command, error) {
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

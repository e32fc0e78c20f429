package command

import (
	"maps"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

var climates = []string{"climate"}

// setTemperature sets the target temperature, in the home's unit. Where Home Assistant wants a single
// target, an area or floor means all its thermostats here.
func setTemperature(q request) (Command, error) {
	degrees, err := q.number("temperature")
	if err != nil {
		return Command{}, err
	}
	targets, err := q.targets(want{domains: climates, can: feature(climateTarget)})
	if err != nil {
		return Command{}, err
	}
	return act(targets, func(e home.Entity) home.Call {
		return call(e, "set_temperature", map[string]any{"temperature": whole(degrees)})
	}), nil
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

// getTemperature answers with what one thermostat measures, or a temperature sensor where no
// thermostat does. Home Assistant asks the sensor that the area's owner has chosen for it; a Snapshot
// does not tell which that is.
func getTemperature(q request) (Command, error) {
	targets, err := q.targets(want{domains: climates, can: measures})
	if err == nil {
		return Command{Answer: about(targets[:1])}, nil
	}
	sensors := q
	sensors.Slots = map[string]intent.Slot{"device_class": {Value: "temperature"}}
	maps.Copy(sensors.Slots, q.Slots)
	if found, noSensor := sensors.targets(want{domains: []string{"sensor"}}); noSensor == nil {
		return Command{Answer: about(found[:1])}, nil
	}
	return Command{}, err
}

// measures is the capability of telling the current temperature.
func measures(e home.Entity) bool {
	return e.Attributes["current_temperature"] != nil
}

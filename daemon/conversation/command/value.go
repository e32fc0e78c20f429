package command

import (
	"math"

	"hearth/daemon/home"
)

// setNumber sets a number that the home keeps, within its bounds and on one of its steps.
func setNumber(q request) (Command, error) {
	value, err := q.number("value")
	if err != nil {
		return Command{}, err
	}
	targets, err := q.targets(want{domains: []string{"number", "input_number"}})
	if err != nil {
		return Command{}, err
	}
	e := targets[0]
	if err := within(e, value, "min", "max"); err != nil {
		return Command{}, err
	}
	value = onStep(e, value)
	return act(targets[:1], func(e home.Entity) home.Call { return call(e, "set_value", map[string]any{"value": value}) }), nil
}

// within is a *RangeError when two attributes of the entity, where it has them, do not admit the value.
func within(e home.Entity, value float64, low, high string) error {
	least, ok := home.Number(e.Attributes[low])
	most, known := home.Number(e.Attributes[high])
	if ok && known && (value < least || value > most) {
		return &RangeError{e.Name, least, most}
	}
	return nil
}

// onStep is the nearest value that the entity can have.
func onStep(e home.Entity, value float64) float64 {
	least, _ := home.Number(e.Attributes["min"])
	step, ok := home.Number(e.Attributes["step"])
	if !ok || step <= 0 {
		return value
	}
	return math.Round((least+math.Round((value-least)/step)*step)*1e6) / 1e6 // without what binary fractions add
}

// setHumidity sets the target humidity of humidifiers, and of thermostats that have one.
func setHumidity(q request) (Command, error) {
	percent, err := q.percent("humidity")
	if err != nil {
		return Command{}, err
	}
	targets, err := q.targets(want{domains: []string{"humidifier", "climate"}, can: moistens})
	if err != nil {
		return Command{}, err
	}
	if q.has("name") {
		if err := within(targets[0], float64(percent), "min_humidity", "max_humidity"); err != nil {
			return Command{}, err
		}
	}
	return act(targets, func(e home.Entity) home.Call { return call(e, "set_humidity", map[string]any{"humidity": percent}) }), nil
}

func moistens(e home.Entity) bool { return e.Domain() == "humidifier" || feature(climateHumidity)(e) }

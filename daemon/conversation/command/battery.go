package command

import (
	"strings"

	"hearth/daemon/home"
)

// lowBattery is the charge, in percent, at which one had better think of another battery.
const lowBattery = 20

// getBattery answers with the charge of what was named: a battery sensor itself, or the thing whose name that
// sensor's begins with, as Home Assistant names them.
func getBattery(q request) (Command, error) {
	if !q.has("name") {
		return q.lowBatteries()
	}
	named, err := q.targets(want{})
	if err != nil {
		if named = keep(q.bearers(), isBattery); len(named) == 0 { // of several things called so, the battery is meant
			return Command{}, err
		}
	}
	for _, e := range named {
		for _, battery := range q.Home.Entities {
			if !isBattery(battery) || battery.ID != e.ID && !strings.HasPrefix(strings.ToLower(battery.Name), strings.ToLower(e.Name)+" ") {
				continue
			}
			charge, _ := home.Number(battery.State)
			c := Command{Answer: about([]home.Entity{battery})}
			c.Answer.Facts = map[string]any{"low": charge <= lowBattery}
			return c, nil
		}
	}
	return Command{}, &TargetError{"no_entity", map[string]any{"entity": q.said("name")}}
}

// lowBatteries answers with all that are low, of sensors that tell a charge and of those that tell only that.
func (q request) lowBatteries() (Command, error) {
	known := keep(q.Home.Entities, func(e home.Entity) bool { return isBattery(e) || warns(e) })
	if len(known) == 0 {
		return Command{}, &TargetError{"no_device_class", map[string]any{"device_class": "battery"}}
	}
	return Command{Answer: about(keep(known, func(e home.Entity) bool {
		charge, charged := home.Number(e.State)
		return charged && charge <= lowBattery || e.State == "on"
	}))}, nil
}

// warns tells whether an exposed sensor tells that a battery is low.
func warns(e home.Entity) bool {
	return e.Exposed && e.Domain() == "binary_sensor" && e.DeviceClass == "battery" && (e.State == "on" || e.State == "off")
}

// isBattery tells whether an exposed sensor tells a charge in percent.
func isBattery(e home.Entity) bool {
	_, charged := home.Number(e.State)
	return e.Exposed && e.Domain() == "sensor" && e.DeviceClass == "battery" && charged
}

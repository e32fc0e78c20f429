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

// isBattery tells whether an exposed sensor tells a charge in percent.
func isBattery(e home.Entity) bool {
	_, charged := home.Number(e.State)
	return e.Exposed && e.Domain() == "sensor" && e.DeviceClass == "battery" && charged
}

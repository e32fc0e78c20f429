package command

import "hearth/daemon/home"

var panels = []string{"alarm_control_panel"}

// An arming is one way to arm an alarm panel.
type arming struct {
	service string
	bit     int
}

var armings = map[string]arming{
	"away":     {"alarm_arm_away", 2},
	"home":     {"alarm_arm_home", 1},
	"night":    {"alarm_arm_night", 4},
	"vacation": {"alarm_arm_vacation", 32},
}

// arm arms the alarm panel for the night, a holiday, or with people at home; as for when all are away otherwise.
func arm(q request) (Command, error) {
	mode := q.text("mode")
	if mode == "" {
		mode = "away"
	}
	a, ok := armings[mode]
	if !ok {
		return Command{}, errorf(ErrBadSlot, "mode of %s: %q", q.Intent, mode)
	}
	return q.panel(want{domains: panels, can: feature(a.bit)}, a.service)
}

func disarm(q request) (Command, error) { return q.panel(want{domains: panels}, "alarm_disarm") }

// panel calls a service of the alarm panel that is named, or of the only one.
func (q request) panel(w want, service string) (Command, error) {
	found, err := q.targets(w)
	if err != nil {
		return Command{}, err
	}
	if len(found) > 1 {
		return Command{}, &TargetError{Key: "duplicate_targets"}
	}
	return act(found, func(e home.Entity) home.Call { return call(e, service, nil) }), nil
}

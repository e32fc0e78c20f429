package command

import (
	"slices"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

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

// alarmOff is the rule for "turn off the alarm": what rings is stopped. When nothing does, it is about the panel, if
// that is armed, else about an alarm that is to ring, and only then about a panel that is disarmed already. "My alarm"
// is never a panel.
func alarmOff(q request) (Command, error) {
	armed := func(e home.Entity) bool { return e.State != "disarmed" }
	mine := func(home.Entity) bool { return !q.has("mine") }
	found := keep(keep(q.Home.Entities, func(e home.Entity) bool { return e.Exposed && slices.Contains(panels, e.Domain()) }), mine)
	means := "HearthStopRinging"
	switch {
	case len(TimerQuery{Ringing: true}.all(q.Timers)) > 0:
	case len(keep(found, armed)) > 0:
		means = "HearthDisarm"
	case len(TimerQuery{Kinds: []Kind{Alarm}}.all(q.Timers)) > 0:
		means = "HearthCancelAlarm"
	case len(found) > 0:
		means = "HearthDisarm"
	}
	return q.as(intent.Result{Intent: means, Response: "default", Slots: map[string]intent.Slot{}})
}

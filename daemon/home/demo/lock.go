package demo

import (
	"time"

	"hearth/daemon/home"
)

func locks() map[string]service {
	return map[string]service{
		"lock.lock":   passes("locking", "locked", 1200*time.Millisecond),
		"lock.unlock": passes("unlocking", "unlocked", 1200*time.Millisecond),
		"lock.open":   passes("opening", "open", 1500*time.Millisecond),
	}
}

func alarms() map[string]service {
	const exitDelay = 10 * time.Second
	return map[string]service{
		"alarm_control_panel.alarm_arm_home":  reaches("armed_home"),
		"alarm_control_panel.alarm_arm_night": reaches("armed_night"),
		"alarm_control_panel.alarm_arm_away":  passes("arming", "armed_away", exitDelay),
		"alarm_control_panel.alarm_disarm":    reaches("disarmed"),
		"alarm_control_panel.alarm_trigger":   reaches("triggered"),
	}
}

// reaches is a service that goes straight to a state, and ends what was under way. It takes a code,
// and asks for none.
func reaches(to string) service {
	return func(_ *Home, e home.Entity, d *data) []effect {
		d.ignore("code")
		return []effect{{entity: e.ID, moves: true, apply: func(e *home.Entity) { e.State = to }}}
	}
}

// passes is a service that reaches a state by way of another one.
func passes(by, to string, takes time.Duration) service {
	return func(h *Home, e home.Entity, d *data) []effect {
		effects := reaches(to)(h, e, d)
		if e.State == to {
			return effects
		}
		effects[0].after = takes
		return append(reaches(by)(h, e, d), effects...)
	}
}

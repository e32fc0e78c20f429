package undo

import (
	"fmt"
	"math"
	"slices"

	"hearth/daemon/home"
)

// settings are the attributes that people set, with how far one may stray without anybody having touched it:
// devices round, and report what they made of it. The rest of an entity changes by itself.
var settings = map[string]float64{
	"brightness": 3, "color_mode": 0, "color_temp_kelvin": 60, "rgb_color": 12, "rgbw_color": 12, "rgbww_color": 12, "effect": 0,
	"percentage": 1, "oscillating": 0, "direction": 0,
	"temperature": 0.1, "target_temp_low": 0.1, "target_temp_high": 0.1, "humidity": 1,
	"mode": 0, "preset_mode": 0, "fan_mode": 0, "swing_mode": 0,
	"volume_level": 0.02, "is_volume_muted": 0, "source": 0, "sound_mode": 0, "shuffle": 0, "repeat": 0,
	"current_position": 2, "current_tilt_position": 2, "fan_speed": 0,
}

// leadsTo are the states that others become without anybody's doing.
var leadsTo = map[string][]string{
	"opening": {"open"}, "closing": {"closed", "open"}, // half way down is open
	"locking": {"locked"}, "unlocking": {"unlocked"},
	"arming": {"armed_home", "armed_away", "armed_night", "armed_vacation", "armed_custom_bypass"}, "pending": {"triggered"},
	"buffering": {"playing"}, "standby": {"off"}, "returning": {"docked"},
}

// Kept tells whether an entity is still as it was left, or has only gone on in the way it was going.
func Kept(after, now home.Entity) bool {
	if after.ID.Domain() == "todo" {
		return true // whatever became of the other items
	}
	if now.State != after.State && !slices.Contains(leadsTo[after.State], now.State) {
		return false
	}
	for attribute, tolerance := range settings {
		if attribute == "current_position" && moves(after) {
			continue
		}
		if !near(after.Attributes[attribute], now.Attributes[attribute], tolerance) {
			return false
		}
	}
	return !turnedBack(after, now)
}

// turnedBack tells whether something that moved one way is now further the other way.
func turnedBack(after, now home.Entity) bool {
	was, _ := home.Number(after.Attributes["current_position"])
	is, reports := home.Number(now.Attributes["current_position"])
	slack := settings["current_position"]
	switch {
	case !reports:
		return false
	case after.State == "opening":
		return is < was-slack
	case after.State == "closing":
		return is > was+slack
	}
	return false
}

// Essence is an entity with nothing but what this package looks at, to be kept for a while.
func Essence(e home.Entity) home.Entity {
	kept := home.Entity{ID: e.ID, Name: e.Name, DeviceClass: e.DeviceClass, State: e.State, Changed: e.Changed}
	kept.Attributes = map[string]any{}
	for attribute, value := range e.Attributes {
		if _, ok := settings[attribute]; ok || attribute == "supported_features" {
			kept.Attributes[attribute] = value
		}
	}
	return kept
}

// near compares two values of an attribute, whether they come from JSON or from Go. Numbers, and those of lists,
// may be apart by the tolerance.
func near(a, b any, tolerance float64) bool {
	x, okX := home.Number(a)
	y, okY := home.Number(b)
	if okX && okY {
		return math.Abs(x-y) <= tolerance+1e-9
	}
	xs, ys := elements(a), elements(b)
	if len(xs) == 0 || len(xs) != len(ys) {
		return fmt.Sprint(a) == fmt.Sprint(b)
	}
	for i := range xs {
		if !near(xs[i], ys[i], tolerance) {
			return false
		}
	}
	return true
}

// elements are those of a list, nil for anything else.
func elements(value any) []any {
	switch list := value.(type) {
	case []any:
		return list
	case []int:
		all := make([]any, len(list))
		for i, n := range list {
			all[i] = n
		}
		return all
	}
	return nil
}

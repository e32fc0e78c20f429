// Package undo says how a service call is taken back: by which calls the entity is again as it was before.
// It compares the entity before the call with the entity after it, and is pure: it reads what it is given,
// touches nothing, and gives the same answer for the same input.
//
// It never unlocks, opens a way into the house, lets water run or disarms: what a call closed stays closed.
// What cannot be taken back (a message, a button, a robot on its way) is said to be so.
package undo

import (
	"slices"

	"hearth/daemon/home"
)

// A Reason is why something stays as the call left it, as one of a short fixed set.
type Reason string

// Reasons of Of.
const (
	Same      Reason = "same"      // the call changed nothing
	Final     Reason = "final"     // nothing takes it back
	Unsafe    Reason = "unsafe"    // to take it back would unlock, open or disarm
	Unknown   Reason = "unknown"   // it is not known how it was before
	Otherwise Reason = "otherwise" // somebody else has changed it since
)

// Of are the calls that bring an entity back to what it was before a call, in the order in which they are to be
// made. There are none exactly when there is a reason. After is the entity as the call left it, be it still on
// its way: a blind that is closing.
func Of(call home.Call, before, after home.Entity) ([]home.Call, Reason) {
	r, ok := rules[call.Entity.Domain()]
	if !ok {
		return nil, Final
	}
	back, why := r(change{call, before, after})
	switch {
	case len(back) > 0 || why != "":
		return back, why
	case Kept(before, after):
		return nil, Same
	}
	return nil, Unknown // the entity did not tell before
}

// A change is what a rule looks at.
type change struct {
	call          home.Call
	before, after home.Entity
}

// A rule takes back the calls of one domain. No calls and no reason mean that nothing has changed.
type rule func(c change) ([]home.Call, Reason)

var rules = map[string]rule{
	"light":         known(light),
	"switch":        known(onOff),
	"input_boolean": known(onOff),
	"siren":         known(onOff),
	"remote":        known(onOff),
	"camera":        known(onOff),
	"group":         known(onOff),
	"automation":    known(automation),
	"fan":           known(fan),
	"humidifier":    known(humidifier),
	"climate":       known(climate),
	"water_heater":  known(waterHeater),
	"media_player":  known(mediaPlayer),
	"cover":         known(cover),
	"valve":         known(valve),
	"lock":          known(lock),
	"vacuum":        known(vacuum),

	"alarm_control_panel": known(alarm),

	"number":       known(number),
	"input_number": known(number),
	"text":         known(puts("set_value", "value")),
	"input_text":   known(puts("set_value", "value")),
	"select":       known(puts("select_option", "option")),
	"input_select": known(puts("select_option", "option")),

	"todo": todo,
}

// known is a rule for entities that had a state before, and have one now.
func known(r rule) rule {
	return func(c change) ([]home.Call, Reason) {
		for _, e := range []home.Entity{c.before, c.after} {
			if e.State == "" || e.State == home.Unknown || !e.Available() {
				return nil, Unknown
			}
		}
		return r(c)
	}
}

// back is a call of the entity's own domain.
func (c change) back(service string, data map[string]any) home.Call {
	return home.Call{Domain: c.call.Entity.Domain(), Service: service, Entity: c.call.Entity, Data: data}
}

// stateChanged tells whether the state is another one now.
func (c change) stateChanged() bool { return c.before.State != c.after.State }

// restores is the call that sets a field to what an attribute was, if it is not that now.
func (c change) restores(attribute, service, field string) []home.Call {
	was := c.before.Attributes[attribute]
	if was == nil || near(was, c.after.Attributes[attribute], 0) {
		return nil
	}
	return []home.Call{c.back(service, map[string]any{field: was})}
}

func onOff(c change) ([]home.Call, Reason) {
	switch {
	case (c.before.State == "off") == (c.after.State == "off"):
		return nil, ""
	case c.before.State == "off":
		return []home.Call{c.back("turn_off", nil)}, ""
	case c.call.Entity.Domain() == "group":
		return nil, Final // some of it may have been off
	}
	return []home.Call{c.back("turn_on", nil)}, ""
}

func automation(c change) ([]home.Call, Reason) {
	if c.call.Service == "trigger" {
		return nil, Final
	}
	return onOff(c)
}

// puts is the rule for helpers, whose state is what was put there.
func puts(service, field string) rule {
	return func(c change) ([]home.Call, Reason) {
		if !c.stateChanged() {
			return nil, ""
		}
		return []home.Call{c.back(service, map[string]any{field: c.before.State})}, ""
	}
}

// number is the rule for helpers whose state is a number.
func number(c change) ([]home.Call, Reason) {
	was, ok := home.Number(c.before.State)
	switch {
	case !ok:
		return nil, Unknown
	case !c.stateChanged():
		return nil, ""
	}
	return []home.Call{c.back("set_value", map[string]any{"value": was})}, ""
}

func lock(c change) ([]home.Call, Reason) {
	shut := []string{"locked", "locking"}
	switch was, is := slices.Contains(shut, c.before.State), slices.Contains(shut, c.after.State); {
	case was == is && (was || !c.stateChanged()):
		return nil, ""
	case was:
		return []home.Call{c.back("lock", nil)}, ""
	case is:
		return nil, Unsafe
	}
	return nil, Final // a latch that was pulled
}

// alarm arms again what was disarmed. Another way of being armed may guard less than this one.
func alarm(c change) ([]home.Call, Reason) {
	switch {
	case !c.stateChanged():
		return nil, ""
	case c.after.State != "disarmed":
		return nil, Unsafe
	}
	if service, ok := arming[c.before.State]; ok {
		return []home.Call{c.back(service, nil)}, ""
	}
	return nil, Final // it was ringing
}

var arming = map[string]string{
	"armed_home": "alarm_arm_home", "armed_away": "alarm_arm_away", "armed_night": "alarm_arm_night",
	"armed_vacation": "alarm_arm_vacation", "armed_custom_bypass": "alarm_arm_custom_bypass",
}

// vacuum goes on with what was paused. To send a robot home or out again is another command, not the way back.
func vacuum(c change) ([]home.Call, Reason) {
	if speed := c.restores("fan_speed", "set_fan_speed", "fan_speed"); speed != nil {
		return speed, ""
	}
	switch {
	case !c.stateChanged():
		return nil, ""
	case c.call.Service == "pause" && c.before.State == "cleaning":
		return []home.Call{c.back("start", nil)}, ""
	}
	return nil, Final
}

// todo looks at a list's state, the number of its open items, only to see whether the call made a difference.
func todo(c change) ([]home.Call, Reason) {
	item, ok := c.call.Data["item"].(string)
	if !ok {
		return nil, Final
	}
	data := map[string]any{"item": item}
	switch c.call.Service {
	case "add_item":
		return []home.Call{c.back("remove_item", data)}, ""
	case "remove_item":
		if !c.stateChanged() {
			return nil, Final // it was done already, and would come back as one to do
		}
		return []home.Call{c.back("add_item", data)}, ""
	case "update_item":
		return c.itemBack(data)
	}
	return nil, Final
}

func (c change) itemBack(data map[string]any) ([]home.Call, Reason) {
	undone := map[any]string{"completed": "needs_action", "needs_action": "completed"}
	if status, ok := undone[c.call.Data["status"]]; ok && c.stateChanged() {
		data["status"] = status
	}
	if name, ok := c.call.Data["rename"].(string); ok {
		data["item"], data["rename"] = name, data["item"]
	}
	if len(data) == 1 {
		return nil, ""
	}
	return []home.Call{c.back("update_item", data)}, ""
}

package command

import (
	"slices"
	"strings"

	"hearth/daemon/home"
)

// doneStates are how entities say that they are done: off, or one of the words that appliances have.
var doneStates = []string{"off", "idle", "finished", "finish", "complete", "completed", "end", "ended", "stopped", "standby"}

// openable are the classes of sensors for which on means open.
var openable = []string{"door", "window", "garage_door", "opening"}

// InState tells whether the entity is in the state that a condition waits for: one of Home Assistant's, or "open",
// "closed" or "done", which entities show in several ways.
func InState(e home.Entity, wanted string) bool {
	state := strings.ToLower(e.State)
	switch {
	case state == wanted:
		return true
	case wanted == "done":
		return slices.Contains(doneStates, state)
	case e.Domain() != "binary_sensor" || !slices.Contains(openable, e.DeviceClass):
		return false
	}
	return wanted == "open" && state == "on" || wanted == "closed" && state == "off"
}

// waitFor calls timer.start with the entity and the state to wait for, and the sentence to carry out then; without
// one it is told.
func waitFor(q request) (Command, error) {
	targets, err := q.targets(want{})
	if err != nil {
		return Command{}, err
	}
	e := targets[0]
	data := map[string]any{"entity": string(e.ID), "state": q.text("state")}
	if data["state"] == "" {
		return Command{}, errorf(ErrBadSlot, "state of %s is empty", q.Intent)
	}
	if q.has("conversation_command") {
		data["command"] = putOff(q.Slots)
	}
	return q.startKind(Condition, data, Timer{Entity: e.ID, State: q.text("state")}), nil
}

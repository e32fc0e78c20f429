// Package home is the picture of a home that Hearth thinks with: entities, areas and floors as
// Home Assistant names them, a Snapshot of them at one moment, and the Calls that change them.
// It talks to no home itself; homeassistant and demo do.
package home

import (
	"errors"
	"strings"
	"time"
)

// EntityID is an entity's identifier in Home Assistant's form, "light.kitchen_ceiling".
type EntityID string

// Domain is the part before the dot: "light".
func (id EntityID) Domain() string {
	domain, _, _ := strings.Cut(string(id), ".")
	return domain
}

// An Entity is one thing of the home with its last known state.
// Entities in a Snapshot are shared: nobody changes one, or its maps and slices, after publishing.
type Entity struct {
	ID          EntityID
	Name        string   // as its owner calls it
	Aliases     []string // other names for it
	Area        string   // area ID, "" when it is nowhere
	DeviceClass string   // Home Assistant's device_class: "garage", "temperature", ...
	State       string   // "on", "locked", "21.5", Unavailable, ...
	Unit        string   // unit of a sensor's state: "°C"
	Attributes  map[string]any
	Assumed     bool // the device reports nothing: its state is what was last sent to it
	Exposed     bool // may be heard, matched, shown to a model and acted on
	// Runs are the entities that a script or an automation changes when it runs. Nil when that is not known: it may then
	// do anything.
	Runs    []EntityID
	Changed time.Time
}

// Sun is the entity of Home Assistant's whose attributes next_rising and next_setting tell when the sun rises and sets
// next. It is followed though it is not exposed.
const Sun EntityID = "sun.sun"

// States that say an entity's own state is not known.
const (
	Unavailable = "unavailable"
	Unknown     = "unknown"
)

// Domain is the entity's domain: "light".
func (e Entity) Domain() string { return e.ID.Domain() }

// Available tells whether the device could be reached when its state was last seen.
func (e Entity) Available() bool { return e.State != Unavailable }

// WantsCode tells whether a lock or an alarm carries out a service only together with its code.
func (e Entity) WantsCode(service string) bool {
	if format, _ := e.Attributes["code_format"].(string); format == "" {
		return false
	}
	switch e.Domain() {
	case "lock":
		return true
	case "alarm_control_panel":
		required, told := e.Attributes["code_arm_required"].(bool)
		return service == "alarm_disarm" || !told || required
	}
	return false
}

// Members are the entities of a scene or a group, which Home Assistant lists in the attribute entity_id.
func (e Entity) Members() []EntityID {
	var ids []EntityID
	switch list := e.Attributes["entity_id"].(type) {
	case []string:
		for _, id := range list {
			ids = append(ids, EntityID(id))
		}
	case []any:
		for _, id := range list {
			if id, ok := id.(string); ok {
				ids = append(ids, EntityID(id))
			}
		}
	}
	return ids
}

// An Area is a room, or any other place that holds entities.
type Area struct {
	ID      string
	Name    string
	Aliases []string
	Floor   string // floor ID, "" when none
	// Temperature and Humidity are the sensors that the owner chose to speak for the area, "" for none.
	Temperature EntityID
	Humidity    EntityID
}

// A Floor groups areas.
type Floor struct {
	ID      string
	Name    string
	Aliases []string
	Level   int
}

// A Call is one service call on one entity, in Home Assistant's terms: light.turn_on on
// light.kitchen_ceiling with {"brightness_pct": 40}.
type Call struct {
	Domain  string         `json:"domain"`
	Service string         `json:"service"`
	Entity  EntityID       `json:"entity_id"`
	Data    map[string]any `json:"data,omitempty"`
}

// Name is the full name of the service, "light.turn_on".
func (c Call) Name() string { return c.Domain + "." + c.Service }

// Idempotent tells whether calling twice leaves the home as calling once does, so that a call
// nobody confirmed may be sent again.
func (c Call) Idempotent() bool {
	switch c.Domain {
	case "script", "button", "input_button", "automation", "assist_satellite", "notify", "remote":
		return false
	}
	switch c.Service {
	case "toggle", "add_item", "remove_item", "media_next_track", "media_previous_track", "media_play_pause", "play_media",
		"volume_up", "volume_down", "increase_speed", "decrease_speed", "increment", "decrement":
		return false
	}
	for key := range c.Data {
		if strings.HasSuffix(key, "_step") || strings.HasSuffix(key, "_step_pct") {
			return false
		}
	}
	return true
}

// A Change is one entity's new state, as the home reported it.
type Change struct {
	Before, After Entity
}

// Errors of a Call. A home wraps them, so that callers can tell a call worth repeating from one that is not.
var (
	ErrUnknownEntity = errors.New("no such entity")
	ErrUnavailable   = errors.New("the device cannot be reached")
	ErrNotSupported  = errors.New("the device cannot do this")
	ErrCode          = errors.New("the device does not accept the code")
	ErrDisconnected  = errors.New("the home is not connected")
	// ErrInterrupted leaves open whether the call was made: only the home's state can tell.
	ErrInterrupted = errors.New("the connection was lost before the home answered")
)

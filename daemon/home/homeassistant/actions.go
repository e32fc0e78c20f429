package homeassistant

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"hearth/daemon/home"
)

// actions reads what a script or an automation does, to tell which entities it may change. It reads strictly: a template
// in the wrong place, an event, or a service that is not known to keep to its target, and it may change anything.
// https://www.home-assistant.io/docs/scripts
type actions struct {
	*registries
	changes map[home.EntityID]bool
}

// runsOf are the entities that a configuration of Home Assistant's may change, nil when it may change anything.
func (r *registries) runsOf(config map[string]any) []home.EntityID {
	a := actions{registries: r, changes: map[home.EntityID]bool{}}
	found := false
	for _, key := range []string{"sequence", "actions", "action"} { // of a script; of an automation, new and old
		if steps, ok := config[key]; ok {
			found = true
			if !a.steps(steps) {
				return nil
			}
		}
	}
	if !found {
		return nil
	}
	return append([]home.EntityID{}, slices.Sorted(maps.Keys(a.changes))...)
}

// loadRuns reads what the scripts and automations do that are exposed, or that one of these runs. Home Assistant may keep
// it from a token that is no administrator's.
func (r *registries) loadRuns(ctx context.Context, c *Conn) error {
	r.runs = map[home.EntityID][]home.EntityID{}
	attributes := byID(r.states, func(s stateEntry) home.EntityID { return s.ID })
	seen := map[home.EntityID]bool{}
	next := slices.Sorted(maps.Keys(r.exposed))
	for len(next) > 0 {
		id := next[0]
		next = next[1:]
		if seen[id] {
			continue
		}
		seen[id] = true
		if runnable(id) {
			if err := r.loadRun(ctx, c, id); err != nil {
				return err
			}
		}
		next = append(append(next, home.Entity{Attributes: attributes[id].Attributes}.Members()...), r.runs[id]...)
	}
	return nil
}

// loadRun asks what one script or automation does. What is not told stays unknown.
func (r *registries) loadRun(ctx context.Context, c *Conn, id home.EntityID) error {
	var answer struct {
		Config map[string]any `json:"config"`
	}
	err := c.Ask(ctx, Command{"type": id.Domain() + "/config", "entity_id": id}, &answer)
	if refused := (*CommandError)(nil); errors.As(err, &refused) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("what %s does: %w", id, err)
	}
	if runs := r.runsOf(answer.Config); runs != nil {
		r.runs[id] = runs
	}
	return nil
}

// runnable tells whether an entity does what its owner has written down.
func runnable(id home.EntityID) bool { return id.Domain() == "script" || id.Domain() == "automation" }

// passive are keys of steps that change nothing, and of all steps.
var passive = []string{
	"alias", "enabled", "continue_on_error", "metadata", "note", "response_variable",
	"delay", "wait_template", "wait_for_trigger", "timeout", "continue_on_timeout", "variables", "stop", "error", "response",
	"set_conversation_response", "if", "conditions", "while", "until", "count", "for_each",
}

// nested are keys of steps that hold other steps.
var nested = []string{"sequence", "then", "else", "default", "choose", "parallel", "repeat"}

// steps reads a list of steps, or a single one, and tells whether all that they may change is known.
func (a actions) steps(list any) bool {
	switch list := list.(type) {
	case nil, string: // a condition
		return true
	case []any:
		return !slices.ContainsFunc(list, func(step any) bool { return !a.steps(step) })
	case map[string]any:
		return a.step(list)
	}
	return false
}

func (a actions) step(step map[string]any) bool {
	name, calls := step["action"]
	if !calls {
		name, calls = step["service"]
	}
	switch _, device := step["device_id"]; {
	case step["enabled"] == false:
		return true
	case calls:
		return a.call(name, step)
	case isCondition(step):
		return true
	case device && step["domain"] != nil && step["type"] != nil: // of the device's own
		return a.device(step["device_id"])
	}
	for key, value := range step {
		switch {
		case slices.Contains(passive, key):
		case slices.Contains(nested, key) && a.steps(value):
		case key == "scene" && a.target("scene", map[string]any{"entity_id": value}):
		default:
			return false
		}
	}
	return true
}

func isCondition(step map[string]any) bool {
	for _, key := range []string{"condition", "and", "or", "not"} {
		if _, ok := step[key]; ok {
			return true
		}
	}
	return false
}

// keeping are the domains whose services change what they are aimed at and nothing else, besides homeassistant, script
// and automation.
var keeping = strings.Fields(`alarm_control_panel button calendar camera climate cover fan group humidifier input_boolean input_button
	input_datetime input_number input_select input_text lawn_mower light lock media_player number scene select switch text todo
	vacuum valve water_heater weather`)

// telling are the domains whose services change nothing in the home.
var telling = []string{"counter", "logbook", "notify", "persistent_notification", "system_log", "timer", "tts"}

var serviceName = regexp.MustCompile(`^[a-z0-9_]+\.[a-z0-9_]+$`)

// call reads the call of a service.
func (a actions) call(name any, step map[string]any) bool {
	text, _ := name.(string)
	domain, service, _ := strings.Cut(text, ".")
	turns := slices.Contains([]string{"turn_on", "turn_off", "toggle", "trigger"}, service)
	switch {
	case !serviceName.MatchString(text):
		return false
	case slices.Contains(telling, domain):
		return true
	case domain == "script" && !turns && service != "reload":
		a.changes[home.EntityID(text)] = true
		return true
	case (domain == "homeassistant" || domain == "automation" || domain == "script" || domain == "group") && !turns,
		domain == "scene" && service != "turn_on":
		return false
	case domain != "homeassistant" && domain != "automation" && domain != "script" && !slices.Contains(keeping, domain):
		return false
	}
	aimed := false
	for _, target := range []any{step, step["target"], step["data"], step["data_template"]} {
		switch target := target.(type) {
		case nil:
		case map[string]any:
			if !a.target(domain, target) {
				return false
			}
			aimed = aimed || slices.ContainsFunc(aims, func(aim string) bool { return target[aim] != nil })
		default: // a template
			return false
		}
	}
	return aimed
}

var aims = []string{"entity_id", "device_id", "area_id", "floor_id", "label_id"}

// target reads what the services of a domain are aimed at.
func (a actions) target(domain string, target map[string]any) bool {
	for _, aim := range aims {
		ids, ok := idsIn(target[aim])
		if !ok {
			return false
		}
		for _, id := range ids {
			if !a.aimedAt(domain, aim, id) {
				return false
			}
		}
	}
	return true
}

// aimedAt adds the entities that one ID stands for. A label is not looked up: it stands for all of the domain.
func (a actions) aimedAt(domain, aim, id string) bool {
	switch {
	case aim != "entity_id" && id != "none", id == "all":
		for _, s := range a.states {
			if within := a.within(aim, id, s.ID); within && (domain == "homeassistant" || s.ID.Domain() == domain) {
				a.changes[s.ID] = true
			}
		}
		return true
	case id == "none":
		return true
	}
	a.changes[home.EntityID(id)] = true
	return serviceName.MatchString(id) // else it is the registry's own ID, or a template
}

// within tells whether an entity is part of a device, an area or a floor.
func (a actions) within(aim, id string, entity home.EntityID) bool {
	device := a.entities[entity].Device
	switch aim {
	case "device_id":
		return id != "" && (device == id || a.devices[device].Parent == id)
	case "area_id":
		return a.areaOf(entity) == id
	case "floor_id":
		area := a.areaOf(entity)
		return slices.ContainsFunc(a.areas, func(e areaEntry) bool { return e.ID == area && e.Floor == id })
	}
	return true
}

// device adds all entities of a device. What one without any does is not known.
func (a actions) device(id any) bool {
	name, _ := id.(string)
	return slices.ContainsFunc(a.states, func(s stateEntry) bool { return a.within("device_id", name, s.ID) }) &&
		a.aimedAt("homeassistant", "device_id", name)
}

// idsIn are IDs as Home Assistant takes them: one, several with commas, or a list. There is no telling what a template
// stands for.
func idsIn(value any) (ids []string, ok bool) {
	switch value := value.(type) {
	case nil:
		return nil, true
	case string:
		for id := range strings.SplitSeq(value, ",") {
			ids = append(ids, strings.ToLower(strings.TrimSpace(id)))
		}
		return ids, !strings.ContainsAny(value, "{}")
	case []any:
		for _, one := range value {
			text, isText := one.(string)
			more, ok := idsIn(text)
			if !isText || !ok {
				return nil, false
			}
			ids = append(ids, more...)
		}
		return ids, true
	}
	return nil, false
}

package assist

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"strconv"
	"strings"
	"time"

	"hearth/daemon/home"
	"hearth/daemon/home/demo"
)

// Simulate builds the home as a case wants it. It does all things at once, save that a vacuum which is sent home stays
// on its way.
func (h House) Simulate(c Case) (*demo.Home, error) {
	b := builder{devices: map[string]device{}, dimmed: map[home.EntityID]int{}, events: map[home.EntityID][]demo.Event{}}
	for _, d := range h.Devices {
		b.devices[d.ID] = d
	}
	for id := range c.Setup {
		if !h.has(id) {
			return nil, fmt.Errorf("setup: %s has no entity %q", c.Home, id)
		}
	}
	for _, e := range h.Entities {
		if err := b.add(e, c.Setup[e.ID], c.now()); err != nil {
			return nil, fmt.Errorf("%s: %w", e.ID, err)
		}
	}
	var areas []home.Area
	for _, a := range h.Areas {
		areas = append(areas, home.Area{ID: a.ID, Name: a.Name, Floor: a.Floor})
	}
	var floors []home.Floor
	for _, f := range h.Floors {
		floors = append(floors, home.Floor{ID: f.ID, Name: f.Name})
	}
	options := []demo.Option{
		demo.WithSnapshot(home.NewSnapshot(b.entities, areas, floors)), demo.WithPace(0), demo.WithLongWays(), demo.WithStillSensors(),
		demo.WithClock(c.now), demo.WithDimmed(b.dimmed), demo.WithEvents(b.events),
	}
	return demo.New(append(options, b.lists...)...), nil
}

func (h House) has(id string) bool {
	for _, e := range h.Entities {
		if e.ID == id {
			return true
		}
	}
	return false
}

// room is the area that the speaker is in, "" when the case does not tell.
func (h House) room(c Case) string {
	for _, d := range h.Devices {
		if c.Area == "" && d.ID == c.Device {
			return d.Area
		}
	}
	return c.Area
}

func (c Case) now() time.Time {
	if c.Now.IsZero() {
		return time.Now()
	}
	return c.Now.Time
}

// A builder makes entities of Home Assistant of those of the data, whose attributes are those of its classes.
type builder struct {
	devices  map[string]device
	entities []home.Entity
	dimmed   map[home.EntityID]int // lights that are off, and how bright they were
	events   map[home.EntityID][]demo.Event
	lists    []demo.Option
}

func (b *builder) add(described entity, setup change, now time.Time) error {
	e := home.Entity{
		ID: home.EntityID(described.ID), Name: described.Name, Area: cmp.Or(described.Area, b.devices[described.Device].Area),
		Exposed: true, Attributes: map[string]any{},
	}
	given := maps.Clone(described.Attributes)
	if given == nil {
		given = map[string]any{}
	}
	maps.Copy(given, setup.Attributes)
	state := described.State
	if setup.State != nil {
		state = setup.State
	}
	for name, value := range given {
		if err := b.attribute(&e, name, value); err != nil {
			return err
		}
	}
	e.State = b.state(e, state, given)
	e.Attributes["friendly_name"] = e.Name
	return b.finish(&e, given, now)
}

// attribute takes over one attribute, by the name that Home Assistant shows it by.
func (b *builder) attribute(e *home.Entity, name string, value any) error {
	switch name {
	case "device_class":
		e.DeviceClass = member(value)
		e.Attributes[name] = e.DeviceClass
		return nil
	case "state_class":
		value = member(value)
	case "supported_features":
		bits, err := featureBits(e.ID.Domain(), value)
		if err != nil {
			return err
		}
		value = bits
	case "native_unit_of_measurement", "unit_of_measurement":
		name = "unit_of_measurement"
		e.Unit, _ = value.(string)
	case "native_value", "todo_items", "events", "condition", "hvac_mode", "reports_position":
		return nil // they make the state, or are the device's own business
	case "target_temperature":
		name = "temperature"
	}
	name = strings.TrimPrefix(name, "native_")
	e.Attributes[name] = plain(value)
	return nil
}

// member is the member of a Python enumeration: "garage" of "cover.CoverDeviceClass.GARAGE".
func member(value any) string {
	text := fmt.Sprint(value)
	return strings.ToLower(text[strings.LastIndex(text, ".")+1:])
}

// plain makes whole numbers of JSON the ints that devices report, and text that is a number that number.
func plain(value any) any {
	if text, ok := value.(string); ok {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return text
		}
		value = n
	}
	if n, ok := value.(float64); ok && n == math.Trunc(n) && math.Abs(n) < 1<<31 {
		return int(n)
	}
	return value
}

// state is the state as Home Assistant shows it. What the data does not tell follows from the attributes.
func (b *builder) state(e home.Entity, state any, given map[string]any) string {
	switch s := state.(type) {
	case string:
		return s
	case float64:
		return fmt.Sprint(plain(s))
	case bool:
		return boolean[e.Domain() == "cover" || e.Domain() == "valve"][s]
	}
	for _, name := range []string{"native_value", "condition", "hvac_mode"} {
		if value, ok := given[name]; ok {
			return fmt.Sprint(plain(value))
		}
	}
	position, positions := home.Number(e.Attributes["current_position"])
	level, dims := home.Number(e.Attributes["brightness"])
	switch {
	case positions:
		return boolean[true][position > 0]
	case dims:
		return boolean[false][level > 0]
	case e.Domain() == "calendar":
		return "off"
	}
	return home.Unknown
}

// boolean are states for true and false, of what opens and of what is switched.
var boolean = map[bool]map[bool]string{true: {true: "open", false: "closed"}, false: {true: "on", false: "off"}}

// finish adds what hangs on the state.
func (b *builder) finish(e *home.Entity, given map[string]any, now time.Time) error {
	switch e.Domain() {
	case "light":
		b.light(e)
	case "fan": // Home Assistant adds those bits for devices of before 2024.8
		if bits, ok := e.Attributes["supported_features"].(int); ok {
			e.Attributes["supported_features"] = bits | 16 | 32
		}
	case "todo":
		return b.list(e, given["todo_items"])
	case "calendar":
		return b.calendar(e, given["events"], now)
	}
	b.entities = append(b.entities, *e)
	return nil
}

// light forgets what a light does not show while it is off; the bulb does not.
func (b *builder) light(e *home.Entity) {
	if modes, ok := e.Attributes["color_mode"].([]any); ok && len(modes) > 0 {
		e.Attributes["color_mode"] = modes[0]
	}
	if e.State != "on" {
		if level, ok := e.Attributes["brightness"].(int); ok {
			b.dimmed[e.ID] = level
		}
		delete(e.Attributes, "brightness")
		delete(e.Attributes, "color_mode")
	}
}

func (b *builder) list(e *home.Entity, given any) error {
	var open, done []string
	all, ok := given.([]any)
	if given != nil && !ok {
		return fmt.Errorf("todo_items are %v: want a list", given)
	}
	for _, one := range all {
		fields, _ := one.(map[string]any)
		summary, ok := fields["summary"].(string)
		if !ok {
			return fmt.Errorf("an item is %v: want one with a summary", one)
		}
		if fields["status"] == "completed" {
			done = append(done, summary)
		} else {
			open = append(open, summary)
		}
	}
	e.State = strconv.Itoa(len(open))
	b.lists = append(b.lists, demo.WithItems(e.ID, open, done))
	b.entities = append(b.entities, *e)
	return nil
}

func (b *builder) calendar(e *home.Entity, given any, now time.Time) error {
	all, ok := given.([]any)
	if given != nil && !ok {
		return fmt.Errorf("events are %v: want a list", given)
	}
	for _, one := range all {
		event, err := eventOf(one)
		if err != nil {
			return err
		}
		b.events[e.ID] = append(b.events[e.ID], event)
		if !event.Start.After(now) && event.End.After(now) {
			e.State = "on"
		}
	}
	b.entities = append(b.entities, *e)
	return nil
}

func eventOf(given any) (demo.Event, error) {
	fields, _ := given.(map[string]any)
	text := func(name string) string { s, _ := fields[name].(string); return s }
	event := demo.Event{Summary: text("summary"), Description: text("description"), Location: text("location")}
	var err error
	if event.Start, event.WholeDays, err = momentOf(text("start")); err != nil {
		return event, fmt.Errorf("start of %q: %w", event.Summary, err)
	}
	if event.End, _, err = momentOf(text("end")); err != nil {
		return event, fmt.Errorf("end of %q: %w", event.Summary, err)
	}
	if event.WholeDays && !event.End.After(event.Start) { // the day is its own end in the data
		event.End = event.Start.AddDate(0, 0, 1)
	}
	return event, nil
}

// featureBits adds up names of the members of Home Assistant's DOMAINEntityFeature enumerations.
func featureBits(domain string, value any) (int, error) {
	names, ok := value.([]any)
	if !ok {
		n, isNumber := home.Number(value)
		if !isNumber {
			return 0, fmt.Errorf("supported_features is %v: want a list of names, or a number", value)
		}
		return int(n), nil
	}
	bits := 0
	for _, name := range names {
		bit, known := features[domain][member(name)]
		if !known {
			return 0, fmt.Errorf("supported_features has %v, which is not known of a %s", name, domain)
		}
		bits |= bit
	}
	return bits, nil
}

// features are the bits of homeassistant/components/DOMAIN/const.py.
var features = map[string]map[string]int{
	"calendar": {"create_event": 1, "delete_event": 2, "update_event": 4},
	"climate": {"target_temperature": 1, "target_temperature_range": 2, "target_humidity": 4, "fan_mode": 8, "preset_mode": 16,
		"swing_mode": 32, "turn_off": 128, "turn_on": 256},
	"cover": {"open": 1, "close": 2, "set_position": 4, "stop": 8, "open_tilt": 16, "close_tilt": 32, "stop_tilt": 64, "set_tilt_position": 128},
	"fan":   {"set_speed": 1, "oscillate": 2, "direction": 4, "preset_mode": 8, "turn_off": 16, "turn_on": 32},
	"light": {"effect": 4, "flash": 8, "transition": 32},
	"lock":  {"open": 1},
	"media_player": {"pause": 1, "seek": 2, "volume_set": 4, "volume_mute": 8, "previous_track": 16, "next_track": 32, "turn_on": 128,
		"turn_off": 256, "play_media": 512, "volume_step": 1024, "select_source": 2048, "stop": 4096, "clear_playlist": 8192, "play": 16384,
		"shuffle_set": 32768, "select_sound_mode": 65536, "browse_media": 131072, "repeat_set": 262144, "grouping": 524288},
	"todo": {"create_todo_item": 1, "delete_todo_item": 2, "update_todo_item": 4, "move_todo_item": 8},
	"vacuum": {"turn_on": 1, "turn_off": 2, "pause": 4, "stop": 8, "return_home": 16, "fan_speed": 32, "battery": 64, "status": 128,
		"send_command": 256, "locate": 512, "clean_spot": 1024, "map": 2048, "state": 4096, "start": 8192},
	"valve":   {"open": 1, "close": 2, "set_position": 4, "stop": 8},
	"weather": {"forecast_daily": 1, "forecast_hourly": 2, "forecast_twice_daily": 4},
}

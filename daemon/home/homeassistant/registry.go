package homeassistant

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"hearth/daemon/home"
)

// registries are what Home Assistant knows of its entities beside their states.
type registries struct {
	states   []stateEntry
	entities map[home.EntityID]entityEntry
	devices  map[string]deviceEntry
	areas    []areaEntry
	floors   []floorEntry
	exposure json.RawMessage // as it was sent
	exposed  map[home.EntityID]bool
	aliases  map[home.EntityID][]*string
	runs     map[home.EntityID][]home.EntityID // what scripts and automations change, as far as that is known
}

type stateEntry struct {
	ID          home.EntityID  `json:"entity_id"`
	State       string         `json:"state"`
	Attributes  map[string]any `json:"attributes"`
	LastUpdated time.Time      `json:"last_updated"`
}

type entityEntry struct {
	ID      home.EntityID `json:"entity_id"`
	Area    string        `json:"area_id"`
	Device  string        `json:"device_id"`
	Options struct {
		Conversation struct {
			Expose bool `json:"should_expose"`
		} `json:"conversation"`
	} `json:"options"`
}

type deviceEntry struct {
	ID     string `json:"id"`
	Area   string `json:"area_id"`
	Parent string `json:"parent_device_id"` // since 2026.9
}

type areaEntry struct {
	ID      string   `json:"area_id"`
	Name    string   `json:"name"`
	Aliases []string `json:"aliases"`
	Floor   string   `json:"floor_id"`

	Temperature home.EntityID `json:"temperature_entity_id"`
	Humidity    home.EntityID `json:"humidity_entity_id"`
}

type floorEntry struct {
	ID      string   `json:"floor_id"`
	Name    string   `json:"name"`
	Aliases []string `json:"aliases"`
	Level   int      `json:"level"`
}

// load asks for all registries, and for all states.
func load(ctx context.Context, c *Conn) (*registries, error) {
	r := &registries{}
	var entities []entityEntry
	var devices []deviceEntry
	for _, list := range []struct {
		command string
		into    any
	}{
		{"get_states", &r.states},
		{"config/entity_registry/list", &entities},
		{"config/device_registry/list", &devices},
		{"config/area_registry/list", &r.areas},
		{"config/floor_registry/list", &r.floors},
	} {
		if err := c.Ask(ctx, Command{"type": list.command}, list.into); err != nil {
			return nil, fmt.Errorf("%s: %w", list.command, err)
		}
	}
	r.entities = byID(entities, func(e entityEntry) home.EntityID { return e.ID })
	r.devices = byID(devices, func(d deviceEntry) string { return d.ID })
	if err := r.loadVoice(ctx, c); err != nil {
		return nil, err
	}
	return r, r.loadRuns(ctx, c)
}

// loadVoice asks what may be spoken to, and by which other names.
func (r *registries) loadVoice(ctx context.Context, c *Conn) (err error) {
	if r.exposure, err = exposure(ctx, c); err != nil {
		return err
	}
	if r.exposure == nil {
		r.exposed = r.exposedInRegistry()
	} else if r.exposed, err = parseExposure(r.exposure); err != nil {
		return err
	}
	ids := []home.EntityID{}
	for id := range r.entities {
		if r.exposed[id] {
			ids = append(ids, id)
		}
	}
	var extended map[home.EntityID]*struct {
		Aliases []*string `json:"aliases"`
	}
	if err := c.Ask(ctx, Command{"type": "config/entity_registry/get_entries", "entity_ids": ids}, &extended); err != nil {
		return fmt.Errorf("aliases: %w", err)
	}
	r.aliases = make(map[home.EntityID][]*string, len(extended))
	for id, e := range extended {
		if e != nil {
			r.aliases[id] = e.Aliases
		}
	}
	return nil
}

// exposure is Home Assistant's list of what is exposed to which assistant, as it sends it; nil when the token's user
// is no administrator, and may not see it.
func exposure(ctx context.Context, c *Conn) (json.RawMessage, error) {
	var list json.RawMessage
	err := c.Ask(ctx, Command{"type": "homeassistant/expose_entity/list"}, &list)
	if refused := (*CommandError)(nil); errors.As(err, &refused) && refused.Code == "unauthorized" {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("what is exposed: %w", err)
	}
	return list, nil
}

// exposedInRegistry are the exposed entities that the registry knows, which are those with a unique ID.
func (r *registries) exposedInRegistry() map[home.EntityID]bool {
	exposed := map[home.EntityID]bool{}
	for id, e := range r.entities {
		if e.Options.Conversation.Expose {
			exposed[id] = true
		}
	}
	return exposed
}

// parseExposure are the entities that are exposed to Assist, and so to Hearth.
func parseExposure(list json.RawMessage) (map[home.EntityID]bool, error) {
	var answer struct {
		Exposed map[home.EntityID]struct {
			Conversation bool `json:"conversation"`
		} `json:"exposed_entities"`
	}
	if err := json.Unmarshal(list, &answer); err != nil {
		return nil, fmt.Errorf("read what is exposed: %w", err)
	}
	exposed := map[home.EntityID]bool{}
	for id, to := range answer.Exposed {
		if to.Conversation {
			exposed[id] = true
		}
	}
	return exposed, nil
}

func byID[K comparable, V any](list []V, id func(V) K) map[K]V {
	m := make(map[K]V, len(list))
	for _, v := range list {
		m[id(v)] = v
	}
	return m
}

// snapshot joins the registries.
func (r *registries) snapshot() *home.Snapshot {
	implied := r.namesAreImplied()
	entities := make([]home.Entity, 0, len(r.states))
	for _, s := range r.states {
		e := withAttributes(home.Entity{ID: s.ID, State: s.State, Changed: s.LastUpdated}, s.Attributes)
		e.Exposed, e.Area, e.Runs = r.exposed[s.ID], r.areaOf(s.ID), r.runs[s.ID]
		e.Name, e.Aliases = names(s, r.aliases[s.ID], implied)
		entities = append(entities, e)
	}
	areas := make([]home.Area, len(r.areas))
	for i, a := range r.areas {
		areas[i] = home.Area(a)
		areas[i].Aliases = spoken(a.Aliases)
	}
	floors := make([]home.Floor, len(r.floors))
	for i, f := range r.floors {
		floors[i] = home.Floor(f)
		floors[i].Aliases = spoken(f.Aliases)
	}
	return home.NewSnapshot(entities, areas, floors)
}

// areaOf is the entity's own area, else its device's, else that of the device which this one is part of.
func (r *registries) areaOf(id home.EntityID) string {
	entity := r.entities[id]
	device := r.devices[entity.Device]
	return cmp.Or(entity.Area, device.Area, r.devices[device.Parent].Area)
}

// namesAreImplied tells how to read aliases. Since 2026 null stands among them for the entity's own name, and an
// owner may leave that out; before, the own name was never in the list and always meant.
func (r *registries) namesAreImplied() bool {
	for _, aliases := range r.aliases {
		if slices.Contains(aliases, nil) {
			return false
		}
	}
	return true
}

// names are what an entity is called: the name to say of it, and the others by which it may be called.
func names(s stateEntry, aliases []*string, implied bool) (name string, others []string) {
	name = ownName(s.ID, s.Attributes)
	own := implied || len(aliases) == 0
	for _, alias := range aliases {
		switch {
		case alias == nil:
			own = true
		case strings.TrimSpace(*alias) != "":
			others = append(others, strings.TrimSpace(*alias))
		}
	}
	if !own && len(others) > 0 {
		name, others = others[0], others[1:]
	}
	return name, spoken(others)
}

// ownName is what Home Assistant calls an entity with these attributes.
func ownName(id home.EntityID, attributes map[string]any) string {
	name, _ := attributes["friendly_name"].(string)
	if name = strings.TrimSpace(name); name != "" {
		return name
	}
	_, object, _ := strings.Cut(string(id), ".")
	return strings.ReplaceAll(object, "_", " ")
}

// spoken are the aliases that are not empty, in an order that does not change from one time to the next: Home
// Assistant keeps them in a set.
func spoken(aliases []string) []string {
	var kept []string
	for _, alias := range aliases {
		if alias = strings.TrimSpace(alias); alias != "" {
			kept = append(kept, alias)
		}
	}
	slices.Sort(kept)
	return slices.Compact(kept)
}

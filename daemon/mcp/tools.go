package mcp

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

// tools are those of one caller.
type tools struct {
	server *Server
	person string
}

type askInput struct {
	Sentence string `json:"sentence" jsonschema:"what to say, in the home's language"`
	Room     string `json:"room,omitempty" jsonschema:"area ID of the room that it is about, when the sentence names none"`
}

type callInput struct {
	Entity  string         `json:"entity_id" jsonschema:"the entity, such as light.kitchen"`
	Service string         `json:"service" jsonschema:"the service with its domain, such as light.turn_on"`
	Data    map[string]any `json:"data,omitempty" jsonschema:"the service's own fields, such as brightness_pct"`
}

// A result is what became of a turn.
type result struct {
	Turn    string `json:"turn_id"`
	Reply   string `json:"reply" jsonschema:"what Hearth says"`
	Asks    string `json:"asks,omitempty" jsonschema:"set when the reply is a question: room"`
	Failure string `json:"failure,omitempty" jsonschema:"why nothing was done, or not all"`
	Steps   []step `json:"steps"`
}

// A step is one call to the home.
type step struct {
	Entity   string `json:"entity_id"`
	Service  string `json:"service"`
	Outcome  string `json:"outcome" jsonschema:"confirmed: the home shows it; sent: nothing could show it; failed; refused"`
	Evidence string `json:"evidence" jsonschema:"what shows it, or what went wrong"`
}

func (t tools) ask(ctx context.Context, _ *sdk.CallToolRequest, in askInput) (*sdk.CallToolResult, result, error) {
	ctx, cancel := context.WithTimeout(ctx, t.server.opts.Timeout)
	defer cancel()
	return t.became(t.server.opts.House.Ask(ctx, t.person, in.Room, in.Sentence))
}

func (t tools) call(ctx context.Context, _ *sdk.CallToolRequest, in callInput) (*sdk.CallToolResult, result, error) {
	ctx, cancel := context.WithTimeout(ctx, t.server.opts.Timeout)
	defer cancel()
	domain, service, _ := strings.Cut(in.Service, ".")
	call := home.Call{Domain: domain, Service: service, Entity: home.EntityID(in.Entity), Data: in.Data}
	return t.became(t.server.opts.House.Do(ctx, t.person, call))
}

// became tells of a turn. One that did not do what it was asked is an error of the tool, so that the caller does not
// take it for done.
func (t tools) became(turn *conversation.Turn, err error) (*sdk.CallToolResult, result, error) {
	if err != nil {
		return nil, result{}, t.told(err)
	}
	t.server.last.Store(&turn.ID)
	r := result{Turn: turn.ID, Reply: turn.Reply, Asks: string(turn.Asks), Failure: string(turn.Failure), Steps: []step{}}
	for _, s := range turn.Steps {
		r.Steps = append(r.Steps, step{string(s.Entity), s.Service, string(s.Outcome), s.Evidence})
	}
	return &sdk.CallToolResult{IsError: turn.Failure != ""}, r, nil
}

// told is an error as a caller may know it.
func (t tools) told(err error) error {
	if input := (*conversation.InputError)(nil); errors.As(err, &input) {
		return input
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.New("it took too long")
	}
	t.server.opts.Logger.Warn("a tool failed", "error", err)
	return errors.New("it could not be done: the daemon's log has more")
}

type listInput struct {
	Area   string `json:"area,omitempty" jsonschema:"ID or name of an area"`
	Domain string `json:"domain,omitempty" jsonschema:"such as light"`
	Name   string `json:"name,omitempty" jsonschema:"a part of its name or of another name for it"`
}

type list struct {
	Entities []entity `json:"entities"`
	More     int      `json:"more,omitempty" jsonschema:"how many others fit: ask for an area, a domain or a name"`
}

// An entity as it is told.
type entity struct {
	ID         string         `json:"entity_id"`
	Name       string         `json:"name"`
	Aliases    []string       `json:"aliases,omitempty"`
	Area       string         `json:"area,omitempty" jsonschema:"area ID"`
	Class      string         `json:"device_class,omitempty"`
	State      string         `json:"state"`
	Unit       string         `json:"unit,omitempty"`
	Attributes map[string]any `json:"attributes,omitempty"`
}

// mostListed is how many entities one list has.
const mostListed = 100

func (t tools) list(_ context.Context, _ *sdk.CallToolRequest, in listInput) (*sdk.CallToolResult, list, error) {
	snapshot := t.server.opts.House.Snapshot()
	area := in.Area
	for _, a := range snapshot.Areas {
		if in.Area != "" && (strings.EqualFold(a.Name, in.Area) || a.ID == in.Area) {
			area = a.ID
		}
	}
	l := list{Entities: []entity{}}
	for _, e := range snapshot.Entities {
		if !e.Exposed || in.Domain != "" && e.Domain() != in.Domain || in.Area != "" && e.Area != area || !called(e, in.Name) {
			continue
		}
		if len(l.Entities) == mostListed {
			l.More++
			continue
		}
		l.Entities = append(l.Entities, shown(e))
	}
	slices.SortFunc(l.Entities, func(a, b entity) int { return cmp.Compare(a.ID, b.ID) })
	return nil, l, nil
}

// called tells whether a part of a name is in one of the entity's.
func called(e home.Entity, part string) bool {
	part = strings.ToLower(part)
	return slices.ContainsFunc(append([]string{e.Name}, e.Aliases...), func(name string) bool {
		return strings.Contains(strings.ToLower(name), part)
	})
}

type stateInput struct {
	Entity string `json:"entity_id" jsonschema:"the entity, such as light.kitchen"`
}

func (t tools) state(_ context.Context, _ *sdk.CallToolRequest, in stateInput) (*sdk.CallToolResult, entity, error) {
	e, ok := t.server.opts.House.Snapshot().Entity(home.EntityID(in.Entity))
	if !ok || !e.Exposed { // which of them is nobody's business
		return nil, entity{}, fmt.Errorf("entity_id: %q is nothing that this home shows: list_entities tells what it does", shorten(in.Entity))
	}
	all := shown(e)
	for _, name := range shownAttributes {
		if v, ok := e.Attributes[name]; ok && small(v) {
			if all.Attributes == nil {
				all.Attributes = map[string]any{}
			}
			all.Attributes[name] = v
		}
	}
	return nil, all, nil
}

// shownAttributes are those that say what a thing does. Others may hold a secret, as the token of a camera's picture.
var shownAttributes = []string{
	"brightness", "color_mode", "color_temp_kelvin", "rgb_color", "effect",
	"temperature", "target_temp_low", "target_temp_high", "current_temperature", "humidity", "current_humidity", "hvac_action", "preset_mode",
	"fan_mode", "percentage", "oscillating", "direction", "current_position", "current_tilt_position",
	"volume_level", "is_volume_muted", "source", "media_title", "media_artist", "media_album_name", "battery_level", "fan_speed", "mode",
}

// longest is the longest text of an entity that is told, in bytes.
const longest = 255

// small tells whether an attribute is of a size that can be told.
func small(v any) bool {
	text, err := json.Marshal(v)
	return err == nil && len(text) <= longest
}

func shown(e home.Entity) entity {
	s := entity{ID: string(e.ID), Name: shorten(e.Name), Area: e.Area, Class: e.DeviceClass, State: shorten(e.State), Unit: e.Unit}
	for _, alias := range e.Aliases[:min(len(e.Aliases), 10)] {
		s.Aliases = append(s.Aliases, shorten(alias))
	}
	return s
}

func shorten(text string) string {
	if len(text) <= longest {
		return text
	}
	text = text[:longest]
	for !utf8.ValidString(text) && len(text) > longest-utf8.UTFMax {
		text = text[:len(text)-1]
	}
	return text + "..."
}

type whyInput struct {
	Turn string `json:"turn_id,omitempty" jsonschema:"of the turn; the last one that was asked for here when left out"`
}

func (t tools) why(ctx context.Context, _ *sdk.CallToolRequest, in whyInput) (*sdk.CallToolResult, any, error) {
	id := in.Turn
	if last := t.server.last.Load(); id == "" && last != nil {
		id = *last
	}
	if id == "" {
		return nil, nil, errors.New("turn_id: nothing was asked for yet: send the turn_id of a result")
	}
	turn, err := t.server.opts.House.Turn(ctx, id)
	switch {
	case err != nil:
		return nil, nil, t.told(err)
	case turn == nil:
		return nil, nil, fmt.Errorf("turn_id: there is no turn %q: send the turn_id of a result", shorten(id))
	}
	return nil, turn, nil
}

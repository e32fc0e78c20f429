package doctor

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hearth/daemon/home"
	"hearth/daemon/home/gate"
	"hearth/daemon/intent"
)

// longestName is what people still say in one breath, in characters.
const longestName = 60

const inHomeAssistant = "Settings > Voice assistants > Expose in Home Assistant"

// found is a finding about several things, nil when there are none.
func found(level Level, items []string, what, amiss, remedy string) *Finding {
	if len(items) == 0 {
		return nil
	}
	return &Finding{Level: level, Message: counted(len(items), what) + " " + amiss, Remedy: remedy, Items: items}
}

// spokenTo are the entities that may be heard.
func spokenTo(h *home.Snapshot) []home.Entity {
	return slices.DeleteFunc(slices.Clone(h.Entities), func(e home.Entity) bool { return !e.Exposed })
}

func namesOf(e home.Entity) []string { return append([]string{e.Name}, e.Aliases...) }

// colliding are names that two exposed entities of one area, or of none, have in common, as they are said.
func colliding(h *home.Snapshot) *Finding {
	type place struct{ name, area string }
	bearers, written := map[place][]string{}, map[place]string{}
	for _, e := range spokenTo(h) {
		for _, name := range namesOf(e) {
			at := place{intent.Folded(name), e.Area}
			if id := string(e.ID); at.name != "" && !slices.Contains(bearers[at], id) {
				bearers[at], written[at] = append(bearers[at], id), cmp.Or(written[at], name)
			}
		}
	}
	var items []string
	for at, ids := range bearers {
		if len(ids) > 1 {
			items = append(items, fmt.Sprintf("%q in %s: %s", written[at], areaName(h, at.area), strings.Join(ids, ", ")))
		}
	}
	slices.Sort(items)
	return found(Warning, items, "name", "for several entities in one place: Hearth has to act on all of them, or ask",
		"give them different names or aliases, or expose one of them: "+inHomeAssistant)
}

func areaName(h *home.Snapshot, id string) string {
	if area, ok := h.Area(id); ok {
		return area.Name
	}
	return "no area"
}

// unspeakable are entities, areas and floors none of whose names can be said.
func unspeakable(h *home.Snapshot) *Finding {
	var items []string
	note := func(id string, names []string) {
		if fault := faultOf(names); fault != "" {
			items = append(items, fmt.Sprintf("%s %q %s", id, shorten(names[0]), fault))
		}
	}
	for _, e := range spokenTo(h) {
		note(string(e.ID), namesOf(e))
	}
	for _, a := range h.Areas {
		note("area "+a.ID, append([]string{a.Name}, a.Aliases...))
	}
	for _, f := range h.Floors {
		note("floor "+f.ID, append([]string{f.Name}, f.Aliases...))
	}
	return found(Warning, items, "name", "that cannot be said", "give each an alias that people would say: "+inHomeAssistant)
}

// faultOf says why none of the names can be said, "" when one can.
func faultOf(names []string) string {
	fault := ""
	for _, name := range slices.Backward(names) {
		said := intent.Folded(name)
		switch {
		case strings.IndexFunc(said, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0:
			fault = "has no letters"
		case strings.IndexFunc(said, unicode.IsLetter) < 0:
			fault = "is a number only, which stands for amounts"
		case utf8.RuneCountInString(said) > longestName:
			fault = fmt.Sprintf("is longer than %d characters", longestName)
		default:
			return ""
		}
	}
	return fault
}

func shorten(name string) string {
	if runes := []rune(name); len(runes) > longestName {
		return string(runes[:longestName]) + "..."
	}
	return name
}

// unheard are entities none of whose names the recogniser, which has learned English, has the letters for.
func (e *examination) unheard(h *home.Snapshot) *Finding {
	if !e.hears() {
		return nil
	}
	foreign := func(name string) bool {
		return strings.IndexFunc(name, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) }) >= 0
	}
	var items []string
	for _, entity := range spokenTo(h) {
		if !slices.ContainsFunc(namesOf(entity), func(name string) bool { return !foreign(name) }) {
			items = append(items, fmt.Sprintf("%s %q", entity.ID, shorten(entity.Name)))
		}
	}
	return found(Warning, items, "name", "in letters that the recogniser, which hears English, does not know", "give each an English alias: "+inHomeAssistant)
}

// withoutArea are exposed entities that "in the kitchen" never means.
func withoutArea(h *home.Snapshot) *Finding {
	var items []string
	for _, e := range spokenTo(h) {
		if e.Area == "" {
			items = append(items, fmt.Sprintf("%s %q", e.ID, shorten(e.Name)))
		}
	}
	return found(Warning, items, "exposed entity", "in no area, to be found by name only", "set the area in Home Assistant, on the page of the entity or its device")
}

// emptyAreas are areas without anything that may be spoken to.
func emptyAreas(h *home.Snapshot) *Finding {
	areas := map[string]string{}
	for _, a := range h.Areas {
		areas[a.ID] = a.Name
	}
	for _, e := range spokenTo(h) {
		delete(areas, e.Area)
	}
	return found(Warning, slices.Sorted(maps.Values(areas)), "area", "without an exposed entity: nothing can be done there",
		"expose what is there, or delete it in Home Assistant")
}

// critical are the exposed entities that wait for a yes, for the owner to know of.
func (e *examination) critical(h *home.Snapshot) *Finding {
	var items []string
	for _, entity := range spokenTo(h) {
		if slices.ContainsFunc(e.Gate.Critical, func(named string) bool { return gate.Target(named).Names(entity) }) {
			items = append(items, fmt.Sprintf("%s %q", entity.ID, shorten(entity.Name)))
		}
	}
	return found(OK, items, "exposed entity", "of the critical ones (gate.critical): nothing happens there before a yes, or the PIN", "")
}

// unread are the scripts and automations of which Home Assistant does not tell what they do.
func (e *examination) unread(h *home.Snapshot) *Finding {
	var items []string
	for _, entity := range spokenTo(h) {
		if d := entity.Domain(); (d == "script" || d == "automation") && entity.Runs == nil && !slices.Contains(e.Gate.Harmless, string(entity.ID)) {
			items = append(items, fmt.Sprintf("%s %q", entity.ID, shorten(entity.Name)))
		}
	}
	return found(OK, items, "exposed script", "(automations count too) that Hearth cannot look into: nothing happens there before a yes, or the PIN. "+
		"It can be that the token is no administrator's; gate.harmless is for those that do nothing that matters", "")
}

package llm

import (
	"fmt"
	"slices"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
)

// Beside single entities, a call may be of all devices of a domain in an area, on a floor or everywhere. The prefix tells
// of the places, so that it costs a question nothing.

const (
	everywhere = "everywhere"
	maxPlaces  = 60 // that a call can name
	// maxTogether is how many entities one answer may call: a home's lights. The gate has its own limit.
	maxTogether = 60
)

// together are the domains of which all may be called at once, and what all of them can be asked for. What is locked,
// armed or shut off is called one by one.
var together = map[string][]string{
	"light": {"turn_on", "turn_off"}, "switch": {"turn_on", "turn_off"}, "fan": {"turn_on", "turn_off"},
	"cover": {"open_cover", "close_cover", "stop_cover"}, "climate": {"turn_on", "turn_off"},
	"media_player": {"turn_off", "media_pause", "media_play", "media_stop"},
	"humidifier":   {"turn_on", "turn_off"}, "input_boolean": {"turn_on", "turn_off"}, "vacuum": {"start", "return_to_base"},
}

// groupDomains are those of which the home has several, sorted.
func groupDomains(snapshot *home.Snapshot) []string {
	count := map[string]int{}
	for _, e := range snapshot.Entities {
		if e.Exposed {
			count[e.Domain()]++
		}
	}
	var domains []string
	for domain := range together {
		if count[domain] > 1 {
			domains = append(domains, domain)
		}
	}
	slices.Sort(domains)
	return domains
}

// groupPlaces are the IDs of the areas in which something is exposed, and of the floors; none of a home that has too many.
func groupPlaces(snapshot *home.Snapshot) []string {
	var ids []string
	add := func(id string) {
		if id != "" && id != everywhere && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, p := range placesOf(snapshot) {
		add(p.area.ID)
	}
	for _, f := range snapshot.Floors {
		add(f.ID)
	}
	if len(ids) > maxPlaces {
		return []string{everywhere}
	}
	return append(ids, everywhere)
}

// groupForms are the forms of such calls.
func (k *knowledge) groupForms() []schema {
	var forms []schema
	for _, domain := range k.domains {
		forms = append(forms, object(properties{
			{"area", schema{Type: "string", Enum: k.places}}, {"domain", schema{Type: "string", Enum: []string{domain}}}, nameOf(together[domain]...),
		}))
	}
	return forms
}

// group are the calls that one call of all devices of a domain in a place stands for.
func (q *question) group(w writtenCall) ([]home.Call, error) {
	if !slices.Contains(q.domains, w.Domain) || !slices.Contains(together[w.Domain], w.Service) || len(w.Data) > 0 {
		return nil, fmt.Errorf("%s cannot be called for all %s in an area", quoted(w.Service), quoted(w.Domain))
	}
	if !slices.Contains(q.places, w.Area) {
		return nil, fmt.Errorf("there is no area %s", quoted(w.Area))
	}
	var calls []home.Call
	for _, e := range q.Home.Entities {
		if !e.Exposed || e.Domain() != w.Domain || !q.within(e, w.Area) {
			continue
		}
		all := command.Services(q.Home, e)
		if i := slices.IndexFunc(all, func(s command.Service) bool { return s.Name == w.Service }); i >= 0 {
			call, err := all[i].Call(e, nil)
			if err != nil {
				return nil, err
			}
			calls = append(calls, call)
		}
	}
	if len(calls) == 0 {
		return nil, fmt.Errorf("there is no %s in %s that could do that", w.Domain, w.Area)
	}
	return calls, nil
}

// within tells whether an entity is in an area, on a floor, or anywhere.
func (q *question) within(e home.Entity, place string) bool {
	if place == everywhere {
		return true
	}
	area, ok := q.Home.Area(e.Area)
	return ok && (area.ID == place || area.Floor == place)
}

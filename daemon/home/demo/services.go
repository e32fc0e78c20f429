package demo

import (
	"maps"
	"slices"

	"hearth/daemon/home"
)

// A service is what one service call does to an entity: it reads its data and says what will happen.
// It is called with the home locked, and must change nothing itself.
type service func(h *Home, e home.Entity, d *data) []effect

// A query is a service that answers with data.
type query func(h *Home, e home.Entity, d *data) any

// allServices are the services of every domain, by full name.
func allServices() map[string]service {
	all := map[string]service{}
	for _, domain := range []map[string]service{
		lights(), switches(), fans(), covers(), valves(), locks(), alarms(), climates(), humidifiers(),
		waterHeaters(), mediaPlayers(), vacuums(), lawnMowers(), todos(), inputs(), scenes(), scripts(), satellites(),
	} {
		maps.Copy(all, domain)
	}
	return all
}

// allQueries are the services that answer with data, by full name.
func allQueries() map[string]query {
	return map[string]query{
		"todo.get_items":            todoItems,
		"calendar.get_events":       calendarEvents,
		"weather.get_forecasts":     weatherForecasts,
		"media_player.search_media": mediaSearch,
	}
}

// does is an effect on the entity as soon as its device obeys.
func does(e home.Entity, apply func(*home.Entity)) []effect {
	return []effect{{entity: e.ID, apply: apply}}
}

// state is a service without data that puts the entity into one state.
func state(to string) service {
	return func(_ *Home, e home.Entity, _ *data) []effect {
		return does(e, func(e *home.Entity) { e.State = to })
	}
}

// sets is an effect on one attribute.
func sets(e home.Entity, attribute string, value any) []effect {
	return does(e, func(e *home.Entity) { e.Attributes[attribute] = value })
}

// picks is a service that sets an attribute to one of the choices listed in another attribute.
func picks(field, attribute, choices string) service {
	return func(_ *Home, e home.Entity, d *data) []effect {
		accepted := texts(e.Attributes[choices])
		if len(accepted) == 0 {
			d.lacks(field)
			return nil
		}
		value, ok := d.choice(field, accepted...)
		d.need(field, ok, "one of the entity's "+choices)
		return sets(e, attribute, value)
	}
}

// toggles is a service that does one thing in the given states and another in all others.
func toggles(off, on service, states ...string) service {
	return func(h *Home, e home.Entity, d *data) []effect {
		if slices.Contains(states, e.State) {
			return off(h, e, d)
		}
		return on(h, e, d)
	}
}

// attribute is an entity's number, or the fallback when it has none.
func attribute(e home.Entity, name string, fallback float64) float64 {
	if n, ok := home.Number(e.Attributes[name]); ok {
		return n
	}
	return fallback
}

// onOff are turn_on, turn_off and toggle of a domain that has nothing but two states.
func onOff(domain string) map[string]service {
	return map[string]service{
		domain + ".turn_on":  state("on"),
		domain + ".turn_off": state("off"),
		domain + ".toggle":   toggles(state("off"), state("on"), "on"),
	}
}

func switches() map[string]service { return onOff("switch") }

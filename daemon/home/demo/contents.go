package demo

import (
	"strings"

	"hearth/daemon/home"
)

// contents are what the house's scenes and scripts do.
func contents() map[home.EntityID][]home.Call {
	return map[home.EntityID][]home.Call{
		"scene.movie_night": {
			call("light.turn_on", "light.living_room_lamp", has{"brightness_pct": 20}),
			call("light.turn_off", "light.living_room_ceiling", nil),
			call("cover.close_cover", "cover.living_room_curtains", nil),
			call("media_player.turn_on", "media_player.tv", nil),
		},
		"scene.dinner_time": {
			call("light.turn_on", "light.kitchen_ceiling", has{"brightness_pct": 60, "color_temp_kelvin": 2700}),
			call("light.turn_on", "light.kitchen_counter", has{"brightness_pct": 30}),
			call("media_player.volume_set", "media_player.kitchen_speaker", has{"volume_level": 0.2}),
		},
		"script.good_night": {
			call("light.turn_off", "light.kitchen_ceiling", nil),
			call("light.turn_off", "light.living_room_lamp", nil),
			call("light.turn_off", "light.living_room_ceiling", nil),
			call("light.turn_off", "light.hallway_light", nil),
			call("media_player.turn_off", "media_player.tv", nil),
			call("climate.set_temperature", "climate.thermostat", has{"temperature": 18}),
			call("cover.close_cover", "cover.bedroom_blinds", nil),
			call("light.turn_on", "light.night_light", has{"brightness_pct": 10}),
		},
		"script.good_morning": {
			call("cover.open_cover", "cover.bedroom_blinds", nil),
			call("light.turn_off", "light.night_light", nil),
			call("climate.set_temperature", "climate.thermostat", has{"temperature": 21}),
			call("switch.turn_on", "switch.coffee_maker", nil),
		},
	}
}

func call(name string, id home.EntityID, data has) home.Call {
	domain, service, _ := strings.Cut(name, ".")
	return home.Call{Domain: domain, Service: service, Entity: id, Data: data}
}

// changed are the entities that a scene or a script changes.
func changed(by home.EntityID) []home.EntityID {
	var ids []home.EntityID
	for _, call := range contents()[by] {
		ids = append(ids, call.Entity)
	}
	return ids
}

// contains are the attributes of a scene: Home Assistant lists there which entities it changes.
func contains(scene home.EntityID) has {
	var ids []string
	for _, id := range changed(scene) {
		ids = append(ids, string(id))
	}
	return has{"entity_id": ids}
}

// startingItems are the to-do lists when the day begins.
func startingItems() map[home.EntityID][]item {
	return map[home.EntityID][]item{
		"todo.shopping_list": {
			{UID: "1", Summary: "Milk", Status: needsAction},
			{UID: "2", Summary: "Eggs", Status: needsAction},
			{UID: "3", Summary: "Bread", Status: needsAction},
			{UID: "4", Summary: "Butter", Status: completed},
		},
		"todo.chores": {
			{UID: "1", Summary: "Water the plants", Status: needsAction},
			{UID: "2", Summary: "Empty the dishwasher", Status: needsAction},
		},
	}
}

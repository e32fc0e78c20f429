package demo

import (
	"time"

	"hearth/daemon/home"
)

// The house that New simulates: a family's home on three floors with a garden.
//
// Some things in it misbehave on purpose: Porch Light is offline, Garden Lights and Patio Fan are
// radio-controlled and never report, and Attic Light misses the first command of every two. Freezer,
// Office Safe and Router Restart are not exposed to voice.

func floors() []home.Floor {
	return []home.Floor{
		{ID: "basement", Name: "Basement", Aliases: []string{"Cellar"}, Level: -1},
		{ID: "ground", Name: "Ground Floor", Aliases: []string{"Downstairs"}, Level: 0},
		{ID: "upper", Name: "Upstairs", Aliases: []string{"Upper Floor", "Top Floor"}, Level: 1},
	}
}

func areas() []home.Area {
	return []home.Area{
		{ID: "utility_room", Name: "Utility Room", Aliases: []string{"Laundry"}, Floor: "basement"},
		{ID: "garage", Name: "Garage", Floor: "ground"},
		{ID: "hallway", Name: "Hallway", Aliases: []string{"Entrance"}, Floor: "ground"},
		{ID: "kitchen", Name: "Kitchen", Floor: "ground"},
		{ID: "living_room", Name: "Living Room", Aliases: []string{"Lounge"}, Floor: "ground"},
		{ID: "office", Name: "Office", Aliases: []string{"Study"}, Floor: "ground"},
		{ID: "bathroom", Name: "Bathroom", Floor: "upper"},
		{ID: "bedroom", Name: "Bedroom", Aliases: []string{"Master Bedroom"}, Floor: "upper"},
		{ID: "kids_room", Name: "Kids Room", Aliases: []string{"Children's Room"}, Floor: "upper"},
		{ID: "attic", Name: "Attic", Aliases: []string{"Loft"}, Floor: "upper"},
		{ID: "garden", Name: "Garden", Aliases: []string{"Backyard"}},
		{ID: "front_yard", Name: "Front Yard"},
	}
}

// has are an entity's attributes.
type has = map[string]any

// entities are the house's entities as they are when the day begins.
func entities(now time.Time) []home.Entity {
	list := []home.Entity{
		// Lights. The modes say what they can do: onoff, brightness, color_temp, rgb.
		{ID: "light.kitchen_ceiling", Name: "Kitchen Ceiling", Area: "kitchen", State: "off", Attributes: color()},
		{ID: "light.kitchen_counter", Name: "Counter Lights", Area: "kitchen", State: "off", Attributes: dimmable()},
		{ID: "light.living_room_lamp", Name: "Living Room Lamp", Aliases: []string{"Floor Lamp"}, Area: "living_room", State: "off", Attributes: color()},
		{ID: "light.living_room_ceiling", Name: "Living Room Ceiling", Area: "living_room", State: "off", Attributes: dimmable()},
		{ID: "light.hallway_light", Name: "Hallway Light", Area: "hallway", State: "off", Attributes: plain()},
		{ID: "light.office_ceiling", Name: "Office Ceiling", Area: "office", State: "off", Attributes: color()},
		{ID: "light.desk_lamp", Name: "Desk Lamp", Area: "office", State: "off", Attributes: dimmable()},
		{ID: "light.bed_light", Name: "Bed Light", Aliases: []string{"Bedside Lamp"}, Area: "bedroom", State: "off", Attributes: color()},
		{ID: "light.bedroom_ceiling", Name: "Bedroom Ceiling", Area: "bedroom", State: "off", Attributes: dimmable()},
		{ID: "light.night_light", Name: "Night Light", Area: "kids_room", State: "off", Attributes: color()},
		{ID: "light.mirror_light", Name: "Mirror Light", Area: "bathroom", State: "off", Attributes: plain()},
		{ID: "light.basement_light", Name: "Basement Light", Area: "utility_room", State: "off", Attributes: plain()},
		{ID: "light.garage_light", Name: "Garage Light", Area: "garage", State: "off", Attributes: plain()},
		{ID: "light.attic_light", Name: "Attic Light", Area: "attic", State: "off", Attributes: plain()},
		{ID: "light.porch_light", Name: "Porch Light", Area: "front_yard", State: home.Unavailable, Attributes: plain()},
		{ID: "light.garden_lights", Name: "Garden Lights", Area: "garden", State: "off", Assumed: true, Attributes: plain()},

		// Switches and helpers.
		{ID: "switch.coffee_maker", Name: "Coffee Maker", Aliases: []string{"Coffee Machine"}, Area: "kitchen", DeviceClass: "outlet", State: "off"},
		{ID: "switch.printer", Name: "Printer", Area: "office", DeviceClass: "outlet", State: "off"},
		{ID: "switch.towel_heater", Name: "Towel Heater", Area: "bathroom", DeviceClass: "switch", State: "off"},
		{ID: "switch.washing_machine", Name: "Washing Machine", Area: "utility_room", DeviceClass: "outlet", State: "on"},
		{ID: "switch.freezer", Name: "Freezer", Area: "utility_room", DeviceClass: "outlet", State: "on"},
		{ID: "input_boolean.guest_mode", Name: "Guest Mode", State: "off"},
		{ID: "input_number.bath_fill", Name: "Bath Fill", Area: "bathroom", State: "80", Unit: "L", Attributes: has{"min": 20, "max": 150, "step": 5}},
		{ID: "input_select.house_mode", Name: "House Mode", State: "Home", Attributes: has{"options": []string{"Home", "Away", "Vacation"}}},
		{ID: "button.doorbell_chime", Name: "Doorbell Chime", Area: "hallway", State: home.Unknown},
		{ID: "button.router_restart", Name: "Router Restart", Area: "office", DeviceClass: "restart", State: home.Unknown},

		// Things that move.
		{ID: "cover.living_room_curtains", Name: "Living Room Curtains", Area: "living_room", DeviceClass: "curtain", State: "open", Attributes: has{"current_position": 100}},
		{ID: "cover.bedroom_blinds", Name: "Bedroom Blinds", Area: "bedroom", DeviceClass: "blind", State: "closed", Attributes: has{"current_position": 0}},
		{ID: "cover.kids_room_shutter", Name: "Kids Room Shutter", Area: "kids_room", DeviceClass: "shutter", State: "open", Attributes: has{"current_position": 100}},
		{ID: "cover.garage_door", Name: "Garage Door", Area: "garage", DeviceClass: "garage", State: "closed"},
		{ID: "valve.main_water", Name: "Main Water", Aliases: []string{"Water Main"}, Area: "utility_room", DeviceClass: "water", State: "open", Attributes: has{"current_position": 100}},
		{ID: "valve.sprinkler", Name: "Sprinkler", Area: "garden", DeviceClass: "water", State: "closed"},
		{ID: "lock.front_door", Name: "Front Door", Area: "hallway", State: "locked"},
		{ID: "lock.back_door", Name: "Back Door", Area: "kitchen", State: "unlocked"},
		{ID: "lock.office_safe", Name: "Office Safe", Area: "office", State: "locked"},
		{ID: "alarm_control_panel.home_alarm", Name: "Home Alarm", Aliases: []string{"Alarm System"}, Area: "hallway", State: "disarmed", Attributes: has{"code_arm_required": false}},
		{ID: "vacuum.robot_vacuum", Name: "Robot Vacuum", Aliases: []string{"Vacuum", "Robot"}, Area: "living_room", State: "docked",
			Attributes: has{"battery_level": 96, "fan_speed": "standard", "fan_speed_list": []string{"quiet", "standard", "turbo"}}},
		{ID: "lawn_mower.lawn_mower", Name: "Lawn Mower", Aliases: []string{"Mower"}, Area: "garden", State: "docked"},

		// Air and water.
		{ID: "climate.thermostat", Name: "Thermostat", Aliases: []string{"Heating"}, Area: "living_room", State: "heat", Attributes: thermostat(21, 20.4)},
		{ID: "climate.bedroom_radiator", Name: "Bedroom Radiator", Area: "bedroom", State: "off", Attributes: thermostat(18, 18.6)},
		{ID: "fan.ceiling_fan", Name: "Ceiling Fan", Area: "living_room", State: "off", Attributes: speeds(25)},
		{ID: "fan.bathroom_fan", Name: "Bathroom Fan", Aliases: []string{"Extractor"}, Area: "bathroom", State: "off", Attributes: speeds(50)},
		{ID: "fan.patio_fan", Name: "Patio Fan", Area: "garden", State: "off", Assumed: true, Attributes: speeds(33)},
		{ID: "humidifier.bedroom_humidifier", Name: "Humidifier", Area: "bedroom", State: "off", DeviceClass: "humidifier",
			Attributes: has{"humidity": 45, "current_humidity": 41, "min_humidity": 30, "max_humidity": 70, "mode": "normal", "available_modes": []string{"normal", "sleep"}}},
		{ID: "water_heater.boiler", Name: "Boiler", Area: "utility_room", State: "eco",
			Attributes: has{"temperature": 52.0, "current_temperature": 50.5, "min_temp": 40, "max_temp": 65, "operation_list": []string{"off", "eco", "performance"}}},

		// Entertainment.
		{ID: "media_player.tv", Name: "TV", Aliases: []string{"Television"}, Area: "living_room", DeviceClass: "tv", State: "off",
			Attributes: has{"volume_level": 0.3, "is_volume_muted": false, "source": "HDMI 1", "source_list": []string{"HDMI 1", "HDMI 2", "Cable"}}},
		{ID: "media_player.kitchen_speaker", Name: "Kitchen Speaker", Aliases: []string{"Radio"}, Area: "kitchen", DeviceClass: "speaker", State: "playing",
			Attributes: has{"volume_level": 0.4, "is_volume_muted": false, "media_title": playlist[0], "shuffle": false}},
		{ID: "media_player.bedroom_speaker", Name: "Bedroom Speaker", Area: "bedroom", DeviceClass: "speaker", State: "idle",
			Attributes: has{"volume_level": 0.2, "is_volume_muted": false, "shuffle": false}},

		{ID: "assist_satellite.kitchen_satellite", Name: "Kitchen Satellite", Area: "kitchen", State: "idle"},
		{ID: "assist_satellite.bedroom_satellite", Name: "Bedroom Satellite", Area: "bedroom", State: "idle"},

		// Lists, scenes, scripts.
		{ID: "todo.shopping_list", Name: "Shopping List", Aliases: []string{"Groceries"}, State: "3"},
		{ID: "todo.chores", Name: "Chores", State: "2"},
		{ID: "scene.movie_night", Name: "Movie Night", Area: "living_room", State: home.Unknown, Attributes: contains("scene.movie_night")},
		{ID: "scene.dinner_time", Name: "Dinner Time", Area: "kitchen", State: home.Unknown, Attributes: contains("scene.dinner_time")},
		{ID: "script.good_night", Name: "Good Night", State: "off", Attributes: has{"mode": "single"}, Runs: changed("script.good_night")},
		{ID: "script.good_morning", Name: "Good Morning", State: "off", Attributes: has{"mode": "single"}, Runs: changed("script.good_morning")},

		// What the house knows.
		sensor("kitchen_temperature", "Kitchen Temperature", "kitchen", "temperature", "21.8", "°C"),
		sensor("living_room_temperature", "Living Room Temperature", "living_room", "temperature", "20.4", "°C"),
		sensor("bedroom_temperature", "Bedroom Temperature", "bedroom", "temperature", "18.6", "°C"),
		sensor("bedroom_humidity", "Bedroom Humidity", "bedroom", "humidity", "41.0", "%"),
		sensor("bathroom_humidity", "Bathroom Humidity", "bathroom", "humidity", "58.0", "%"),
		sensor("office_co2", "Office CO2", "office", "carbon_dioxide", "640.0", "ppm"),
		sensor("washing_machine_power", "Washing Machine Power", "utility_room", "power", "210.0", "W"),
		sensor("outdoor_temperature", "Outdoor Temperature", "garden", "temperature", "12.5", "°C"),
		sensor("outdoor_humidity", "Outdoor Humidity", "garden", "humidity", "67.0", "%"),
		sensor("front_door_battery", "Front Door Battery", "hallway", "battery", "84", "%"),
		contact("kitchen_window", "Kitchen Window", "kitchen", "window", "off"),
		contact("bedroom_window", "Bedroom Window", "bedroom", "window", "on"),
		contact("back_door_contact", "Back Door Contact", "kitchen", "door", "off"),
		contact("hallway_motion", "Hallway Motion", "hallway", "motion", "off"),
		contact("basement_leak", "Basement Leak", "utility_room", "moisture", "off"),
		contact("smoke_detector", "Smoke Detector", "hallway", "smoke", "off"),
		{ID: "weather.oakfield", Name: "Oakfield", Aliases: []string{"Outside"}, State: "partlycloudy",
			Attributes: has{"temperature": 12.5, "temperature_unit": "°C", "humidity": 67, "wind_speed": 14.0, "wind_speed_unit": "km/h", "pressure": 1016.0, "pressure_unit": "hPa"}},
	}
	for i := range list {
		list[i] = dressed(list[i])
		list[i].Changed = now
	}
	return list
}

// hidden are the entities that nobody may see or use by voice.
var hidden = map[home.EntityID]bool{"switch.freezer": true, "lock.office_safe": true, "button.router_restart": true}

// dressed adds what every entity of Home Assistant carries.
func dressed(e home.Entity) home.Entity {
	if e.Attributes == nil {
		e.Attributes = has{}
	}
	e.Exposed = !hidden[e.ID]
	e.Attributes["friendly_name"] = e.Name
	if e.DeviceClass != "" {
		e.Attributes["device_class"] = e.DeviceClass
	}
	if e.Unit != "" {
		e.Attributes["unit_of_measurement"] = e.Unit
	}
	if bits := features(e); bits != 0 {
		e.Attributes["supported_features"] = bits
	}
	if e.Domain() == "climate" {
		hvacAction(&e)
	}
	if e.Assumed {
		e.Attributes["assumed_state"] = true
	}
	return e
}

func plain() has    { return has{"supported_color_modes": []string{"onoff"}} }
func dimmable() has { return has{"supported_color_modes": []string{"brightness"}} }
func color() has {
	return has{"supported_color_modes": []string{"color_temp", "rgb"}, "min_color_temp_kelvin": 2000, "max_color_temp_kelvin": 6500}
}

func thermostat(target, now float64) has {
	return has{
		"hvac_modes": []string{"off", "heat", "cool", "heat_cool"}, "temperature": target, "current_temperature": now,
		"min_temp": 7, "max_temp": 30, "target_temp_step": 0.5,
		"fan_mode": "auto", "fan_modes": []string{"auto", "low", "high"},
		"preset_mode": "none", "preset_modes": []string{"none", "eco", "away"},
	}
}

// speeds are the attributes of a fan whose speeds are so many percent apart.
func speeds(step int) has {
	return has{"percentage": 0, "percentage_step": step, "oscillating": false, "direction": "forward"}
}

func sensor(id, name, area, class, state, unit string) home.Entity {
	return home.Entity{ID: home.EntityID("sensor." + id), Name: name, Area: area, DeviceClass: class, State: state, Unit: unit,
		Attributes: has{"state_class": "measurement"}}
}

func contact(id, name, area, class, state string) home.Entity {
	return home.Entity{ID: home.EntityID("binary_sensor." + id), Name: name, Area: area, DeviceClass: class, State: state}
}

package demo

import "hearth/daemon/home"

// features is an entity's supported_features, 0 for none. The bits are those of Home Assistant's
// DOMAINEntityFeature enumerations (homeassistant/components/DOMAIN/const.py).
func features(e home.Entity) int {
	_, positions := e.Attributes["current_position"]
	switch e.Domain() {
	case "light":
		return 32 // transition
	case "cover":
		if positions {
			return 1 | 2 | 4 | 8 // open, close, set position, stop
		}
		return 1 | 2 | 8
	case "valve":
		if positions {
			return 1 | 2 | 4 | 8
		}
		return 1 | 2
	case "climate":
		return 1 | 8 | 16 | 128 | 256 // target temperature, fan mode, preset, turn off, turn on
	case "fan":
		return 1 | 2 | 4 | 16 | 32 // speed, oscillate, direction, turn off, turn on
	case "media_player":
		return playerFeatures(e)
	case "vacuum":
		return 4 | 8 | 16 | 32 | 512 | 1024 | 4096 | 8192 | 16384 // pause, stop, return, fan speed, locate, spot, state, start, area
	case "lawn_mower", "todo":
		return 1 | 2 | 4 // start, pause, dock; create, delete, update
	case "alarm_control_panel":
		return 1 | 2 | 4 | 8 // home, away, night, trigger
	case "water_heater":
		return 1 | 2 | 8 // temperature, mode, on and off
	case "weather":
		return 1 | 2 // daily, hourly
	case "lock", "humidifier", "assist_satellite":
		return 1 // open; modes; announce
	}
	return 0
}

func playerFeatures(e home.Entity) int {
	// Pause, volume set, mute, previous, next, on, off, play media, volume step, stop, play, search.
	bits := 1 | 4 | 8 | 16 | 32 | 128 | 256 | 512 | 1024 | 4096 | 16384 | 4194304
	if e.Attributes["source_list"] != nil {
		bits |= 2048
	}
	if e.Attributes["shuffle"] != nil {
		bits |= 32768
	}
	return bits
}

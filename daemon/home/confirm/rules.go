package confirm

import (
	"maps"

	"hearth/daemon/home"
)

// rules are what proves each service, by its full name; "*.turn_on" is for domains with no rule of
// their own.
var rules = merge(
	map[string]rule{
		"*.turn_on":  becomes("on"),
		"*.turn_off": becomes("off"),
		"*.toggle":   flips(becomes("off"), becomes("on"), "on"),
	},
	lights, fans, travels, locks, climates, mediaPlayers, cleaners, todos, inputs, scenesAndScripts, cameras,
)

func merge(sets ...map[string]rule) map[string]rule {
	all := map[string]rule{}
	for _, set := range sets {
		maps.Copy(all, set)
	}
	return all
}

// A lock that is locking may yet jam: only the bolt's end counts.
var locks = map[string]rule{
	"lock.lock":   becomes("locked"),
	"lock.unlock": becomes("unlocked", "open"),
	"lock.open":   becomes("open", "opening"),

	"alarm_control_panel.alarm_arm_home":          starts("arming", "armed_home"),
	"alarm_control_panel.alarm_arm_away":          starts("arming", "armed_away"),
	"alarm_control_panel.alarm_arm_night":         starts("arming", "armed_night"),
	"alarm_control_panel.alarm_arm_vacation":      starts("arming", "armed_vacation"),
	"alarm_control_panel.alarm_arm_custom_bypass": starts("arming", "armed_custom_bypass"),
	"alarm_control_panel.alarm_disarm":            becomes("disarmed"),
	"alarm_control_panel.alarm_trigger":           starts("pending", "triggered"),
}

var climates = map[string]rule{
	"climate.turn_on":         leaves("off"),
	"climate.turn_off":        becomes("off"),
	"climate.toggle":          flips(leaves("off"), becomes("off"), "off"),
	"climate.set_hvac_mode":   stateIs("hvac_mode"),
	"climate.set_temperature": both(targetTemperature, stateIs("hvac_mode")),
	"climate.set_humidity":    quantity{"humidity", "humidity", "target humidity", 1, 1, percent}.rule,
	"climate.set_fan_mode":    equals("fan_mode", "fan_mode", "fan mode"),
	"climate.set_preset_mode": equals("preset_mode", "preset_mode", "preset"),
	"climate.set_swing_mode":  equals("swing_mode", "swing_mode", "swing mode"),

	"humidifier.set_humidity": quantity{"humidity", "humidity", "target humidity", 1, 1, percent}.rule,
	"humidifier.set_mode":     equals("mode", "mode", "mode"),

	"water_heater.turn_on":            leaves("off"),
	"water_heater.turn_off":           becomes("off"),
	"water_heater.set_temperature":    both(targetTemperature, stateIs("operation_mode")),
	"water_heater.set_operation_mode": stateIs("operation_mode"),
}

// targetTemperature is met by one target, or by the two of a range.
func targetTemperature(call home.Call, before home.Entity) condition {
	return all(
		quantity{"temperature", "temperature", "target temperature", 1, 0.1, degrees}.rule(call, before),
		quantity{"target_temp_low", "target_temp_low", "lower target", 1, 0.1, degrees}.rule(call, before),
		quantity{"target_temp_high", "target_temp_high", "upper target", 1, 0.1, degrees}.rule(call, before),
	)
}

// stateIs is met when the state is the value of a field, and nil when the call has no such field.
func stateIs(field string) rule {
	return func(call home.Call, before home.Entity) condition {
		want, ok := call.Data[field].(string)
		if !ok {
			return nil
		}
		return becomes(want)(call, before)
	}
}

var mediaPlayers = map[string]rule{
	"media_player.turn_on":              leaves("off", "standby"),
	"media_player.turn_off":             becomes("off", "standby"),
	"media_player.toggle":               flips(leaves("off", "standby"), becomes("off", "standby"), "off", "standby"),
	"media_player.media_play":           plays,
	"media_player.media_pause":          quiets,
	"media_player.media_stop":           quiets,
	"media_player.media_play_pause":     flips(quiets, plays, "playing", "buffering"),
	"media_player.media_next_track":     changes("title", "media_title", "media_content_id", "media_track"),
	"media_player.media_previous_track": changes("title", "media_title", "media_content_id", "media_track", "media_position", "media_position_updated_at"),
	"media_player.play_media":           playsAnother,
	"media_player.volume_set":           volume.rule,
	"media_player.volume_up":            volume.grows(+1, 1),
	"media_player.volume_down":          volume.grows(-1, 0),
	"media_player.volume_mute":          mutes,
	"media_player.select_source":        equals("source", "source", "source"),
	"media_player.select_sound_mode":    equals("sound_mode", "sound_mode", "sound mode"),
	"media_player.shuffle_set":          equals("shuffle", "shuffle", "shuffle"),
	"media_player.repeat_set":           equals("repeat", "repeat", "repeat"),
}

// mutes is met by the attribute that says so. A player that has none is muted, too, when its volume is nothing.
func mutes(call home.Call, before home.Entity) condition {
	said := equals("is_volume_muted", "is_volume_muted", "muted")(call, before)
	_, reports := before.Attributes["is_volume_muted"]
	_, loud := home.Number(before.Attributes["volume_level"])
	if muted, _ := call.Data["is_volume_muted"].(bool); reports || !loud || !muted {
		return said
	}
	silent := volume.near(0, before)
	return func(now home.Entity) (string, bool) {
		if evidence, met := said(now); met {
			return evidence, true
		}
		return silent(now)
	}
}

var (
	plays  = becomes("playing", "buffering")
	quiets = leaves("playing", "buffering")
	// Players keep their volume in steps of their own, so two hundredths off is still as asked.
	volume = quantity{"volume_level", "volume_level", "volume", 1, 0.02, func(v float64) string { return percent(v * 100) }}
)

// playsAnother is met by a player that starts, or that goes on with something else.
func playsAnother(call home.Call, before home.Entity) condition {
	started := plays(call, before)
	if before.State != "playing" && before.State != "buffering" {
		return started
	}
	return all(started, changes("title", "media_title", "media_content_id")(call, before))
}

// A vacuum or a mower on its way home has obeyed.
var cleaners = map[string]rule{
	"vacuum.start":          becomes("cleaning"),
	"vacuum.clean_spot":     becomes("cleaning"),
	"vacuum.clean_area":     cleansArea,
	"vacuum.pause":          becomes("paused", "idle"),
	"vacuum.stop":           becomes("idle", "paused", "docked"),
	"vacuum.return_to_base": starts("returning", "docked"),
	"vacuum.set_fan_speed":  equals("fan_speed", "fan_speed", "fan speed"),

	"lawn_mower.start_mowing": becomes("mowing"),
	"lawn_mower.pause":        becomes("paused"),
	"lawn_mower.dock":         starts("returning", "docked"),
}

// cleansArea cannot be told from the cleaning that was going on already: the state names no area.
func cleansArea(call home.Call, before home.Entity) condition {
	if before.State == "cleaning" {
		return nil
	}
	return becomes("cleaning")(call, before)
}

var inputs = map[string]rule{
	"button.press":               stamped("was pressed"),
	"input_button.press":         stamped("was pressed"),
	"number.set_value":           valueIs,
	"input_number.set_value":     valueIs,
	"text.set_value":             stateIs("value"),
	"input_text.set_value":       stateIs("value"),
	"select.select_option":       stateIs("option"),
	"input_select.select_option": stateIs("option"),
	"notify.send_message":        stamped("was sent"),
	"assist_satellite.announce":  becomes("responding"),
}

// valueIs is met when the state is the number asked for.
func valueIs(call home.Call, before home.Entity) condition {
	want, ok := home.Number(call.Data["value"])
	if !ok {
		return nil
	}
	return func(now home.Entity) (string, bool) {
		got, ok := home.Number(now.State)
		return moved(before, now, ok && got == want)
	}
}

var scenesAndScripts = map[string]rule{
	"scene.turn_on":      stamped("was activated"),
	"script.turn_on":     runs,
	"script.toggle":      flips(becomes("off"), runs, "on"),
	"automation.trigger": runs,
}

// runs is met by a script that was started since.
func runs(_ home.Call, before home.Entity) condition {
	return func(now home.Entity) (string, bool) {
		triggered := now.Attributes["last_triggered"]
		switch {
		case triggered != nil && triggered != before.Attributes["last_triggered"]:
			return "it was started", true
		case now.State == "on" && before.State != "on":
			return "it is running", true
		}
		return "it was not started", false
	}
}

// A camera is idle both when it is off and when nobody looks: only that a picture ends can be seen.
var cameras = map[string]rule{
	"camera.turn_on": silent,
	"camera.turn_off": func(call home.Call, before home.Entity) condition {
		if before.State == "idle" {
			return nil
		}
		return becomes("idle", "off")(call, before)
	},
}

// silent is for what nothing can prove.
func silent(home.Call, home.Entity) condition { return nil }

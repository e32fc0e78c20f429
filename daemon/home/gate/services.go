package gate

// services are what voice may call, by domain: what people ask for, and nothing that administers the
// home. A domain that is not here is closed altogether.
var services = map[string][]string{
	"homeassistant": {"turn_on", "turn_off", "toggle"},

	"light":         {"turn_on", "turn_off", "toggle"},
	"switch":        {"turn_on", "turn_off", "toggle"},
	"siren":         {"turn_on", "turn_off", "toggle"},
	"remote":        {"turn_on", "turn_off", "toggle"},
	"camera":        {"turn_on", "turn_off", "snapshot"},
	"automation":    {"turn_on", "turn_off", "toggle", "trigger"},
	"group":         {"turn_on", "turn_off", "toggle"},
	"input_boolean": {"turn_on", "turn_off", "toggle"},
	"scene":         {"turn_on"},
	"script":        {"turn_on", "turn_off", "toggle"},
	"button":        {"press"},
	"input_button":  {"press"},
	"fan": {"turn_on", "turn_off", "toggle", "set_percentage", "increase_speed", "decrease_speed",
		"set_preset_mode", "oscillate", "set_direction"},
	"humidifier":   {"turn_on", "turn_off", "toggle", "set_humidity", "set_mode"},
	"water_heater": {"turn_on", "turn_off", "set_temperature", "set_operation_mode"},
	"climate": {"turn_on", "turn_off", "toggle", "set_temperature", "set_humidity", "set_hvac_mode",
		"set_fan_mode", "set_preset_mode", "set_swing_mode"},
	"cover": {"open_cover", "close_cover", "stop_cover", "toggle", "set_cover_position",
		"open_cover_tilt", "close_cover_tilt", "stop_cover_tilt", "set_cover_tilt_position"},
	"valve": {"open_valve", "close_valve", "stop_valve", "toggle", "set_valve_position"},
	"lock":  {"lock", "unlock", "open"},
	"alarm_control_panel": {"alarm_arm_home", "alarm_arm_away", "alarm_arm_night", "alarm_arm_vacation",
		"alarm_arm_custom_bypass", "alarm_disarm"},
	"media_player": {"turn_on", "turn_off", "toggle", "media_play", "media_pause", "media_play_pause", "media_stop",
		"media_next_track", "media_previous_track", "media_seek", "play_media", "search_media", "volume_set", "volume_up",
		"volume_down", "volume_mute", "select_source", "select_sound_mode", "shuffle_set", "repeat_set"},
	"vacuum": {"start", "pause", "stop", "return_to_base", "clean_area", "clean_spot", "locate", "set_fan_speed"},

	"lawn_mower":   {"start_mowing", "pause", "dock"},
	"todo":         {"add_item", "update_item", "remove_item", "remove_completed_items", "get_items"},
	"calendar":     {"get_events"},
	"weather":      {"get_forecasts"},
	"number":       {"set_value"},
	"input_number": {"set_value"},
	"text":         {"set_value"},
	"input_text":   {"set_value"},
	"select":       {"select_option"},
	"input_select": {"select_option"},

	"assist_satellite": {"announce"},
}

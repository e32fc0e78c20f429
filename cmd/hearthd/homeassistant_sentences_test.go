package main

// The domains of Home Assistant's demo integration, and what testdata/homeassistant adds.

var lights = []spoken{
	{"", "turn on the bedside lamp", "light.turn_on confirmed", "light.bed_light on", "Turned on the light"},
	{"", "turn off the bed light", "light.turn_off confirmed", "light.bed_light off", ""},
	{"", "set the bed light to 40 percent", "light.turn_on confirmed", "light.bed_light on brightness=102", "Brightness set"},
	{"", "set the bed light to blue", "light.turn_on confirmed", "light.bed_light on rgb_color=[0_0_255]", "Color set"},
	{"", "set the color temperature of the kitchen lights to 3000 kelvin", "light.turn_on confirmed", "light.kitchen_lights on color_temp_kelvin=3000", ""},
	{"", "turn off the lights in the lounge", "light.turn_off confirmed x2", "light.ceiling_lights off; light.living_room_rgbww_lights off", ""},
	{"living_room", "turn on the lights", "light.turn_on confirmed x2", "light.ceiling_lights on; light.living_room_rgbww_lights on", ""},
	{"", "turn on the lights on the top floor", "light.turn_on confirmed x2", "light.bed_light on; light.office_rgbw_lights on", ""},
	{"", "turn off all the lights upstairs", "light.turn_off confirmed x2", "light.bed_light off; light.office_rgbw_lights off", ""},
	{"", "turn on the reading corner", "light.turn_on confirmed", "light.reading_corner on; light.bed_light on; light.hallway_lamp on", ""},
	{"", "are all lights on in the bedroom", "", "", "Yes"},
}

// In the hallway one lamp obeys, one does nothing and one cannot be reached.
var partlyDone = []spoken{
	{"", "turn off the hallway lamp", "light.turn_off confirmed", "light.hallway_lamp off", ""},
	{"", "turn on the lights in the hallway", "light.turn_on failed, light.turn_on confirmed, light.turn_on failed", "light.hallway_lamp on; light.stubborn_lamp off",
		`Done: Hallway Lamp\. Broken Lamp cannot be reached\. Nothing shows that Stubborn Lamp has reacted\.`},
}

var switches = []spoken{
	{"", "turn on the AC", "switch.turn_on confirmed", "switch.ac on", ""},
	{"", "turn off the AC", "switch.turn_off confirmed", "switch.ac off", ""},
	{"", "turn off the decorative lights", "switch.turn_off sent", "switch.decorative_lights off", "I sent it to Decorative Lights, but cannot see whether it worked."},
	{"", "turn off the siren", "siren.turn_off confirmed", "siren.siren off", ""},
	{"", "turn on the siren", "siren.turn_on confirmed", "siren.siren on", ""},
}

var openings = []spoken{
	{"", "open the kitchen window", "cover.open_cover confirmed", "cover.kitchen_window open", ""},
	{"", "close the living room window", "cover.close_cover confirmed", "cover.living_room_window closing", ""},
	{"", "open the awning", "cover.open_cover confirmed", "cover.awning opening", ""},
	{"", "stop the awning", "cover.stop_cover confirmed", "cover.awning open", "Stopped"},
	{"", "set the hall window to 20 percent", "cover.set_cover_position confirmed", "cover.hall_window open current_position=20", ""},
	{"", "tilt the living room window to 70 percent", "cover.set_cover_tilt_position confirmed", "cover.living_room_window - current_tilt_position=70", ""},
	{"", "close the slats of the living room window", "cover.set_cover_tilt_position confirmed", "", ""},
	{"", "open the garage door", "cover.open_cover refused", "cover.garage_door closed", `Shall I open Garage Door\? Say yes or no\.`},
	{"", "yes", "cover.open_cover confirmed", "cover.garage_door open", ""},
	{"", "close the front garden", "valve.close_valve confirmed", "valve.front_garden closed", ""},
	{"", "open the front garden", "valve.open_valve refused", "valve.front_garden closed", `Shall I open Front Garden\? Say yes or no\.`},
	{"", "yes", "valve.open_valve confirmed", "valve.front_garden open", ""},
	{"", "set the back garden to 60 percent", "valve.set_valve_position refused", "valve.back_garden - current_position=70", ".*Say yes or no."},
	{"", "yes", "valve.set_valve_position confirmed", "valve.back_garden open current_position=60", ""},
}

var locks = []spoken{
	{"", "unlock the front door", "lock.unlock refused", "lock.front_door locked", `Shall I unlock Front Door\? Say yes or no\.`},
	{"", "yes", "lock.unlock confirmed", "lock.front_door unlocked", ""},
	{"", "lock the front door", "lock.lock confirmed", "lock.front_door locked", ""},
	{"", "unlock the front door", "lock.unlock refused", "lock.front_door locked", ""},
	{"", "no", "", "lock.front_door locked", "All right, I leave it."},
	{"", "lock the poorly installed door", "lock.lock failed", "lock.poorly_installed_door jammed", "Poorly Installed Door is jammed."},
	{"", "is the front door locked", "", "", "Yes"},
	{"", "arm the alarm away", "alarm_control_panel.alarm_arm_away refused", "alarm_control_panel.security disarmed", `Shall I arm Security\? Say its code, please\.`},
	{"", "4321", "alarm_control_panel.alarm_arm_away failed", "alarm_control_panel.security disarmed", "Security does not accept that code."},
	{"", "arm security", "alarm_control_panel.alarm_arm_away refused", "", ""},
	{"", "1234", "alarm_control_panel.alarm_arm_away confirmed", "alarm_control_panel.security arming", ""},
	{"", "disarm security", "alarm_control_panel.alarm_disarm refused", "alarm_control_panel.security arming", ""},
	{"", "one two three four", "alarm_control_panel.alarm_disarm confirmed", "alarm_control_panel.security disarmed", ""},
}

var airAndWater = []spoken{
	{"", "set the heatpump to 23 degrees", "climate.set_temperature confirmed", "climate.heatpump heat temperature=23", ""},
	{"living_room", "set the temperature to 22.5 degrees", "climate.set_temperature confirmed", "climate.heatpump heat temperature=22.5", ""},
	{"", "turn off the heatpump", "climate.turn_off confirmed", "climate.heatpump off", ""},
	{"", "set the heatpump to heat", "climate.set_hvac_mode confirmed", "climate.heatpump heat", ""},
	{"", "set the ecobee to eco", "climate.set_preset_mode confirmed", "climate.ecobee - preset_mode=eco", ""},
	{"", "set the ecobee fan mode to auto low", "climate.set_fan_mode confirmed", "climate.ecobee - fan_mode=auto_low", ""},
	{"", "set the humidifier to 50 percent", "humidifier.set_humidity confirmed", "humidifier.humidifier on humidity=50", ""},
	{"", "turn off the humidifier", "humidifier.turn_off confirmed", "humidifier.humidifier off", ""},
	{"", "set the hygrostat to eco mode", "humidifier.set_mode confirmed", "humidifier.hygrostat on mode=eco", ""},
	{"", "set the demo water heater celsius to 55 degrees", "water_heater.set_temperature confirmed", "water_heater.demo_water_heater_celsius eco temperature=55", ""},
	{"", "set the demo water heater to high demand", "water_heater.set_operation_mode confirmed", "water_heater.demo_water_heater high_demand", ""},
	{"", "turn off the demo water heater", "water_heater.turn_off confirmed", "water_heater.demo_water_heater off", ""},
}

var fans = []spoken{
	{"", "turn on the living room fan", "fan.turn_on confirmed", "fan.living_room_fan on", ""},
	{"", "set the living room fan speed to 66 percent", "fan.set_percentage confirmed", "fan.living_room_fan on percentage=66", ""},
	{"", "let the living room fan oscillate", "fan.oscillate confirmed", "fan.living_room_fan on oscillating=true", ""},
	{"", "stop the living room fan from oscillating", "fan.oscillate confirmed", "fan.living_room_fan on oscillating=false", ""},
	{"", "reverse the living room fan", "fan.set_direction confirmed", "fan.living_room_fan on direction=reverse", ""},
	{"", "set the percentage limited fan to sleep", "fan.set_preset_mode confirmed", "fan.percentage_limited_fan on preset_mode=sleep", ""},
	{"living_room", "turn off the fans", "fan.turn_off confirmed", "fan.living_room_fan off", ""},
}

var players = []spoken{
	{"", "pause the lounge room", "media_player.media_pause confirmed", "media_player.lounge_room paused", ""},
	{"", "resume the lounge room", "media_player.media_play confirmed", "media_player.lounge_room playing", ""},
	{"", "set the walkman volume to 30 percent", "media_player.volume_set confirmed", "media_player.walkman playing volume_level=0.3", ""},
	{"", "mute the walkman", "media_player.volume_mute confirmed", "media_player.walkman playing is_volume_muted=true", ""},
	{"", "unmute the walkman", "media_player.volume_mute confirmed", "media_player.walkman playing is_volume_muted=false", ""},
	{"", "next track on the walkman", "media_player.media_next_track confirmed", "media_player.walkman playing media_track=2", ""},
	{"", "previous track on the walkman", "media_player.media_previous_track confirmed", "media_player.walkman playing media_track=1", ""},
	{"", "set the source of the lounge room to youtube", "media_player.select_source confirmed", "media_player.lounge_room playing source=youtube", ""},
	{"", "set the walkman to movie", "media_player.select_sound_mode confirmed", "media_player.walkman playing sound_mode=Movie", ""},
	{"", "play dark side of the moon on search", "", "media_player.search playing", ""},
	{"", "turn off the walkman", "media_player.turn_off confirmed", "media_player.walkman off", ""},
}

var cleaners = []spoken{
	{"", "start the hoover", "vacuum.start confirmed", "vacuum.robot cleaning", ""},
	{"", "pause the robot", "vacuum.pause confirmed", "vacuum.robot paused", ""},
	{"", "set the robot to max", "vacuum.set_fan_speed confirmed", "vacuum.robot - fan_speed=max", ""},
	{"", "return the robot to base", "vacuum.return_to_base confirmed", "vacuum.robot returning", ""},
	{"", "vacuum the kitchen", "vacuum.start confirmed", "vacuum.robot cleaning", ""},
	{"", "start shaun", "lawn_mower.start_mowing confirmed", "lawn_mower.mower_can_do_all mowing", ""},
	{"", "pause shaun", "lawn_mower.pause confirmed", "lawn_mower.mower_can_do_all paused", ""},
	{"", "send shaun home", "lawn_mower.dock confirmed", "lawn_mower.mower_can_do_all docked", ""},
}

var scenes = []spoken{
	{"", "activate movie time", "scene.turn_on confirmed", "scene.movie_time ...; light.ceiling_lights on brightness=40", ""},
	{"", "set the house mode to away", "input_select.select_option confirmed", "input_select.house_mode Away", ""},
	{"", "run good night", "script.turn_on confirmed", "input_select.house_mode Home; script.good_night - last_triggered=...", ""},
	{"", "run going out", "script.turn_on refused", "script.going_out off; lock.front_door locked", `Shall I turn on Going Out\? Say yes or no\.`},
	{"", "no", "", "lock.front_door locked", ""},
	{"", "run surprise", "script.turn_on refused", "script.surprise off; lock.front_door locked", `Shall I turn on Surprise\? Say yes or no\.`},
	{"", "no", "", "lock.front_door locked", ""},
	{"", "press push", "button.press confirmed", "button.push ...", ""},
	{"", "press the doorbell", "input_button.press confirmed", "input_button.doorbell ...", ""},
}

var lists = []spoken{
	{"", "add oat milk to my shopping list", "todo.add_item confirmed", "todo.shopping_list 1", ""},
	{"", "add bread to the shopping list", "todo.add_item confirmed", "todo.shopping_list 2", ""},
	{"", "what is on my shopping list", "", "", "On the list: oat milk, bread"},
	{"", "check off oat milk from my shopping list", "todo.update_item confirmed", "todo.shopping_list 1", ""},
	{"", "check off caviar from my shopping list", "todo.update_item failed", "todo.shopping_list 1", "I find nothing by that name in Shopping [Ll]ist."},
	{"", "what is on my shopping list", "", "", "On the list: bread"},
}

var inputs = []spoken{
	{"", "turn on guest mode", "input_boolean.turn_on confirmed", "input_boolean.guest_mode on", ""},
	{"", "set the bath fill to 95", "input_number.set_value confirmed", "input_number.bath_fill 95", ""},
	{"", "set the large range to 250", "number.set_value confirmed", "number.large_range 250", ""},
	{"", "set the large range to 2000", "", "number.large_range 250", "Large Range goes from 1 to 1000."},
	{"", "set speed to ludicrous speed", "select.select_option confirmed", "select.speed ludicrous_speed", ""},
	{"", "change the house mode to summer holiday", "input_select.select_option confirmed", "input_select.house_mode Summer_Holiday", ""},
	{"", "set the house mode to party", "", "input_select.house_mode Summer_Holiday", "House Mode has no party. It knows Home, Away and Summer Holiday."},
}

var cameras = []spoken{
	{"", "turn off the demo camera", "camera.turn_off confirmed", "camera.demo_camera idle", ""},
	{"", "turn on the demo camera", "camera.turn_on sent", "camera.demo_camera streaming", ""},
	{"", "take a snapshot of the demo camera", "camera.snapshot confirmed", "", ""},
}

var questions = []spoken{
	{"", "what's the weather", "", "", ".*(rain|sun|degrees|°).*"},
	{"", "what's the weather in demo weather south", "", "", ".*sunny.*"},
	{"", "what will the weather be tomorrow", "", "", ".* degrees.*"},
	{"", "what is on my calendar today", "", "", ".*Current Event.*"},
	{"", "what is the outside temperature", "", "", ".*15.6.*"},
	{"", "what's the temperature in the bedroom", "", "", ".*18.5.*"},
	{"", "what's the humidity in the bedroom", "", "", ".*47.*"},
	{"", "is the basement floor wet", "", "", "No, .*"},
	{"", "is the movement backyard active", "", "", "Yes"},
	{"", "what is the house mode", "", "", "House mode is Summer Holiday"},
	{"", "what is the bath fill", "", "", "Bath fill is 95.*"},
	{"", "is the kitchen door locked", "", "", "No.*"},
}

var timers = []spoken{
	{"kitchen", "set a timer for 10 minutes", "timer.start confirmed", "", ""},
	{"kitchen", "how long is left on my timer", "", "", ".*(9|10) minutes.*"},
	{"kitchen", "cancel my timer", "timer.cancel confirmed", "", ""},
	{"kitchen", "when does the sun set", "", "", "The sun sets .*at .*"},
	{"kitchen", "turn on the bed light at sunset and turn it off at sunrise", "timer.start confirmed x2", "", `I will do that (today|tomorrow) at .*\. I will do that (today|tomorrow) at .*\.`},
	{"kitchen", "cancel all planned commands", "timer.cancel confirmed x2", "", "2 commands cancelled"},
}

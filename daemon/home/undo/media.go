package undo

import (
	"slices"

	"hearth/daemon/home"
)

// Bits of a player's supported_features (homeassistant/components/media_player/const.py).
const (
	mediaStop = 4096
	mediaPlay = 16384
)

// mediaPlayer brings back whether a player is on and plays, how loud, and from where. What it played before
// another title took its place is lost.
func mediaPlayer(c change) ([]home.Call, Reason) {
	was, is := playing(c.before), playing(c.after)
	if replaces := []string{"play_media", "media_next_track", "media_previous_track", "media_seek"}; slices.Contains(replaces, c.call.Service) && (was == "playing" || was == "paused") {
		return nil, Final
	}
	var settings []home.Call
	for _, s := range []struct{ attribute, service string }{
		{"source", "select_source"}, {"sound_mode", "select_sound_mode"}, {"volume_level", "volume_set"},
		{"is_volume_muted", "volume_mute"}, {"shuffle", "shuffle_set"}, {"repeat", "repeat_set"},
	} {
		settings = append(settings, c.restores(s.attribute, s.service, s.attribute)...)
	}
	power := c.play(was, is)
	if was == "off" {
		return append(settings, power...), ""
	}
	return append(power, settings...), ""
}

// play are the calls from one way of playing back to another.
func (c change) play(was, is string) []home.Call {
	if was == is {
		return nil
	}
	var calls []home.Call
	switch {
	case was == "off":
		return []home.Call{c.back("turn_off", nil)}
	case is == "off":
		calls = append(calls, c.back("turn_on", nil))
	}
	switch {
	case was == "playing" && supports(c.before, mediaPlay):
		calls = append(calls, c.back("media_play", nil))
	case is == "playing" && was == "idle" && supports(c.before, mediaStop):
		calls = append(calls, c.back("media_stop", nil))
	case is == "playing":
		calls = append(calls, c.back("media_pause", nil))
	}
	return calls
}

// playing is how a player plays, in fewer words than its states are.
func playing(e home.Entity) string {
	switch e.State {
	case "off", "standby":
		return "off"
	case "playing", "buffering":
		return "playing"
	case "paused":
		return "paused"
	}
	return "idle"
}

// supports tells whether a device has one of the bits; one that does not say is given the benefit of the doubt.
func supports(e home.Entity, bits int) bool {
	have, ok := home.Number(e.Attributes["supported_features"])
	return !ok || int(have)&bits != 0
}

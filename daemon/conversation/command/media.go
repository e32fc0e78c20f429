package command

import (
	"math"
	"slices"

	"hearth/daemon/home"
)

var players = []string{"media_player"}

// States of a media player.
const (
	playing = "playing"
	paused  = "paused"
)

// A control is one thing that can be done to a media player.
type control struct {
	service string
	data    map[string]any
	can     capability
	state   string // a player must be in it, "" when any will do
}

var (
	pausePlayer   = control{service: "media_pause", can: feature(mediaPause), state: playing}
	resumePlayer  = control{service: "media_play", can: feature(mediaPlay | mediaPause), state: paused}
	nextTrack     = control{service: "media_next_track", can: feature(mediaNext), state: playing}
	previousTrack = control{service: "media_previous_track", can: feature(mediaPrevious), state: playing}
)

func mutePlayer(on bool) control {
	return control{service: "volume_mute", data: map[string]any{"is_volume_muted": on}, can: feature(mediaMute)}
}

// play is the rule for doing c to one player.
func play(c control) rule {
	return func(q request) (Command, error) { return q.control(c) }
}

func (q request) control(c control) (Command, error) {
	player, err := q.player(c)
	if err != nil {
		return Command{}, err
	}
	return act([]home.Entity{player}, func(e home.Entity) home.Call { return call(e, c.service, c.data) }), nil
}

// player chooses the one that is meant: the named one, else one in the place. When the room was only
// assumed and has none that fits, it is one anywhere in the home. Among several the one that plays
// comes first, then the one that paused last; without either there must be just one.
func (q request) player(c control) (home.Entity, error) {
	w := want{domains: players, can: c.can}
	if c.state != "" {
		w.states = []string{c.state}
	}
	found, err := q.targets(w)
	if err != nil && !q.has("name") && !q.namesPlace() {
		anywhere := q
		anywhere.Slots, anywhere.NeedsArea = nil, false
		if elsewhere, none := anywhere.targets(w); none == nil {
			found, err = elsewhere, nil
		}
	}
	if err != nil {
		return home.Entity{}, err
	}
	return onePlayer(found)
}

// namesPlace tells whether the sentence itself limits where to look.
func (q request) namesPlace() bool { return q.has("floor") || q.has("area") && q.namesArea() }

func onePlayer(found []home.Entity) (home.Entity, error) {
	if len(found) == 1 {
		return found[0], nil
	}
	if active := keep(found, func(e home.Entity) bool { return e.State == playing }); len(active) == 1 {
		return active[0], nil
	}
	if waiting := keep(found, func(e home.Entity) bool { return e.State == paused }); len(waiting) > 0 {
		return slices.MaxFunc(waiting, func(a, b home.Entity) int { return a.Changed.Compare(b.Changed) }), nil
	}
	return home.Entity{}, &TargetError{Key: "duplicate_targets"}
}

// setVolume sets the volume of one player; Home Assistant counts it from 0 to 1.
func setVolume(q request) (Command, error) {
	percent, err := q.percent("volume_level")
	if err != nil {
		return Command{}, err
	}
	return q.control(volumeAt(float64(percent)))
}

func volumeAt(percent float64) control {
	level := math.Round(min(max(percent, 0), 100)) / 100
	return control{service: "volume_set", data: map[string]any{"volume_level": level}, can: feature(mediaVolumeSet)}
}

// changeVolume makes one player louder or softer, by the player's own step or by percent points.
func changeVolume(q request) (Command, error) {
	can := feature(mediaVolumeUp | mediaVolumeSet)
	if step := q.text("volume_step"); step == "up" || step == "down" {
		return q.control(control{service: "volume_" + step, can: can})
	}
	points, err := q.number("volume_step")
	if err != nil {
		return Command{}, err
	}
	player, err := q.player(control{can: can})
	if err != nil {
		return Command{}, err
	}
	level, ok := home.Number(player.Attributes["volume_level"])
	if !ok {
		return Command{}, &TargetError{Key: "feature_not_supported"} // its volume is not known
	}
	c := volumeAt(level*100 + points)
	return act([]home.Entity{player}, func(e home.Entity) home.Call { return call(e, c.service, c.data) }), nil
}

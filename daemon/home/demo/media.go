package demo

import (
	"math"
	"slices"
	"strings"

	"hearth/daemon/home"
)

func mediaPlayers() map[string]service {
	const p = "media_player."
	return map[string]service{
		p + "turn_on":              state("idle"),
		p + "turn_off":             state("off"),
		p + "toggle":               toggles(state("idle"), state("off"), "off"),
		p + "media_play":           mediaPlay,
		p + "media_pause":          mediaPause,
		p + "media_play_pause":     toggles(mediaPause, mediaPlay, "playing"),
		p + "media_stop":           state("idle"),
		p + "media_next_track":     mediaSkip(+1),
		p + "media_previous_track": mediaSkip(-1),
		p + "play_media":           mediaPlayMedia,
		p + "volume_set":           volumeSet,
		p + "volume_up":            volumeStep(+0.1),
		p + "volume_down":          volumeStep(-0.1),
		p + "volume_mute":          volumeMute,
		p + "select_source":        picks("source", "source", "source_list"),
		p + "shuffle_set":          mediaShuffle,
	}
}

// playlist is what every player of the house plays, over and over. No such songs exist.
var playlist = []string{"Paper Lanterns", "Slow Train Home", "The Lighthouse Keeper", "Rain on the Roof", "Marmalade Sky"}

func mediaPlay(_ *Home, e home.Entity, _ *data) []effect {
	return does(e, func(e *home.Entity) {
		if e.State != "paused" && e.Attributes["media_title"] == nil {
			e.Attributes["media_title"] = playlist[0]
		}
		e.State = "playing"
	})
}

// mediaPause leaves a player that plays nothing as it is.
func mediaPause(_ *Home, e home.Entity, _ *data) []effect {
	return does(e, func(e *home.Entity) {
		if e.State == "playing" {
			e.State = "paused"
		}
	})
}

// mediaSkip goes on to another song, or to the track of another number where a player counts them.
func mediaSkip(tracks int) service {
	return func(_ *Home, e home.Entity, _ *data) []effect {
		return does(e, func(e *home.Entity) {
			if track, counts := home.Number(e.Attributes["media_track"]); counts {
				e.State, e.Attributes["media_track"] = "playing", max(1, int(track)+tracks)
				return
			}
			title, _ := e.Attributes["media_title"].(string)
			next := (slices.Index(playlist, title) + tracks + len(playlist)) % len(playlist)
			e.State, e.Attributes["media_title"] = "playing", playlist[next]
		})
	}
}

func mediaPlayMedia(_ *Home, e home.Entity, d *data) []effect {
	id, ok := d.text("media_content_id")
	d.need("media_content_id", ok, "text")
	kind, ok := d.text("media_content_type")
	d.need("media_content_type", ok, "text")
	d.ignore("enqueue", "announce", "extra")
	return does(e, func(e *home.Entity) {
		e.State = "playing"
		e.Attributes["media_content_id"], e.Attributes["media_content_type"] = id, kind
		e.Attributes["media_title"] = id
	})
}

// mediaSearch answers media_player.search_media: the songs of the playlist that fit, or else what was
// asked for, as a streaming service would.
func mediaSearch(_ *Home, _ home.Entity, d *data) any {
	query, ok := d.text("search_query")
	d.need("search_query", ok, "text")
	d.ignore("media_content_type", "media_content_id", "media_filter_classes")
	result := []any{}
	for _, title := range playlist {
		if strings.Contains(strings.ToLower(title), strings.ToLower(query)) {
			result = append(result, song(title))
		}
	}
	if len(result) == 0 && ok {
		result = append(result, song(query))
	}
	return map[string]any{"version": 1, "result": result}
}

func song(title string) map[string]any {
	return map[string]any{"title": title, "media_class": "track", "media_content_id": title, "media_content_type": "music"}
}

func volumeSet(_ *Home, e home.Entity, d *data) []effect {
	level, ok := d.number("volume_level", 0, 1)
	d.need("volume_level", ok, "0 to 1")
	return sets(e, "volume_level", level)
}

func volumeStep(by float64) service {
	return func(_ *Home, e home.Entity, _ *data) []effect {
		return does(e, func(e *home.Entity) {
			level := attribute(*e, "volume_level", 0.5) + by
			e.Attributes["volume_level"] = math.Round(min(1, max(0, level))*100) / 100
		})
	}
}

// volumeMute mutes a player. One that does not report that turns its volume down, and later up to where it was.
func volumeMute(h *Home, e home.Entity, d *data) []effect {
	muted, ok := d.flag("is_volume_muted")
	d.need("is_volume_muted", ok, "true or false")
	if _, reports := e.Attributes["is_volume_muted"]; reports || e.Attributes["volume_level"] == nil {
		return sets(e, "is_volume_muted", muted)
	}
	return does(e, func(e *home.Entity) {
		switch level := attribute(*e, "volume_level", 0); {
		case muted && level > 0:
			h.volume[e.ID], e.Attributes["volume_level"] = level, 0.0
		case !muted && level == 0:
			e.Attributes["volume_level"] = h.volume[e.ID]
		}
	})
}

func mediaShuffle(_ *Home, e home.Entity, d *data) []effect {
	on, ok := d.flag("shuffle")
	d.need("shuffle", ok, "true or false")
	return sets(e, "shuffle", on)
}

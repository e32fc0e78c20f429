package command

import (
	"slices"
	"testing"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

func TestMedia(t *testing.T) {
	check(t, []sentence{
		{name: "pause what plays here", intent: "HassMediaPause", combination: "default", room: "kitchen",
			slots: attributes{"area": here("kitchen")}, calls: []string{"media_player.media_pause media_player.kitchen"}},
		{name: "pause what plays elsewhere, since nothing does here", intent: "HassMediaPause", combination: "default", room: "office",
			slots: attributes{"area": here("office")}, calls: []string{"media_player.media_pause media_player.kitchen"}},
		{name: "pause with no room known", intent: "HassMediaPause", combination: "default", needsArea: true,
			calls: []string{"media_player.media_pause media_player.kitchen"}},
		{name: "pause in an area where nothing plays", intent: "HassMediaPause", combination: "area_only",
			slots: attributes{"area": "Office"}, err: "entity_wrong_state"},
		{name: "pause a player that does not play", intent: "HassMediaPause", combination: "name_only",
			slots: attributes{"name": "TV"}, err: "entity_wrong_state"},
		{name: "resume what was paused last", intent: "HassMediaUnpause", combination: "default", room: "bedroom",
			slots: attributes{"area": here("bedroom")}, calls: []string{"media_player.media_play media_player.bedroom"}},
		{name: "next", intent: "HassMediaNext", combination: "name_only",
			slots: attributes{"name": "Radio"}, calls: []string{"media_player.media_next_track media_player.kitchen"}},
		{name: "previous", intent: "HassMediaPrevious", combination: "area_only",
			slots: attributes{"area": "Kitchen"}, calls: []string{"media_player.media_previous_track media_player.kitchen"}},
		{name: "mute a player that cannot", intent: "HassMediaPlayerMute", combination: "name_only",
			slots: attributes{"name": "TV"}, err: "feature_not_supported"},

		{name: "volume", intent: "HassSetVolume", combination: "area_only",
			slots: attributes{"area": "Office", "volume_level": 35}, calls: []string{`media_player.volume_set media_player.office {"volume_level":0.35}`}},
		{name: "volume with no room known is of what plays", intent: "HassSetVolume", combination: "default", needsArea: true,
			slots: attributes{"volume_level": 35}, calls: []string{`media_player.volume_set media_player.kitchen {"volume_level":0.35}`}},
		{name: "volume up", intent: "HassSetVolumeRelative", combination: "name_only",
			slots: attributes{"name": "Radio", "volume_step": "up"}, calls: []string{"media_player.volume_up media_player.kitchen"}},
		{name: "volume down by points", intent: "HassSetVolumeRelative", combination: "name_only",
			slots: attributes{"name": "Radio", "volume_step": -20}, calls: []string{`media_player.volume_set media_player.kitchen {"volume_level":0.3}`}},
		{name: "volume up beyond all", intent: "HassSetVolumeRelative", combination: "floor_only",
			slots: attributes{"floor": "Ground Floor", "volume_step": 80}, calls: []string{`media_player.volume_set media_player.kitchen {"volume_level":1}`}},
		{name: "volume by nonsense", intent: "HassSetVolumeRelative", combination: "name_only",
			slots: attributes{"name": "Radio", "volume_step": "sideways"}, err: ErrBadSlot.Error()},

		{name: "search", intent: "HassMediaSearchAndPlay", combination: "name_only",
			slots: attributes{"name": "TV", "search_query": "night train"}, calls: []string{"media_player.play_media media_player.tv"}},
		{name: "search on a player that cannot", intent: "HassMediaSearchAndPlay", combination: "name_only",
			slots: attributes{"name": "Radio", "search_query": "night train"}, err: "feature_not_supported"},
	})
}

func TestSeveralPlayersWithoutAnyThatPlays(t *testing.T) {
	s := home.NewSnapshot([]home.Entity{
		{ID: "media_player.a", Name: "A", Area: "den", State: "idle", Exposed: true},
		{ID: "media_player.b", Name: "B", Area: "den", State: "idle", Exposed: true},
	}, []home.Area{{ID: "den", Name: "Den"}}, nil)
	_, err := Build(read(s, "HassSetVolume", "area_only", "default", attributes{"area": "Den", "volume_level": 10}), Input{Home: s})
	if key := keyOf(err); key != "duplicate_targets" {
		t.Errorf("error %q (%v), want duplicate_targets", key, err)
	}
}

// A device that reports nothing, or cannot be reached, may well be playing.
func TestAStateThatIsNotKnownIsNoObstacle(t *testing.T) {
	for _, e := range []home.Entity{
		{ID: "media_player.old", Name: "Old", State: "idle", Assumed: true, Exposed: true},
		{ID: "media_player.old", Name: "Old", State: home.Unavailable, Exposed: true},
	} {
		s := home.NewSnapshot([]home.Entity{e}, nil, nil)
		c, err := Build(read(s, "HassMediaPause", "name_only", "default", attributes{"name": "Old"}), Input{Home: s})
		if got, want := lines(c.Calls), []string{"media_player.media_pause media_player.old"}; err != nil || !slices.Equal(got, want) {
			t.Errorf("state %s, assumed %v: %v, %v, want %v", e.State, e.Assumed, got, err, want)
		}
	}
}

func TestSearchPlaysWhatItFindsFirst(t *testing.T) {
	s := testHome()
	c, err := Build(read(s, "HassMediaSearchAndPlay", "name_media_class", "default",
		attributes{"name": "TV", "search_query": "night train", "media_class": "album"}), Input{Home: s})
	if err != nil {
		t.Fatal(err)
	}
	search := []string{`media_player.search_media media_player.tv {"media_filter_classes":["album"],"search_query":"night train"}`}
	if got := lines(c.Fetch.Calls); !slices.Equal(got, search) {
		t.Fatalf("fetch %v, want %v", got, search)
	}
	response := map[string]any{"media_player.tv": map[string]any{"result": []any{
		map[string]any{"title": "Night Train", "media_content_id": "library://7", "media_content_type": "album"},
		map[string]any{"title": "Night Trains", "media_content_id": "library://8", "media_content_type": "album"},
	}}}
	play, err := c.Fetch.Fill(c.Calls[0], response)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{`media_player.play_media media_player.tv {"media_content_id":"library://7","media_content_type":"album"}`}
	if got := lines([]home.Call{play}); !slices.Equal(got, want) {
		t.Errorf("call %v, want %v", got, want)
	}
	var answer intent.ResponseData
	c.Fetch.Apply(&answer, response)
	if !slices.Equal(answer.Media, []string{"Night Train", "Night Trains"}) {
		t.Errorf("media %v", answer.Media)
	}

	for _, nothing := range []map[string]any{nil, {"media_player.tv": map[string]any{"result": []any{}}}, {"media_player.tv": "odd"}} {
		if call, err := c.Fetch.Fill(c.Calls[0], nothing); keyOf(err) != ErrNothingFound.Error() {
			t.Errorf("after %v: %v, %v, want ErrNothingFound", nothing, call, err)
		}
	}
}

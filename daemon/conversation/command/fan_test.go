package command

import (
	"fmt"
	"testing"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// A fan goes from one of its own speeds to another: however much is asked for, it is at least one of them.
func TestFanSpeeds(t *testing.T) {
	for _, c := range []struct {
		name          string
		step, percent any
		state         string
		intent        string
		slot          string
		value         any
		want          string
	}{
		{"faster by a speed", 25, 50, "on", "HearthAdjust", "change", "faster", "75"},
		{"slower by a speed", 25, 50, "on", "HearthAdjust", "change", "slower", "25"},
		{"slower is not off", 25, 25, "on", "HearthAdjust", "change", "slower", "25"},
		{"no faster than it goes", 25, 100, "on", "HearthAdjust", "change", "faster", "100"},
		{"the last of three is all", 33.33, 67, "on", "HearthAdjust", "change", "faster", "100"},
		{"of a hundred speeds, twenty percent", 1, 50, "on", "HearthAdjust", "change", "faster", "70"},
		{"one that does not tell its steps", nil, 50, "on", "HearthAdjust", "change", "slower", "30"},
		{"from off", 25, 75, "off", "HearthAdjust", "change", "faster", "25"},
		{"slower than off", 25, 0, "off", "HearthAdjust", "change", "slower", "entity_wrong_state"},
		{"one that does not tell how fast it is", 25, nil, "on", "HearthAdjust", "change", "faster", "feature_not_supported"},
		{"the second of four", 25, 0, "off", "HassFanSetSpeed", "level", 2, "50"},
		{"the third of three", 33.33, 0, "off", "HassFanSetSpeed", "level", 3, "100"},
		{"the fifth of four", 25, 0, "off", "HassFanSetSpeed", "level", 5, "out of range"},
		{"the second of a hundred", 1, 0, "off", "HassFanSetSpeed", "level", 2, "feature_not_supported"},
		{"slow", 25, 0, "off", "HassFanSetSpeed", "speed", 1, "25"},
		{"middle", 25, 0, "off", "HassFanSetSpeed", "speed", 50, "50"},
		{"fast", 33.33, 0, "off", "HassFanSetSpeed", "speed", 100, "100"},
		{"in percent, as it was said", 25, 0, "off", "HassFanSetSpeed", "percentage", 66, "66"},
		{"no number", 25, 0, "off", "HassFanSetSpeed", "level", "two", ErrBadSlot.Error()},
	} {
		fan := home.Entity{ID: "fan.f", Name: "Fan", Exposed: true, State: c.state,
			Attributes: attributes{"supported_features": float64(fanSpeed), "percentage": c.percent, "percentage_step": c.step}}
		s := home.NewSnapshot([]home.Entity{fan}, nil, nil)
		r := intent.Result{Intent: c.intent, Slots: map[string]intent.Slot{"name": {Value: "Fan", IDs: []string{"fan.f"}}, c.slot: {Value: c.value}}}
		cmd, err := Build(r, Input{Home: s, Now: now})
		got := fmt.Sprint(err)
		switch {
		case keyOf(err) != "":
			got = keyOf(err)
		case err == nil && len(cmd.Calls) == 1 && cmd.Calls[0].Name() == "fan.set_percentage":
			got = fmt.Sprint(cmd.Calls[0].Data["percentage"])
		}
		if got != c.want {
			t.Errorf("%s: %s (%v), want %s", c.name, got, cmd.Calls, c.want)
		}
	}
}

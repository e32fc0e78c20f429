package undo_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/home/undo"
)

// settled is how long anything in the simulated home takes to come to rest.
const settled = 20 * time.Second

// Whatever was done in the simulated home, taking it back leaves the entity as it was before, or says why not;
// and nothing is ever unlocked, opened to people, or disarmed by it.
func TestWhatIsUndoneIsAsBefore(t *testing.T) {
	undone := map[string]bool{}
	rapid.Check(t, func(rt *rapid.T) {
		earlier := rapid.SliceOfN(rapid.Custom(anyCall), 0, 3).Draw(rt, "earlier") // the home is in any state
		call := anyCall(rt)
		soon := time.Duration(rapid.IntRange(1, 20).Draw(rt, "seconds")) * time.Second
		var err error
		synctest.Test(t, func(t *testing.T) { err = doAndUndo(t.Context(), earlier, call, soon, undone) })
		if err != nil {
			rt.Fatal(err)
		}
	})
	if len(undone) < 10 {
		t.Errorf("only these were taken back: %v", undone)
	}
}

func doAndUndo(ctx context.Context, earlier []home.Call, call home.Call, soon time.Duration, undone map[string]bool) error {
	ctx, stop := context.WithCancel(ctx)
	h := demo.New(demo.WithFlaky())
	var running sync.WaitGroup
	running.Go(func() { h.Run(ctx) })
	defer running.Wait()
	defer stop()
	seen := func() home.Entity {
		e, _ := h.Snapshot().Entity(call.Entity)
		return undo.Essence(e)
	}
	for _, c := range earlier {
		h.Call(ctx, c) // some cannot be done
		time.Sleep(settled)
	}
	before := seen()
	if _, err := h.Call(ctx, call); err != nil {
		return nil // and some of these
	}
	time.Sleep(soon)
	after := seen()
	back, why := undo.Of(call, before, after)
	if (len(back) == 0) != (why != "") || why == undo.Same && !undo.Kept(before, after) {
		return fmt.Errorf("%v changed %+v to %+v: %v and the reason %q", call, before, after, back, why)
	}
	for _, c := range back {
		if slices.Contains([]string{"unlock", "open", "open_valve", "alarm_disarm"}, c.Service) || c.Entity == "cover.garage_door" && c.Service != "close_cover" {
			return fmt.Errorf("%v is taken back by %v", call, c)
		}
		if _, err := h.Call(ctx, c); err != nil {
			return fmt.Errorf("%v is taken back by %v: %w", call, c, err)
		}
	}
	time.Sleep(settled)
	if before.State == "paused" && after.State == "off" {
		before.State = "idle" // a player that is switched on again has forgotten what it stood still at
	}
	if now := seen(); why == "" && (!undo.Kept(before, now) || now.State != before.State) {
		return fmt.Errorf("%v was taken back by %v: was %+v, then %+v, now %+v", call, back, before, after, now)
	}
	undone[call.Name()] = undone[call.Name()] || why == ""
	return nil
}

// services are what can be done in the simulated home, with the data that each takes.
var services = map[string]func(t *rapid.T) map[string]any{
	"light.turn_on": func(t *rapid.T) map[string]any {
		return rapid.SampledFrom([]map[string]any{nil, {"brightness_pct": 30}, {"brightness_pct": 100}, {"color_name": "red"},
			{"rgb_color": []int{10, 200, 30}}, {"color_temp_kelvin": 3000}, {"brightness_step_pct": -10}, {"brightness_pct": 0}}).Draw(t, "data")
	},
	"light.turn_off": none, "light.toggle": none,
	"switch.turn_on": none, "switch.turn_off": none, "input_boolean.turn_on": none,
	"fan.turn_on": none, "fan.turn_off": none, "fan.set_percentage": number("percentage", 0, 100),
	"fan.increase_speed": none, "fan.oscillate": flag("oscillating"), "fan.set_direction": word("direction", "forward", "reverse"),
	"humidifier.turn_on": none, "humidifier.turn_off": none, "humidifier.set_humidity": number("humidity", 30, 70),
	"humidifier.set_mode":     word("mode", "normal", "sleep"),
	"climate.set_temperature": number("temperature", 10, 25), "climate.set_hvac_mode": word("hvac_mode", "off", "heat", "cool"),
	"climate.set_fan_mode": word("fan_mode", "auto", "low"), "climate.turn_off": none, "climate.turn_on": none,
	"water_heater.set_temperature": number("temperature", 40, 65), "water_heater.set_operation_mode": word("operation_mode", "off", "eco", "performance"),
	"water_heater.turn_off":   none,
	"media_player.turn_on":    none,
	"media_player.turn_off":   none,
	"media_player.media_play": none, "media_player.media_pause": none, "media_player.media_stop": none, "media_player.media_next_track": none,
	"media_player.volume_set": func(t *rapid.T) map[string]any {
		return map[string]any{"volume_level": float64(rapid.IntRange(0, 10).Draw(t, "volume")) / 10}
	},
	"media_player.volume_mute": flag("is_volume_muted"), "media_player.select_source": word("source", "HDMI 1", "Cable"),
	"media_player.shuffle_set": flag("shuffle"),
	"cover.open_cover":         none, "cover.close_cover": none, "cover.set_cover_position": number("position", 0, 100), "cover.stop_cover": none,
	"valve.open_valve": none, "valve.close_valve": none,
	"lock.lock": none, "lock.unlock": none, "lock.open": none,
	"alarm_control_panel.alarm_arm_away": none, "alarm_control_panel.alarm_arm_home": none, "alarm_control_panel.alarm_disarm": none,
	"vacuum.start": none, "vacuum.pause": none, "vacuum.return_to_base": none, "vacuum.set_fan_speed": word("fan_speed", "quiet", "turbo"),
	"lawn_mower.start_mowing": none, "lawn_mower.dock": none,
	"input_number.set_value": number("value", 20, 150), "input_select.select_option": word("option", "Home", "Away", "Vacation"),
	"button.press": none, "scene.turn_on": none, "script.turn_on": none,
	"todo.add_item": word("item", "Tea", "Jam"), "todo.remove_item": word("item", "Tea", "Milk"),
	"todo.update_item": func(t *rapid.T) map[string]any {
		return map[string]any{"item": "Milk", "status": rapid.SampledFrom([]string{"completed", "needs_action"}).Draw(t, "status")}
	},
}

func none(*rapid.T) map[string]any { return nil }

func number(field string, low, high int) func(t *rapid.T) map[string]any {
	return func(t *rapid.T) map[string]any {
		return map[string]any{field: rapid.IntRange(low, high).Draw(t, field)}
	}
}

func word(field string, words ...string) func(t *rapid.T) map[string]any {
	return func(t *rapid.T) map[string]any { return map[string]any{field: rapid.SampledFrom(words).Draw(t, field)} }
}

func flag(field string) func(t *rapid.T) map[string]any {
	return func(t *rapid.T) map[string]any { return map[string]any{field: rapid.Bool().Draw(t, field)} }
}

// anyCall does anything that can be done to any entity of the simulated home.
func anyCall(t *rapid.T) home.Call {
	var all []home.Call
	for _, e := range demo.New().Snapshot().Entities {
		for name := range services {
			domain, service, _ := strings.Cut(name, ".")
			c := home.Call{Domain: domain, Service: service, Entity: e.ID}
			if domain == e.Domain() {
				all = append(all, c)
			}
		}
	}
	slices.SortFunc(all, func(a, b home.Call) int {
		return cmp.Or(cmp.Compare(a.Entity, b.Entity), cmp.Compare(a.Service, b.Service))
	})
	c := rapid.SampledFrom(all).Draw(t, "call")
	c.Data = services[c.Name()](t)
	return c
}

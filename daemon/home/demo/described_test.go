package demo_test

import (
	"testing"
	"time"

	"hearth/daemon/home"
	"hearth/daemon/home/demo"
)

// den is a home of a few things that a data set may describe.
func den() *home.Snapshot {
	return home.NewSnapshot([]home.Entity{
		{ID: "light.lamp", Name: "Lamp", State: "off", Exposed: true, Attributes: map[string]any{"supported_color_modes": []string{"brightness"}}},
		{ID: "media_player.box", Name: "Box", State: "paused", Exposed: true, Attributes: map[string]any{"volume_level": 0.6, "media_track": 2}},
		{ID: "fan.fan", Name: "Fan", State: "off", Exposed: true},
		{ID: "vacuum.robot", Name: "Robot", State: "cleaning", Exposed: true},
		{ID: "sensor.heat", Name: "Heat", State: "21", DeviceClass: "temperature", Exposed: true},
		{ID: "todo.list", Name: "List", State: "1", Exposed: true},
		{ID: "calendar.mine", Name: "Mine", State: "off", Exposed: true},
	}, nil, nil)
}

func TestADescribedHome(t *testing.T) {
	day := time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)
	inHome(t, func(t *testing.T, h *demo.Home) {
		do := func(name string, id home.EntityID, data map[string]any) {
			t.Helper()
			domain := id.Domain()
			if _, err := h.Call(t.Context(), home.Call{Domain: domain, Service: name, Entity: id, Data: data}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Millisecond)
		}
		is := func(id home.EntityID, state, attribute string, want any) {
			t.Helper()
			if e, _ := h.Snapshot().Entity(id); e.State != state || e.Attributes[attribute] != want {
				t.Errorf("%s is %s, its %s %v; want %s, %v", id, e.State, attribute, e.Attributes[attribute], state, want)
			}
		}
		do("turn_on", "light.lamp", nil)
		is("light.lamp", "on", "brightness", 99) // as it was dimmed
		do("turn_on", "fan.fan", nil)
		is("fan.fan", "on", "percentage", 100)
		do("media_play", "media_player.box", nil)
		is("media_player.box", "playing", "media_title", nil) // it goes on with what it has
		do("media_next_track", "media_player.box", nil)
		is("media_player.box", "playing", "media_track", 3)
		do("volume_mute", "media_player.box", map[string]any{"is_volume_muted": true})
		is("media_player.box", "playing", "volume_level", 0.0)
		do("volume_mute", "media_player.box", map[string]any{"is_volume_muted": false})
		is("media_player.box", "playing", "volume_level", 0.6)
		do("return_to_base", "vacuum.robot", nil)
		do("add_item", "todo.list", map[string]any{"item": "Sweep"})
		is("todo.list", "2", "x", nil) // beside the one that is open; one is done
		time.Sleep(time.Hour)
		is("vacuum.robot", "returning", "x", nil) // the way is long
		is("sensor.heat", "21", "x", nil)         // and nothing drifts

		answer, err := h.Call(t.Context(), home.Call{Domain: "calendar", Service: "get_events", Entity: "calendar.mine", Data: map[string]any{
			"start_date_time": day.Format(time.RFC3339), "end_date_time": day.AddDate(0, 0, 1).Format(time.RFC3339),
		}})
		if err != nil {
			t.Fatal(err)
		}
		mine, _ := answer["calendar.mine"].(map[string]any)
		events, _ := mine["events"].([]any)
		var found []any
		for _, event := range events {
			found = append(found, event.(map[string]any)["summary"], event.(map[string]any)["start"])
		}
		want := []any{"the whole day", "2026-11-28", "in the morning", "2026-11-28T09:00:00Z"}
		if len(found) != len(want) || found[0] != want[0] || found[1] != want[1] || found[2] != want[2] || found[3] != want[3] {
			t.Errorf("events %v, want %v", found, want)
		}
		if _, err := h.Call(t.Context(), home.Call{Domain: "calendar", Service: "get_events", Entity: "calendar.mine", Data: map[string]any{"end_date_time": "soon"}}); err == nil {
			t.Error("an end that is no time was taken")
		}
	}, demo.WithSnapshot(den()), demo.WithPace(0), demo.WithLongWays(), demo.WithStillSensors(), demo.WithDimmed(map[home.EntityID]int{"light.lamp": 99}),
		demo.WithItems("todo.list", []string{"Shop"}, []string{"Cook"}),
		demo.WithEvents(map[home.EntityID][]demo.Event{"calendar.mine": {
			{Summary: "in the morning", Start: day.Add(9 * time.Hour), End: day.Add(10 * time.Hour)},
			{Summary: "the whole day", Start: day, End: day.AddDate(0, 0, 1), WholeDays: true},
			{Summary: "the day after", Start: day.AddDate(0, 0, 1), End: day.AddDate(0, 0, 2), WholeDays: true},
		}}))
}

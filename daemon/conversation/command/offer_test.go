package command

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"hearth/daemon/home"
)

// offersAll tells of calls that commands make and that are not offered to those who choose among services.
func offersAll(t *testing.T, s *home.Snapshot, c Command) {
	t.Helper()
	for _, made := range c.Calls {
		if made.Domain == "timer" {
			continue
		}
		e, _ := s.Entity(made.Entity)
		all := Services(s, e)
		i := slices.IndexFunc(all, func(offered Service) bool { return offered.Name == made.Service })
		if i < 0 {
			t.Errorf("%s of %s is not offered", made.Service, made.Entity)
			continue
		}
		if made.Name() == "media_player.play_media" { // what is to be played was not found yet
			made.Data = map[string]any{searchQuery: "something"}
		}
		raw, err := json.Marshal(made.Data)
		if err != nil {
			t.Fatal(err)
		}
		var written map[string]any
		if err := json.Unmarshal([]byte(strings.NewReplacer(`["`, `"`, `"]`, `"`).Replace(string(raw))), &written); err != nil {
			t.Fatal(err)
		}
		call, err := all[i].Call(e, written)
		if err != nil || call.Name() != made.Name() || call.Entity != made.Entity || len(call.Data) != len(made.Data) {
			t.Errorf("%s of %s with %v: offered is %+v, %v", made.Name(), made.Entity, made.Data, call, err)
		}
	}
}

func TestADeviceIsOfferedWhatItCan(t *testing.T) {
	s := home.NewSnapshot(append(slices.Clone(richHome().Entities), testHome().Entities...), testHome().Areas, nil)
	for id, want := range map[home.EntityID]string{
		"light.bedroom":         "turn_off, turn_on",
		"light.kitchen_counter": "turn_off, turn_on(brightness_pct? 0..100)",
		"lock.front_door":       "lock, unlock",
		"valve.garden":          "open_valve, close_valve, set_valve_position(position 0..100)",
		"alarm_control_panel.a": "alarm_arm_away, alarm_arm_home, alarm_disarm",
		"select.a":              "select_option(option light_speed|ludicrous_speed)",
		"input_number.a":        "set_value(value 20..150)",
		"humidifier.a":          "turn_on, turn_off, set_humidity(humidity 30..70)",
		"media_player.a":        "media_play, media_pause, select_source(source HDMI 1|Cable)",
		"media_player.tv":       "media_play, media_pause, play_media(search_query)",
		"vacuum.upstairs":       "start, return_to_base",
		"vacuum.rover":          "start, return_to_base, clean_area(cleaning_area_id bedroom|garage|garden|hall|kitchen|office)",
		"scene.movie":           "turn_on",
		"sensor.outside":        "",
	} {
		e, ok := s.Entity(id)
		if !ok {
			t.Fatalf("no %s", id)
		}
		if got := describe(Services(s, e)); got != want {
			t.Errorf("%s:\n%s, want\n%s", id, got, want)
		}
	}
}

func describe(all []Service) string {
	var lines []string
	for _, s := range all {
		var fields []string
		for _, f := range s.Fields {
			text := f.Name
			if !f.Required {
				text += "?"
			}
			switch {
			case f.Choices != nil:
				text += " " + strings.Join(f.Choices, "|")
			case f.Max > f.Min:
				text += " " + shown(f.Min) + ".." + shown(f.Max)
			}
			fields = append(fields, text)
		}
		line := s.Name
		if len(fields) > 0 {
			line += "(" + strings.Join(fields, ", ") + ")"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, ", ")
}

func TestWhatIsWrittenIsChecked(t *testing.T) {
	s := home.NewSnapshot(append(slices.Clone(richHome().Entities), testHome().Entities...), testHome().Areas, nil)
	for _, c := range []struct {
		entity        home.EntityID
		service, data string
		want          string // the data, or what the error says
	}{
		{"input_number.a", "set_value", `{"value": 30.34}`, `{"value":30.3}`},
		{"input_number.a", "set_value", `{"value": 151}`, "value cannot be 151: give a number from 20 to 150"},
		{"input_number.a", "set_value", `{}`, "value cannot be <nil>"},
		{"select.a", "select_option", `{"option": "Ludicrous Speed"}`, `{"option":"ludicrous_speed"}`},
		{"select.a", "select_option", `{"option": "warp"}`, "one of light_speed, ludicrous_speed"},
		{"vacuum.rover", "clean_area", `{"cleaning_area_id": "kitchen"}`, `{"cleaning_area_id":["kitchen"]}`},
		{"light.kitchen", "turn_on", `{"brightness_pct": 40, "color_name": "red"}`, `{"brightness_pct":40,"color_name":"red"}`},
		{"light.kitchen", "turn_on", `{"brightness_pct": 101}`, "a whole number from 0 to 100"},
		{"light.kitchen", "turn_on", `{"brightness_pct": 40.5}`, "a whole number from 0 to 100"},
		{"light.kitchen", "turn_on", `{"brightness_pct": "40"}`, "a whole number"},
		{"light.kitchen", "turn_on", `{"entity_id": "lock.front_door"}`, `there is no field "entity_id"`},
		{"light.kitchen", "turn_on", `{}`, `null`},
		{"fan.a", "oscillate", `{"oscillating": true}`, `{"oscillating":true}`},
		{"fan.a", "oscillate", `{"oscillating": "yes"}`, "true or false"},
		{"todo.chores", "add_item", `{"item": "  milk "}`, `{"item":"milk"}`},
		{"todo.chores", "add_item", `{"item": " "}`, "a text of up to 200 letters"},
		{"todo.chores", "add_item", `{"item": "` + strings.Repeat("x", 201) + `"}`, "item cannot be xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...: give"},
	} {
		e, _ := s.Entity(c.entity)
		all := Services(s, e)
		i := slices.IndexFunc(all, func(o Service) bool { return o.Name == c.service })
		if i < 0 {
			t.Fatalf("%s is not offered %s", c.entity, c.service)
		}
		var written map[string]any
		if err := json.Unmarshal([]byte(c.data), &written); err != nil {
			t.Fatal(err)
		}
		call, err := all[i].Call(e, written)
		got, _ := json.Marshal(call.Data)
		if err != nil {
			got = []byte(err.Error())
		}
		if !strings.Contains(string(got), c.want) {
			t.Errorf("%s %s: %s, want %s", c.service, c.data, got, c.want)
		}
	}
}

func TestCallsAreCompleted(t *testing.T) {
	milk := home.Call{Domain: "todo", Service: "remove_item", Entity: "todo.a", Data: map[string]any{"item": "Milk"}}
	play := home.Call{Domain: "media_player", Service: "play_media", Entity: "media_player.a", Data: map[string]any{"search_query": "night train"}}
	lamp := home.Call{Domain: "light", Service: "turn_on", Entity: "light.a"}
	if Completing([]home.Call{lamp}) != nil {
		t.Error("a call that lacks nothing is completed")
	}
	f := Completing([]home.Call{milk, lamp, play, milk})
	want := []string{`todo.get_items todo.a {"status":["needs_action","completed"]}`, `media_player.search_media media_player.a {"search_query":"night train"}`}
	if got := lines(f.Calls); !slices.Equal(got, want) {
		t.Fatalf("asked are %q, want %q", got, want)
	}
	response := attributes{
		"todo.a":         attributes{"items": []any{attributes{"summary": "milk"}}},
		"media_player.a": attributes{"result": []any{attributes{"media_content_id": "7", "media_content_type": "track"}}},
	}
	for _, c := range []struct {
		call home.Call
		want map[string]any
	}{
		{milk, attributes{"item": "milk"}}, {lamp, nil}, {play, attributes{"media_content_id": "7", "media_content_type": "track"}},
	} {
		if got, err := f.Fill(c.call, response); err != nil || !reflect.DeepEqual(got.Data, c.want) {
			t.Errorf("%s: %v, %v, want %v", c.call.Name(), got.Data, err, c.want)
		}
	}
	if _, err := Completing([]home.Call{milk}).Fill(milk, attributes{"todo.a": attributes{"items": []any{}}}); keyOf(err) != ErrNothingFound.Error() {
		t.Errorf("what is not on the list: %v", err)
	}
}

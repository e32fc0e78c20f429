package command

import (
	"reflect"
	"testing"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// What a model has called is read as the sentence that leads to the same call, or as none.
func TestReadingOf(t *testing.T) {
	snapshot := roomsHome("")
	percent := attributes{"brightness_pct": 40}
	for _, c := range []struct {
		call home.Call
		want string // its intent
	}{
		{home.Call{Domain: "light", Service: "turn_on", Entity: "light.desk"}, "HassTurnOn"},
		{home.Call{Domain: "light", Service: "turn_off", Entity: "light.high"}, "HassTurnOff"},
		{home.Call{Domain: "light", Service: "turn_on", Entity: "light.desk", Data: percent}, "HassLightSet"},
		{home.Call{Domain: "light", Service: "turn_on", Entity: "light.desk", Data: attributes{"brightness_pct": 40.0}}, "HassLightSet"},
		{home.Call{Domain: "climate", Service: "set_temperature", Entity: "climate.hall", Data: attributes{"temperature": 20.5}}, "HassClimateSetTemperature"},
		{home.Call{Domain: "light", Service: "turn_on", Entity: "light.desk", Data: attributes{"brightness_pct": 40, "transition": 2}}, ""},
		{home.Call{Domain: "light", Service: "turn_on", Entity: "light.desk", Data: attributes{"color_name": "red"}}, ""},
		{home.Call{Domain: "light", Service: "turn_off", Entity: "light.desk", Data: attributes{"transition": 2}}, ""},
		{home.Call{Domain: "homeassistant", Service: "turn_on", Entity: "light.desk"}, ""},
		{home.Call{Domain: "light", Service: "turn_on", Entity: "light.sold"}, ""},
		{home.Call{Domain: "media_player", Service: "media_stop", Entity: "media_player.hall"}, ""},
	} {
		r := ReadingOf([]home.Call{c.call}, snapshot)
		if r.Intent != c.want {
			t.Errorf("%s of %s: read as %q, want %q", c.call.Name(), c.call.Entity, r.Intent, c.want)
		}
		if c.want == "" {
			continue
		}
		cmd, err := Build(r, Input{Home: snapshot, Now: now})
		if err != nil || len(cmd.Calls) != 1 || cmd.Calls[0].Name() != c.call.Name() || cmd.Calls[0].Entity != c.call.Entity || !sameNumbers(cmd.Calls[0].Data, c.call.Data) {
			t.Errorf("%s of %s: it means %+v, %v", c.call.Name(), c.call.Entity, cmd.Calls, err)
		}
	}
	two := []home.Call{{Domain: "light", Service: "turn_on", Entity: "light.desk"}, {Domain: "light", Service: "turn_on", Entity: "light.high"}}
	if r := ReadingOf(two, snapshot); !reflect.DeepEqual(r, intent.Result{}) {
		t.Errorf("two calls are read as %+v", r)
	}
}

func sameNumbers(a, b map[string]any) bool {
	for field, value := range b {
		x, _ := home.Number(a[field])
		y, _ := home.Number(value)
		if x != y {
			return false
		}
	}
	return len(a) == len(b)
}

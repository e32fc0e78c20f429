package daemon

import (
	"fmt"
	"strings"
	"testing"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
)

// A following is a conversation in one language: what is said in the kitchen, and the calls that come of it.
type following struct {
	language                    string
	kitchen, bedroom            string
	kitchenLamp, bedroomLamp    string
	kitchenStove, bedroomStove  string // thermostats
	kitchenBlind, fan, doorLock string
	exchanges                   []exchange // a reply that has a dot in it before a space is the calls
}

var followings = []following{
	{"en", "Kitchen", "Bedroom", "Ceiling Light", "Night Lamp", "Stove", "Bed Heater", "Kitchen Blind", "Ventilator", "Front Door", []exchange{
		{"turn on the ceiling light", "light.turn_on light.kitchen"},
		{"and in the bedroom", "light.turn_on light.bedroom"},
		{"turn it off", "light.turn_off light.bedroom"},
		{"and the ceiling light", "light.turn_off light.kitchen"},
		{"and the ventilator", "fan.turn_off fan.kitchen"},
		{"turn on the lights", "light.turn_on light.kitchen"},
		{"set it to 50 percent", "light.turn_on light.kitchen brightness_pct=50"},
		{"a bit brighter", "light.turn_on light.kitchen brightness_pct=60"},
		{"make it darker please", "light.turn_on light.kitchen brightness_pct=40"},
		{"turn it up a lot", "light.turn_on light.kitchen brightness_pct=80"},
		{"brighter", "light.turn_on light.kitchen brightness_pct=100"},
		{"no i meant the bedroom", "light.turn_on light.bedroom brightness_pct=20, light.turn_on light.kitchen"},
		{"make it red", "light.turn_on light.bedroom color_name=red"},
		{"set the bed heater to 20 degrees", "climate.set_temperature climate.bedroom temperature=20"},
		{"make it warmer", "climate.set_temperature climate.bedroom temperature=21"},
		{"a bit warmer", "climate.set_temperature climate.bedroom temperature=21.5"},
		{"and in the kitchen", "climate.set_temperature climate.kitchen temperature=19.5"},
		{"set it to 21", "climate.set_temperature climate.kitchen temperature=21"},
		{"make the bedroom cooler", "climate.set_temperature climate.bedroom temperature=20.5"},
		{"what is the temperature in the kitchen", "19 degrees"},
		{"what about the bedroom", "18 degrees"},
		{"open the kitchen blind", "cover.open_cover cover.kitchen"},
		{"close it again", "cover.close_cover cover.kitchen"},
		{"lock the front door", "lock.lock lock.front"},
		{"unlock it", "Shall I unlock Front Door? Say yes or no."},
		{"no", "All right, I leave it."},
		{"turn it off", "I do not know what you mean"},
		{"it is too dark in here", "light.turn_on light.kitchen brightness_pct=100"},
		{"turn on the night lamp", "light.turn_on light.bedroom"},
		{"it is too bright in here", "light.turn_on light.kitchen brightness_pct=80"},
		{"set the bed heater to 20 degrees", "climate.set_temperature climate.bedroom temperature=20"},
		{"set it to 30 percent", "I do not know what you mean"},
	}},
	{"de", "Küche", "Schlafzimmer", "Deckenlampe", "Nachtlicht", "Ofen", "Heizkörper", "Rollo", "Ventilator", "Haustür", []exchange{
		{"schalte die Deckenlampe ein", "light.turn_on light.kitchen"},
		{"Und im Schlafzimmer?", "light.turn_on light.bedroom"},
		{"mach es wieder aus", "light.turn_off light.bedroom"},
		{"und die Deckenlampe auch", "light.turn_off light.kitchen"},
		{"schalte die Deckenlampe ein", "light.turn_on light.kitchen"},
		{"stell sie auf 50 Prozent", "light.turn_on light.kitchen brightness_pct=50"},
		{"etwas heller", "light.turn_on light.kitchen brightness_pct=60"},
		{"mach es dunkler", "light.turn_on light.kitchen brightness_pct=40"},
		{"heller", "light.turn_on light.kitchen brightness_pct=60"},
		{"nein, ich meinte das Nachtlicht", "light.turn_on light.bedroom brightness_pct=20, light.turn_on light.kitchen"},
		{"mach es rot", "light.turn_on light.bedroom color_name=red"},
		{"stell die Temperatur im Schlafzimmer auf 20 Grad", "climate.set_temperature climate.bedroom temperature=20"},
		{"ein bisschen wärmer", "climate.set_temperature climate.bedroom temperature=20.5"},
		{"mach es im Schlafzimmer kälter", "climate.set_temperature climate.bedroom temperature=19.5"},
		{"stell es auf 21 Grad", "climate.set_temperature climate.bedroom temperature=21"},
		{"Wie warm ist es in der Küche?", "19 Grad"},
		{"und im Schlafzimmer", "18 Grad"},
		{"öffne das Rollo", "cover.open_cover cover.kitchen"},
		{"mach es wieder zu", "cover.close_cover cover.kitchen"},
		{"verriegle die Haustür", "lock.lock lock.front"},
		{"schließ sie auf", "Haustür wirklich aufschließen? Sag ja oder nein."},
		{"nein", "Gut, dann lasse ich das."},
		{"schalte das Nachtlicht ein", "light.turn_on light.bedroom"},
		{"hier ist es zu dunkel", "light.turn_on light.kitchen brightness_pct=60"},
	}},
	{"fr", "Cuisine", "Salon", "Plafonnier", "Veilleuse", "Poêle", "Radiateur", "Store", "Ventilateur", "Porte d'entrée", []exchange{
		{"allume le plafonnier", "light.turn_on light.kitchen"},
		{"et dans le salon ?", "light.turn_on light.bedroom"},
		{"éteins-la", "light.turn_off light.bedroom"},
		{"et le plafonnier aussi", "light.turn_off light.kitchen"},
		{"allume le plafonnier", "light.turn_on light.kitchen"},
		{"mets-le à 50 %", "light.turn_on light.kitchen brightness_pct=50"},
		{"un peu plus lumineux", "light.turn_on light.kitchen brightness_pct=60"},
		{"moins lumineux", "light.turn_on light.kitchen brightness_pct=40"},
		{"plus lumineux", "light.turn_on light.kitchen brightness_pct=60"},
		{"non, je voulais dire la veilleuse", "light.turn_on light.bedroom brightness_pct=20, light.turn_on light.kitchen"},
		{"mets-la en rouge", "light.turn_on light.bedroom color_name=red"},
		{"règle le radiateur à 20 degrés", "climate.set_temperature climate.bedroom temperature=20"},
		{"un peu plus chaud", "climate.set_temperature climate.bedroom temperature=20.5"},
		{"mets-le à 21 degrés", "climate.set_temperature climate.bedroom temperature=21"},
		{"ouvre le store", "cover.open_cover cover.kitchen"},
		{"referme-le", "cover.close_cover cover.kitchen"},
		{"verrouille la porte d'entrée", "lock.lock lock.front"},
		{"déverrouille-la", "Dois-je déverrouiller Porte d'entrée ? Dites oui ou non."},
	}},
	{"es", "Cocina", "Dormitorio", "Lámpara del techo", "Lámpara de noche", "Estufa", "Radiador", "Persiana", "Ventilador", "Puerta principal", []exchange{
		{"enciende la lámpara del techo", "light.turn_on light.kitchen"},
		{"¿Y en el dormitorio?", "light.turn_on light.bedroom"},
		{"apágala", "light.turn_off light.bedroom"},
		{"y la lámpara del techo también", "light.turn_off light.kitchen"},
		{"enciende la lámpara del techo", "light.turn_on light.kitchen"},
		{"ponla al 50 por ciento", "light.turn_on light.kitchen brightness_pct=50"},
		{"un poco más brillante", "light.turn_on light.kitchen brightness_pct=60"},
		{"más oscuro", "light.turn_on light.kitchen brightness_pct=40"},
		{"más brillante", "light.turn_on light.kitchen brightness_pct=60"},
		{"no, quería decir la lámpara de noche", "light.turn_on light.bedroom brightness_pct=20, light.turn_on light.kitchen"},
		{"ponla en rojo", "light.turn_on light.bedroom color_name=red"},
		{"pon el radiador a 20 grados", "climate.set_temperature climate.bedroom temperature=20"},
		{"un poco más calor", "climate.set_temperature climate.bedroom temperature=20.5"},
		{"ponlo a 21 grados", "climate.set_temperature climate.bedroom temperature=21"},
		{"abre la persiana", "cover.open_cover cover.kitchen"},
		{"ciérrala otra vez", "cover.close_cover cover.kitchen"},
		{"cierra con llave la puerta principal", "lock.lock lock.front"},
		{"desbloquéala", "¿Desbloqueo Puerta principal? Di sí o no."},
	}},
	{"nl", "Keuken", "Slaapkamer", "Plafondlamp", "Nachtlampje", "Kachel", "Radiator", "Rolgordijn", "Ventilator", "Voordeur", []exchange{
		{"zet de plafondlamp aan", "light.turn_on light.kitchen"},
		{"En in de slaapkamer?", "light.turn_on light.bedroom"},
		{"doe het weer uit", "light.turn_off light.bedroom"},
		{"en de plafondlamp ook", "light.turn_off light.kitchen"},
		{"zet de plafondlamp aan", "light.turn_on light.kitchen"},
		{"zet hem op 50 procent", "light.turn_on light.kitchen brightness_pct=50"},
		{"een beetje feller", "light.turn_on light.kitchen brightness_pct=60"},
		{"maak het donkerder", "light.turn_on light.kitchen brightness_pct=40"},
		{"feller", "light.turn_on light.kitchen brightness_pct=60"},
		{"nee, ik bedoelde het nachtlampje", "light.turn_on light.bedroom brightness_pct=20, light.turn_on light.kitchen"},
		{"maak het rood", "light.turn_on light.bedroom color_name=red"},
		{"zet de radiator op 20 graden", "climate.set_temperature climate.bedroom temperature=20"},
		{"iets warmer", "climate.set_temperature climate.bedroom temperature=20.5"},
		{"zet hem op 21 graden", "climate.set_temperature climate.bedroom temperature=21"},
		{"open het rolgordijn", "cover.open_cover cover.kitchen"},
		{"doe het weer dicht", "cover.close_cover cover.kitchen"},
		{"vergrendel de voordeur", "lock.lock lock.front"},
		{"ontgrendel hem", "Voordeur ontgrendelen?"},
	}},
}

func (f following) home() *home.Snapshot {
	lamp := func() map[string]any { return map[string]any{"supported_color_modes": []string{"rgb", "color_temp"}} }
	stove := func(target, now float64) map[string]any {
		return map[string]any{"temperature": target, "current_temperature": now, "min_temp": 7.0, "max_temp": 30.0,
			"supported_features": 1, "hvac_modes": []string{"off", "heat"}}
	}
	entities := []home.Entity{
		{ID: "light.kitchen", Name: f.kitchenLamp, Area: "kitchen", State: "off", Attributes: lamp()},
		{ID: "light.bedroom", Name: f.bedroomLamp, Area: "bedroom", State: "off", Attributes: lamp()},
		{ID: "climate.kitchen", Name: f.kitchenStove, Area: "kitchen", State: "heat", Attributes: stove(19, 19)},
		{ID: "climate.bedroom", Name: f.bedroomStove, Area: "bedroom", State: "heat", Attributes: stove(18, 18)},
		{ID: "cover.kitchen", Name: f.kitchenBlind, Area: "kitchen", State: "closed", DeviceClass: "blind", Attributes: map[string]any{"supported_features": 15, "current_position": 0}},
		{ID: "fan.kitchen", Name: f.fan, Area: "kitchen", State: "on", Attributes: map[string]any{"supported_features": 49}},
		{ID: "lock.front", Name: f.doorLock, Area: "kitchen", State: "locked"},
	}
	for i := range entities {
		entities[i].Exposed = true
	}
	return home.NewSnapshot(entities, []home.Area{{ID: "kitchen", Name: f.kitchen}, {ID: "bedroom", Name: f.bedroom}}, nil)
}

func TestSentencesReferToThoseBefore(t *testing.T) {
	for _, f := range followings {
		t.Run(f.language, func(t *testing.T) {
			d := quietDaemon(t, f.language, demo.New(demo.WithPace(0), demo.WithSnapshot(f.home())))
			for _, x := range f.exchanges {
				turn, err := d.Conversation.Through("test").Say(t.Context(), "kitchen", x.said)
				if err != nil {
					t.Fatal(err)
				}
				got := turn.Reply
				if len(turn.Steps) > 0 && turn.Asks == "" {
					got = callsOf(turn)
				}
				if !strings.HasPrefix(got, x.reply) || strings.Contains(x.reply, ".") && strings.HasPrefix(x.reply, "l") && got != x.reply {
					t.Errorf("%q: %q by %s (%s), want %q; said %q", x.said, got, turn.DecidedBy, turn.Rule, x.reply, turn.Reply)
				}
			}
		})
	}
}

// callsOf are a turn's calls with their data, those that did not work marked.
func callsOf(turn *conversation.Turn) string {
	var calls []string
	for _, s := range turn.Steps {
		call := s.Service + " " + string(s.Entity)
		for _, key := range []string{"brightness_pct", "color_name", "temperature", "position", "volume_level", "percentage"} {
			if value, ok := s.Data[key]; ok {
				call += fmt.Sprintf(" %s=%v", key, value)
			}
		}
		if s.Outcome != conversation.Confirmed {
			call += " " + string(s.Outcome) + ": " + s.Evidence
		}
		calls = append(calls, call)
	}
	return strings.Join(calls, ", ")
}

// What is spoken of is forgotten after five minutes, and is another in another room.
func TestNothingIsReferredToLaterOrElsewhere(t *testing.T) {
	f := followings[0]
	d := quietDaemon(t, f.language, demo.New(demo.WithPace(0), demo.WithSnapshot(f.home())))
	say := func(room, text string) *conversation.Turn {
		t.Helper()
		turn, err := d.Conversation.Through("test").Say(t.Context(), room, text)
		if err != nil {
			t.Fatal(err)
		}
		return turn
	}
	say("kitchen", "turn on the ceiling light")
	for _, text := range []string{"turn it off", "and in the bedroom", "brighter", "and the night lamp", "set it to 20 percent"} {
		if turn := say("bedroom", text); len(turn.Steps) > 0 || turn.Failure != conversation.NotUnderstood {
			t.Errorf("in another room, %q does %s", text, callsOf(turn))
		}
	}
	if turn := say("bedroom", "turn it off in ten minutes"); len(turn.Steps) > 0 {
		t.Errorf("put off in another room it does %s", callsOf(turn))
	}
}

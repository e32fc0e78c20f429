package daemon

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/intent"
)

// germanNames and dutchNames are what people there call what is in the simulated house.
var (
	germanNames = map[string][]string{
		"upper": {"Obergeschoss", "Oben"}, "kitchen": {"Küche"}, "living_room": {"Wohnzimmer"}, "bedroom": {"Schlafzimmer"},
		"hallway": {"Flur"}, "kids_room": {"Kinderzimmer"}, "light.living_room_lamp": {"Stehlampe"},
		"climate.thermostat": {"Thermostat", "Heizung"}, "climate.bedroom_radiator": {"Heizkörper"},
		"fan.ceiling_fan": {"Deckenventilator"}, "lock.front_door": {"Haustür"}, "lock.back_door": {"Hintertür"},
		"binary_sensor.back_door_contact": {"Hintertürkontakt"}, "media_player.tv": {"Fernseher"},
		"media_player.kitchen_speaker": {"Küchenlautsprecher"}, "switch.washing_machine": {"Waschmaschine"},
		"vacuum.robot_vacuum": {"Saugroboter"}, "alarm_control_panel.home_alarm": {"Alarmanlage"},
		"valve.sprinkler": {"Rasensprenger"}, "cover.kids_room_shutter": {"Kinderzimmerrollladen"},
		"cover.living_room_curtains": {"Wohnzimmervorhänge"}, "humidifier.bedroom_humidifier": {"Luftbefeuchter"},
		"scene.movie_night": {"Filmabend"}, "sensor.front_door_battery": {"Haustür Batterie"}, "todo.shopping_list": {"Einkaufsliste"},
	}
	dutchNames = map[string][]string{
		"upper": {"Eerste verdieping", "Boven"}, "ground": {"Begane grond", "Beneden"}, "kitchen": {"Keuken"}, "living_room": {"Woonkamer"},
		"bedroom": {"Slaapkamer"}, "kids_room": {"Kinderkamer"}, "light.living_room_lamp": {"Staande lamp"},
		"climate.thermostat": {"Verwarming"}, "climate.bedroom_radiator": {"Radiator"},
		"fan.ceiling_fan": {"Plafondventilator"}, "fan.bathroom_fan": {"Afzuiger"}, "lock.front_door": {"Voordeur"},
		"lock.back_door": {"Achterdeur"}, "binary_sensor.back_door_contact": {"Achterdeurcontact"}, "media_player.tv": {"TV"},
		"media_player.kitchen_speaker": {"Keukenspeaker"}, "switch.washing_machine": {"Wasmachine"},
		"vacuum.robot_vacuum": {"Stofzuiger"}, "alarm_control_panel.home_alarm": {"Alarm"}, "valve.sprinkler": {"Sproeier"},
		"cover.kids_room_shutter": {"Kinderkamerrolluik"}, "cover.living_room_curtains": {"Gordijnen"},
		"cover.garage_door": {"Garagedeur"}, "scene.movie_night": {"Filmavond"}, "todo.shopping_list": {"Boodschappenlijst"},
	}
)

// calledThere is the simulated house with other names, in which a few things are on. What has no name there keeps its own.
func calledThere(names map[string][]string) *home.Snapshot {
	house := demo.New().Snapshot()
	call := func(id string, name *string, aliases *[]string) {
		if n := names[id]; len(n) > 0 {
			*name, *aliases = n[0], n[1:]
		}
	}
	entities, areas, floors := slices.Clone(house.Entities), slices.Clone(house.Areas), slices.Clone(house.Floors)
	on := map[home.EntityID]string{"light.living_room_lamp": "on", "switch.washing_machine": "on", "media_player.tv": "playing", "fan.ceiling_fan": "on"}
	for i := range entities {
		e := &entities[i]
		call(string(e.ID), &e.Name, &e.Aliases)
		if state, ok := on[e.ID]; ok {
			e.State = state
		}
		switch e.Attributes = maps.Clone(e.Attributes); e.ID {
		case "fan.ceiling_fan":
			e.Attributes["percentage"] = 50
		case "light.living_room_lamp":
			e.Attributes["brightness"] = 153
		}
	}
	for i := range areas {
		call(areas[i].ID, &areas[i].Name, &areas[i].Aliases)
	}
	for i := range floors {
		call(floors[i].ID, &floors[i].Name, &floors[i].Aliases)
	}
	return home.NewSnapshot(entities, areas, floors)
}

// allLights are the lamps of the simulated house.
const allLights = "attic_light basement_light bed_light bedroom_ceiling desk_lamp garage_light garden_lights hallway_light kitchen_ceiling " +
	"kitchen_counter living_room_ceiling living_room_lamp mirror_light night_light office_ceiling porch_light"

const upstairsLights = "attic_light bed_light bedroom_ceiling mirror_light night_light"

// TestEverydayGermanAndDutch says what people say every day: which calls come of it, or what is answered. "" is what
// is not understood.
func TestEverydayGermanAndDutch(t *testing.T) {
	for language, house := range map[string]*home.Snapshot{"de": calledThere(germanNames), "nl": calledThere(dutchNames)} {
		l := supplementedLanguage(t, language)
		h := l.Home(namesOf(house))
		in := command.Input{Home: house, Room: "kitchen", Now: time.Date(2026, 11, 28, 15, 0, 0, 0, time.UTC), Timers: []command.Timer{
			{ID: "p", Kind: command.Countdown, Name: "Pizza", Room: "kitchen", Length: 12 * time.Minute, Left: 9 * time.Minute},
			{ID: "n", Kind: command.Countdown, Name: map[string]string{"de": "Nudeln", "nl": "eieren"}[language], Length: 8 * time.Minute, Left: 5 * time.Minute},
		}}
		for _, c := range germanicSentences[language] {
			results := h.Recognize(c[0], intent.Where{Area: in.Room})
			if got := doneAndTold(l, command.Sensible(results, house, func(s string) command.Sense {
				return command.SenseOf(h.Recognize(s, intent.Where{Area: in.Room}))
			}), in); got != c[1] {
				t.Errorf("%s: %q:\n\t%q, want\n\t%q", language, c[0], got, c[1])
			}
		}
	}
}

var germanicSentences = map[string][][2]string{
	"nl": {
		// The whole home.
		{"alle lampen uit", "light.turn_off " + allLights}, {"doe overal het licht uit", "light.turn_off " + allLights},
		{"zet alle lichten uit", "light.turn_off " + allLights}, {"doe het licht overal uit", "light.turn_off " + allLights},
		{"doe alle lampen in huis aan", "light.turn_on " + allLights}, {"alle lampen uitdoen", "light.turn_off " + allLights},
		{"alle lampen boven uit", "light.turn_off " + upstairsLights}, {"doe het licht boven uit", "light.turn_off " + upstairsLights},
		{"doe alle lampen in de keuken uit", "light.turn_off kitchen_ceiling kitchen_counter"},
		{"doe alle lampen uit in deze kamer", "light.turn_off kitchen_ceiling kitchen_counter"},
		{"doe het licht uit", "light.turn_off kitchen_ceiling kitchen_counter"},
		{"keuken uit", "light.turn_off kitchen_ceiling kitchen_counter"}, {"de slaapkamer aan", "light.turn_on bed_light bedroom_ceiling"},
		{"zijn alle lampen uit", "Nee, Staande lamp niet"},
		{"doe alle rolluiken dicht", "cover.close_cover kids_room_shutter"}, {"open alle gordijnen", "cover.open_cover living_room_curtains"},
		{"doe alle deuren op slot", "lock.lock back_door front_door"},
		// How things are.
		{"is de staande lamp nog aan", "Ja"}, {"is het licht boven aan", "Nee"}, {"verwijder alle timers", "timer.cancel n p"},
		{"doe hier alle lampen uit", "light.turn_off kitchen_ceiling kitchen_counter"},
		{"zet alle lampen boven op 30 procent", `light.turn_on {"brightness_pct":30} bed_light bedroom_ceiling night_light`},
		{"maak de woonkamer twee graden warmer", `climate.set_temperature {"temperature":23} thermostat`}, {"zet de verwarming op min 5 graden", ""},
		{"zet de muziek zachter", `media_player.volume_set {"volume_level":0.3} kitchen_speaker`},
		{"is het rolluik dicht", "Nee, Kinderkamerrolluik niet"}, {"zijn de rolluiken open", "Ja"}, {"is het rolluik op slot", ""},
		{"is het rolluik in de kinderkamer dicht", "Nee, Kinderkamerrolluik niet"},
		{"zijn alle deuren dicht", "Ja"}, {"welke deuren zijn open", "Geen"}, {"zijn alle deuren op slot", "Nee, Achterdeur niet"},
		{"is de achterdeur dicht", "Ja"}, {"staat de achterdeur open", "Nee"}, {"is de achterdeur op slot", "Nee, die is niet op slot"},
		{"is de voordeur dicht", "Of de deur open is weet ik niet, Voordeur is op slot"}, {"is de voordeur op slot", "Ja"},
		{"is het licht in de woonkamer aan", "Ja, Staande lamp"}, {"zijn de lampen in de woonkamer uit", "Nee, Staande lamp niet"},
		{"is het licht in de keuken aan", "Nee"}, {"brandt er ergens licht", "Ja, Staande lamp"}, {"zijn er boven nog lampen aan", "Nee"},
		{"staat de tv aan", "Ja"}, {"is de tv uit", "Nee, die is aan het spelen"}, {"staat het alarm aan", "Nee, die is uitgeschakeld"},
		{"staat de verwarming aan", "Ja"}, {"draait de wasmachine", "Ja"}, {"is de wasmachine klaar", "Nee, nog niet"},
		{"wat doet de stofzuiger", "Stofzuiger is in het station"}, {"is de garagedeur open", "Nee, die is dicht"},
		{"op hoeveel graden staat de verwarming", "21 graden"}, {"hoe warm is het in de woonkamer", "20,4 graden"},
		{"hoe koud is het buiten", "12,5 graden"}, {"wat voor weer is het", "12,5 graden en gedeeltelijk bewolkt"},
		{"wat speelt er", "Keukenspeaker: Paper Lanterns, TV: zonder titel"},
		// More and less.
		{"zet de verwarming hoger", `climate.set_temperature {"temperature":22} thermostat`},
		{"zet de verwarming twee graden lager", `climate.set_temperature {"temperature":19} thermostat`},
		{"zet de plafondventilator harder", `fan.set_percentage {"percentage":75} ceiling_fan`},
		{"zet de plafondventilator langzamer", `fan.set_percentage {"percentage":25} ceiling_fan`},
		{"zet de plafondventilator op hoog", `fan.set_percentage {"percentage":100} ceiling_fan`},
		{"zet de plafondventilator op laag", `fan.set_percentage {"percentage":25} ceiling_fan`},
		{"zet de afzuiger op stand 2", `fan.set_percentage {"percentage":100} bathroom_fan`},
		{"laat de plafondventilator draaien", "fan.turn_on ceiling_fan"}, {"zet het geluid harder", `media_player.volume_set {"volume_level":0.5} kitchen_speaker`},
		{"dim de staande lamp", `light.turn_on {"brightness_pct":40} living_room_lamp`},
		{"zet het licht in de woonkamer op 40 procent", `light.turn_on {"brightness_pct":40} living_room_ceiling living_room_lamp`},
		// Timers, media, the rest.
		{"zet een pizzatimer van 12 minuten", `timer.start {"name":"pizza","room":"kitchen","seconds":720}`},
		{"zet een pizza timer op 12 minuten", `timer.start {"name":"pizza","room":"kitchen","seconds":720}`},
		{"zet een timer van een uur en een kwartier", `timer.start {"room":"kitchen","seconds":4500}`}, {"timer 5 minuten", `timer.start {"room":"kitchen","seconds":300}`},
		{"hoe lang nog op de pizzatimer", "9 minuten resterend."}, {"hoe lang loopt de pizza timer nog", "9 minuten resterend."}, {"hoe lang loopt de rijsttimer nog", ""},
		{"voeg 2 minuten toe aan de pizzatimer", `timer.increase {"seconds":120} p`}, {"annuleer de pizzatimer", "timer.cancel p"}, {"pauzeer de pizzatimer", "timer.pause p"},
		{"maak me over 20 minuten wakker", `timer.start {"room":"kitchen","seconds":1200}`}, {"doe over een half uur de tv uit", `timer.start {"command":"de tv uit","room":"kitchen","seconds":1800}`},
		{"speel de volgende", "media_player.media_next_track kitchen_speaker"}, {"speel het volgende nummer", "media_player.media_next_track kitchen_speaker"},
		{"volgend liedje", "media_player.media_next_track kitchen_speaker"}, {"geluid uit", `media_player.volume_mute {"is_volume_muted":true} kitchen_speaker`},
		{"zet het alarm uit", "alarm_control_panel.alarm_disarm home_alarm"}, {"zet de sproeier aan", "valve.open_valve sprinkler"},
		{"filmavond", "scene.turn_on movie_night"}, {"haal melk van de boodschappenlijst", `todo.remove_item {"item":"melk"} shopping_list`},
	},
	"de": {
		{"alle Lichter aus", "light.turn_off " + allLights}, {"mach das Licht im ganzen Haus aus", "light.turn_off " + allLights},
		{"Licht überall an", "light.turn_on " + allLights}, {"sind alle Lichter aus", "Nein, Stehlampe ist nicht aus"},
		{"alle Lampen oben aus", "light.turn_off " + upstairsLights},
		{"Küche aus", "light.turn_off kitchen_ceiling kitchen_counter"}, {"Schlafzimmer an", "light.turn_on bed_light bedroom_ceiling"},
		{"alle Rollläden runter", "cover.close_cover kids_room_shutter"}, {"öffne alle Vorhänge", "cover.open_cover living_room_curtains"},
		{"Küchenlicht an", "light.turn_on kitchen_ceiling kitchen_counter"}, {"mach das Küchenlicht aus", "light.turn_off kitchen_ceiling kitchen_counter"},
		{"Küchenlicht auf 40 Prozent", `light.turn_on {"brightness_pct":40} kitchen_ceiling kitchen_counter`},
		{"schalte den Alarm aus", "alarm_control_panel.alarm_disarm home_alarm"}, {"wie voll ist die Batterie der Haustür", "Haustür Batterie: 84 %"},
		{"ist der Rollladen im Kinderzimmer zu", "Nein, Kinderzimmerrollladen ist nicht geschlossen"}, {"ist die Tür zu", "Ja"},
		{"sind die Rollläden unten", "Nein, Kinderzimmerrollladen ist nicht geschlossen"}, {"stell den Thermostat auf minus 5 Grad", ""},
		{"mach es im Wohnzimmer zwei Grad wärmer", `climate.set_temperature {"temperature":23} thermostat`}, {"wie lange läuft die Waschmaschine noch", ""},
		{"dreh die Musik leiser", `media_player.volume_set {"volume_level":0.3} kitchen_speaker`}, {"mach das Küchenlicht rot", `light.turn_on {"color_name":"red"} kitchen_ceiling`},
		{"verriegle alle Türen", "lock.lock back_door front_door"}, {"schließ alle Türen ab", "lock.lock back_door front_door"}, {"schließe alle Türen", ""},
		{"Rollladen im Kinderzimmer halb zu", `cover.set_cover_position {"position":50} kids_room_shutter`},
		{"ist die Hintertür offen", "Nein"}, {"ist die Hintertür zu", "Ja"}, {"ist die Hintertür abgeschlossen", "Nein, aufgeschlossen"},
		{"steht die Haustür offen", "Ob die Tür offen ist, weiß ich nicht, Haustür ist abgeschlossen"},
		{"ist das Licht im Wohnzimmer an", "Ja, Stehlampe"}, {"sind die Lampen im Wohnzimmer aus", "Nein, Stehlampe ist nicht aus"},
		{"brennt irgendwo Licht", "Ja, Stehlampe"}, {"wo brennt noch Licht", "Stehlampe"}, {"ist das Licht in der Küche an", "Nein"},
		{"ist der Fernseher an", "Ja"}, {"ist der Fernseher aus", "Nein, am Spielen"}, {"läuft die Waschmaschine", "Ja"},
		{"ist die Waschmaschine fertig", "Nein, noch nicht"}, {"ist die Heizung an", "Ja"}, {"ist die Alarmanlage scharf", "Nein, unscharf"},
		{"wie ist der Status der Alarmanlage", "Alarmanlage ist unscharf"}, {"was macht der Saugroboter", "Saugroboter ist in der Station"},
		{"auf wie viel Grad steht die Heizung", "21 Grad"}, {"was sind 5 Meilen in Kilometern", "5 Meilen sind 8,0467 Kilometer"},
		{"wie hoch ist die Luftfeuchtigkeit im Schlafzimmer", "41 %"},
		{"stell die Heizung höher", `climate.set_temperature {"temperature":22} thermostat`}, {"stell die Heizung zwei Grad niedriger", `climate.set_temperature {"temperature":19} thermostat`},
		{"dreh die Heizung runter", `climate.set_temperature {"temperature":20} thermostat`}, {"mach die Heizung auf 22 Grad", `climate.set_temperature {"temperature":22} thermostat`},
		{"stell den Deckenventilator auf Stufe 3", `fan.set_percentage {"percentage":75} ceiling_fan`}, {"stell den Deckenventilator auf schnell", `fan.set_percentage {"percentage":100} ceiling_fan`},
		{"mach den Deckenventilator langsamer", `fan.set_percentage {"percentage":25} ceiling_fan`}, {"stell den Deckenventilator auf Stufe 9", ""},
		{"stell das Licht auf 50 Prozent", `light.turn_on {"brightness_pct":50} kitchen_ceiling kitchen_counter`}, {"mach die Stehlampe auf 50 Prozent", `light.turn_on {"brightness_pct":50} living_room_lamp`},
		{"mach das Licht im Wohnzimmer auf 30 Prozent", `light.turn_on {"brightness_pct":30} living_room_ceiling living_room_lamp`}, {"Wohnzimmer auf 40 Prozent", `light.turn_on {"brightness_pct":40} living_room_ceiling living_room_lamp`},
		{"dimme die Stehlampe auf die Hälfte", `light.turn_on {"brightness_pct":50} living_room_lamp`}, {"mach die Stehlampe rot", `light.turn_on {"color_name":"red"} living_room_lamp`},
		{"Schlafzimmer auf 18 Grad", `climate.set_temperature {"temperature":18} bedroom_radiator`}, {"es ist zu dunkel hier", `light.turn_on {"brightness_pct":20} kitchen_ceiling kitchen_counter`},
		{"stell einen Pizza-Timer auf 12 Minuten", `timer.start {"name":"Pizza","room":"kitchen","seconds":720}`}, {"stell einen Pizzatimer auf 12 Minuten", `timer.start {"name":"Pizza","room":"kitchen","seconds":720}`},
		{"starte einen Nudeltimer für 8 Minuten", `timer.start {"name":"Nudel","room":"kitchen","seconds":480}`}, {"weck mich in 20 Minuten", `timer.start {"room":"kitchen","seconds":1200}`},
		{"wie lange läuft der Nudeltimer noch", "5 Minuten verbleiben."}, {"wie lange läuft der Timer Nudeln noch", "5 Minuten verbleiben."}, {"wie lange noch beim Timer Pizza", "9 Minuten verbleiben."}, {"wie lange läuft der Eiertimer noch", ""},
		{"verlängere den Timer Nudeln um 2 Minuten", `timer.increase {"seconds":120} n`}, {"mach den Nudel-Timer 5 Minuten länger", `timer.increase {"seconds":300} n`}, {"stopp den Timer Nudeln", "timer.cancel n"}, {"pausiere den Pizzatimer", "timer.pause p"},
		{"sag mir in 5 Minuten Bescheid", `timer.start {"room":"kitchen","seconds":300}`}, {"was läuft", "Küchenlautsprecher: Paper Lanterns, Fernseher: ohne Titel"},
		{"Alarmanlage aus", "alarm_control_panel.alarm_disarm home_alarm"}, {"schalte den Rasensprenger ein", "valve.open_valve sprinkler"}, {"starte Filmabend", "scene.turn_on movie_night"},
		{"hak Brot auf der Einkaufsliste ab", `todo.update_item {"item":"Brot","status":"completed"} shopping_list`}, {"schick den Saugroboter nach Hause", "vacuum.return_to_base robot_vacuum"},
	},
}

// doneAndTold is the first reading that the home can carry out: its calls with their data, those of a kind together, or
// its answer.
func doneAndTold(l *intent.Language, results []intent.Result, in command.Input) string {
	for _, r := range results {
		cmd, err := command.Build(r, in)
		if err != nil {
			continue
		}
		if cmd.As != nil {
			r = *cmd.As
		}
		objects := map[string][]string{}
		for _, c := range cmd.Calls {
			does := c.Name()
			if len(c.Data) > 0 {
				data, _ := json.Marshal(c.Data)
				does += " " + string(data)
			}
			_, object, _ := strings.Cut(string(c.Entity), ".")
			objects[does] = append(objects[does], object)
		}
		var did []string
		for does, to := range objects {
			slices.Sort(to)
			did = append(did, strings.TrimSpace(fmt.Sprint(does, " ", strings.Join(to, " "))))
		}
		slices.Sort(did)
		if len(did) == 0 {
			said, _ := l.Respond(r, cmd.Answer)
			return strings.Join(strings.Fields(said), " ")
		}
		return strings.Join(did, ", ")
	}
	return ""
}

// A hyphen that joins a name to what it names is no part of it, and what is not there is said in the language.
func TestGermanicReplies(t *testing.T) {
	house := calledThere(germanNames)
	l := supplementedLanguage(t, "de")
	h := l.Home(namesOf(house))
	r := h.Recognize("stell einen Pizza-Timer auf 12 Minuten", intent.Where{})[0]
	cmd, err := command.Build(r, command.Input{Home: house})
	if err != nil || cmd.As == nil {
		t.Fatalf("%v, %v", cmd, err)
	}
	if reply, err := l.Respond(*cmd.As, cmd.Answer); err != nil || reply != "Timer namens Pizza für 12 Minuten gestartet" {
		t.Errorf("%q, %v", reply, err)
	}
	if r := h.Recognize("wecke mich in einer halben Stunde", intent.Where{})[0]; r.Response != "later" {
		t.Errorf("%+v", r)
	} else if reply, err := l.Respond(r, intent.ResponseData{}); err != nil || reply != "Ich melde mich in einer halben Stunde" {
		t.Errorf("%q, %v", reply, err)
	}
	for language, want := range map[string]string{"de": "Es läuft gerade nichts", "nl": "Er speelt nu niets"} {
		if got := supplementedLanguage(t, language).Apology("entity_wrong_state", map[string]any{"state": "playing"}); got != want {
			t.Errorf("%s: %q, want %q", language, got, want)
		}
	}
	for _, said := range []string{"stell den Thermostat auf minus 5 Grad", "stell den Thermostat auf minus fünf Grad", "mach die Heizung auf 80 Grad"} {
		beyond := (*command.RangeError)(nil)
		if _, err := command.Build(h.Recognize(said, intent.Where{})[0], command.Input{Home: house}); !errors.As(err, &beyond) {
			t.Errorf("%q: %v", said, err)
		}
	}
	dutch := supplementedLanguage(t, "nl")
	for said, language := range map[string]*intent.Language{"spiel weiter": l, "spiele weiter": l, "weiter": l, "mach die Musik an": l, "speel verder": dutch, "ga verder": dutch, "zet de muziek aan": dutch} {
		if r := language.Home(intent.Names{}).Recognize(said, intent.Where{Area: "kitchen"}); len(r) == 0 || r[0].Intent != "HassMediaUnpause" {
			t.Errorf("%q is %v", said, r)
		}
	}
	h = dutch.Home(namesOf(calledThere(dutchNames)))
	if reply, err := dutch.Respond(h.Recognize("open de jaloezie in de slaapkamer", intent.Where{})[0], intent.ResponseData{}); err != nil || reply != "Jaloezie geopend" {
		t.Errorf("%q, %v", reply, err)
	}
}

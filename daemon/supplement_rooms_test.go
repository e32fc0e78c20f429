package daemon

import (
	"strings"
	"testing"
	"time"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/intent"
)

// TestThingsByTheirRoom says in the simulated house what people call by its room and kind: which calls come of it, or
// what is answered.
func TestThingsByTheirRoom(t *testing.T) {
	house := demo.New().Snapshot()
	english := supplementedLanguage(t, "en")
	language := english.Home(namesOf(house))
	in := command.Input{Home: house, Room: "kitchen", Now: time.Date(2026, 11, 28, 15, 0, 0, 0, time.UTC)}
	recognise := func(s string) []intent.Result { return language.Recognize(s, intent.Where{Area: in.Room}) }
	for said, want := range map[string]string{
		"lock the hallway lock":                           "lock.lock front_door",
		"please lock the locks in the kitchen":            "lock.lock back_door",
		"unlock the hallway front door":                   "lock.unlock front_door",
		"unlock the bathroom lock":                        "", // there is none
		"open the garden valve":                           "valve.open_valve sprinkler",
		"shut the valve in the utility room":              "valve.close_valve main_water",
		"open the sprinkler valve":                        "valve.open_valve sprinkler",
		"close the kids room shutters":                    "cover.close_cover kids_room_shutter",
		"close the kids room kids room shutter":           "cover.close_cover kids_room_shutter",
		"open the bathroom garage door":                   "", // it is elsewhere
		"turn on the plug in the office":                  "switch.turn_on printer",
		"turn off the bathroom outlet":                    "", // a towel heater is none
		"is the office plug on":                           "No",
		"run the living room vacuum cleaner":              "vacuum.start robot_vacuum",
		"start the robot in the living room":              "vacuum.clean_area robot_vacuum",
		"start the vacuum in the garage":                  "vacuum.clean_area robot_vacuum", // it is sent there
		"send the robot vacuum back to its dock":          "vacuum.return_to_base robot_vacuum",
		"return the living room robot to the charger":     "vacuum.return_to_base robot_vacuum",
		"put the car into the garage on my to-do list":    "todo.add_item chores",
		"add wash the car to my chores":                   "todo.add_item chores",
		"put oat milk on the shopping list":               "todo.add_item shopping_list",
		"add wash the car to my chores todo list":         "todo.add_item chores",
		"how charged is the front door":                   "Front Door Battery: 84%",
		"what's the front door battery level":             "Front Door Battery: 84%",
		"is the front door battery empty":                 "No, Front Door Battery is at 84%",
		"what is the battery level of the kitchen window": "", // it tells none
		"is the main water running":                       "Yes",
		"is the sprinkler on":                             "No, closed",
		"is the kitchen player playing or paused":         "Kitchen Speaker is playing",
		"is the player in the bedroom off":                "Bedroom Speaker is idle",
		"how cold is it outside":                          "12.5 °C and partly cloudy",
		"please tell me the outside temperature":          "12.5 °C and partly cloudy",
		"please tell me the time":                         "3:00 PM",
		"please tell me, is the sprinkler on":             "No, closed",
		"please tell me what's playing":                   "Paper Lanterns, on Kitchen Speaker",
		"is it sunny or cloudy":                           "12.5 °C and partly cloudy",
		"is anyone coming to visit":                       "",
		"who is on my shopping list to be called":         "",
	} {
		if got := doneOrSaid(english, command.Sensible(recognise(said), house, func(string) command.Sense { return command.Plain }), in); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}

// doneOrSaid is the first reading that the home can carry out: its calls, or its answer.
func doneOrSaid(l *intent.Language, results []intent.Result, in command.Input) string {
	for _, r := range results {
		cmd, err := command.Build(r, in)
		if err != nil {
			continue
		}
		var calls []string
		for _, c := range cmd.Calls {
			_, object, _ := strings.Cut(string(c.Entity), ".")
			calls = append(calls, c.Name()+" "+object)
		}
		if cmd.Fetch != nil && len(calls) == 0 {
			_, object, _ := strings.Cut(string(cmd.Fetch.Calls[0].Entity), ".")
			return cmd.Fetch.Calls[0].Service + " " + object
		}
		if len(calls) == 0 {
			if cmd.As != nil {
				r = *cmd.As
			}
			said, _ := l.Respond(r, cmd.Answer)
			return strings.Join(strings.Fields(said), " ")
		}
		return strings.Join(calls, ", ")
	}
	return ""
}

// Each language tells how full a battery is and knows the list of tasks.
func TestBatteriesAndTasks(t *testing.T) {
	house := home.NewSnapshot([]home.Entity{
		{ID: "sensor.b", Name: "Velux Batterie", DeviceClass: "battery", State: "12", Exposed: true},
		{ID: "cover.velux", Name: "Velux", State: "open", Exposed: true},
		{ID: "todo.shopping_list", Name: "Liste", State: "0", Exposed: true},
		{ID: "todo.own", Name: "Anna", State: "2", Exposed: true},
	}, nil, nil)
	in := command.Input{Home: house, Now: time.Date(2026, 11, 28, 15, 0, 0, 0, time.UTC)}
	for language, cases := range map[string][]struct{ said, want string }{
		"en": {{"how full is the battery of velux", "Velux Batterie: 12%"}, {"is velux low", "Yes, Velux Batterie is at 12%"}, {"add dusting to my chores", "todo.add_item own"}, {"how many tasks do i have", "get_items own"}},
		"de": {{"wie voll ist die Batterie von Velux", "Velux Batterie: 12 %"}, {"ist der Akku vom Velux leer", "Ja, Velux Batterie: 12 %"}, {"füge Staubwischen zu meinen Aufgaben hinzu", "todo.add_item own"}, {"welche Aufgaben stehen an", "get_items own"}},
		"fr": {{"quel est le niveau de batterie de Velux", "Velux Batterie : 12 %"}, {"est-ce que la batterie du Velux est faible", "Oui, Velux Batterie : 12 %"}, {"ajoute ménage à ma liste de tâches", "todo.add_item own"}, {"combien de tâches ai-je", "get_items own"}},
		"es": {{"cuánta batería tiene el Velux", "Velux Batterie: 12 %"}, {"está la batería del Velux baja", "Sí, Velux Batterie: 12 %"}, {"añade limpiar a mis tareas", "todo.add_item own"}, {"cuántas tareas tengo", "get_items own"}},
		"nl": {{"hoe vol is de batterij van de Velux", "Velux Batterie: 12 %"}, {"is de batterij van Velux bijna leeg", "Ja, Velux Batterie: 12 %"}, {"zet afwassen op mijn takenlijst", "todo.add_item own"}, {"wat staat er op mijn takenlijst", "get_items own"}},
	} {
		l := supplementedLanguage(t, language)
		h := l.Home(namesOf(house))
		for _, c := range cases {
			if got := doneOrSaid(l, h.Recognize(c.said, intent.Where{}), in); got != c.want {
				t.Errorf("%s: %q: %q, want %q", language, c.said, got, c.want)
			}
		}
	}
}

// "Please tell me" is said before a question, and "please" before what is published as "tell me ...".
func TestPleaseTellMe(t *testing.T) {
	names := deviceNames()
	names.Entities = append(names.Entities, intent.Name{ID: "sensor.o", Names: []string{"Outside Temperature"}, Context: map[string]string{"domain": "sensor"}})
	h := supplementedLanguage(t, "en").Home(names)
	for said, want := range map[string]string{"please tell me the outside temperature": "sensor.o", "please tell me, is the x siren on": "siren.x"} {
		results := h.Recognize(said, intent.Where{})
		if len(results) == 0 || results[0].Intent != "HassGetState" || strings.Join(results[0].Slots["name"].IDs, " ") != want {
			t.Errorf("%q: %+v", said, results)
		}
	}
}

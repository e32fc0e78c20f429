package daemon

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/intent"
)

// romanceHouse is the simulated house, whose kitchen speaker plays and whose front door is locked, as it is called in
// French and Spanish.
func romanceHouse() *home.Snapshot {
	called := map[string][]string{
		"light.living_room_lamp": {"lampadaire", "lámpara de pie"}, "switch.coffee_maker": {"cafetière", "cafetera"},
		"switch.washing_machine": {"machine à laver", "lavadora"}, "climate.thermostat": {"chauffage", "calefacción"},
		"vacuum.robot_vacuum": {"aspirateur", "aspiradora"}, "media_player.tv": {"télé", "tele"},
		"input_boolean.guest_mode": {"mode invité", "modo invitados"}, "lock.front_door": {"porte d'entrée", "puerta principal"},
		"alarm_control_panel.home_alarm": {"alarme", "alarma"}, "todo.shopping_list": {"liste de courses", "lista de la compra"},
		"kitchen": {"cuisine", "cocina"}, "living_room": {"salon", "salón"}, "bedroom": {"chambre", "dormitorio"},
		"ground": {"rez-de-chaussée", "planta baja"},
	}
	s := demo.New().Snapshot()
	entities, areas, floors := slices.Clone(s.Entities), slices.Clone(s.Areas), slices.Clone(s.Floors)
	for i, e := range entities {
		entities[i].Aliases = slices.Concat(e.Aliases, called[string(e.ID)])
		if e.ID == "media_player.kitchen_speaker" {
			entities[i].State = "playing"
		}
	}
	for i, a := range areas {
		areas[i].Aliases = slices.Concat(a.Aliases, called[a.ID])
	}
	for i, f := range floors {
		floors[i].Aliases = slices.Concat(f.Aliases, called[f.ID])
	}
	return home.NewSnapshot(entities, areas, floors)
}

// TestRomanceSentences says in French and Spanish what people say every day, in the kitchen of the simulated house: what
// is done, or what is answered; "" is for what is not understood.
func TestRomanceSentences(t *testing.T) {
	house := romanceHouse()
	in := command.Input{Home: house, Room: "kitchen", Now: time.Date(2026, 11, 28, 15, 0, 0, 0, time.UTC), Timers: []command.Timer{
		{ID: "p", Kind: command.Countdown, Name: "pizza", Length: time.Hour, Left: time.Hour},
		{ID: "x", Kind: command.Countdown, Length: time.Minute, Left: time.Minute},
	}}
	for language, cases := range romanceSentences {
		l := supplementedLanguage(t, language)
		h := l.Home(namesOf(house))
		recognise := func(s string) []intent.Result { return h.Recognize(s, intent.Where{Area: in.Room}) }
		for said, want := range cases {
			results := command.Sensible(recognise(said), house, func(s string) command.Sense { return command.SenseOf(recognise(s)) })
			if got := deedOrReply(l, results, in); got != want {
				t.Errorf("%s: %q: %q, want %q", language, said, got, want)
			}
		}
	}
}

// deedOrReply is the first reading that the home can carry out: the calls that are alike once, or the answer.
func deedOrReply(l *intent.Language, results []intent.Result, in command.Input) string {
	for _, r := range results {
		cmd, err := command.Build(r, in)
		if err != nil {
			continue
		}
		if cmd.As != nil {
			r = *cmd.As
		}
		var deeds, things []string
		for _, c := range cmd.Calls {
			data := ""
			if len(c.Data) > 0 {
				text, _ := json.Marshal(c.Data)
				data = " " + strings.ReplaceAll(string(text), `"`, "")
			}
			if deed := c.Name() + data; !slices.Contains(deeds, deed) {
				deeds = append(deeds, deed)
			}
			_, thing, _ := strings.Cut(string(c.Entity), ".")
			things = append(things, thing)
		}
		if len(deeds) == 0 {
			said, _ := l.Respond(r, cmd.Answer)
			return strings.Join(strings.Fields(said), " ")
		}
		if len(things) > 3 {
			things = []string{"many"}
		}
		return strings.TrimSpace(strings.Join(deeds, ", ") + " " + strings.Join(things, " "))
	}
	return ""
}

var romanceSentences = map[string]map[string]string{
	"fr": {
		"mets la lumière":                                 "light.turn_on kitchen_ceiling kitchen_counter",
		"mets les lumières du salon":                      "light.turn_on living_room_ceiling living_room_lamp",
		"mets le lampadaire":                              "light.turn_on living_room_lamp",
		"mets le lampadaire plus fort":                    "light.turn_on {brightness_pct:20} living_room_lamp",
		"mets la lumière du salon plus fort":              "light.turn_on {brightness_pct:20} living_room_ceiling living_room_lamp",
		"mets la lumière à fond":                          "light.turn_on {brightness_pct:100} kitchen_ceiling kitchen_counter",
		"mets la lumière à 30":                            "light.turn_on {brightness_pct:30} kitchen_ceiling kitchen_counter",
		"mets le chauffage plus fort":                     "climate.set_temperature {temperature:22} thermostat",
		"mets le chauffage à 20":                          "climate.set_temperature {temperature:20} thermostat",
		"mets le chauffage à 21 degrés et demi":           "climate.set_temperature {temperature:21.5} thermostat",
		"mets 19 degrés dans la chambre":                  "climate.set_temperature {temperature:19} bedroom_radiator",
		"mets le volume à 30":                             "media_player.volume_set {volume_level:0.3} kitchen_speaker",
		"mets le son plus fort":                           "media_player.volume_up kitchen_speaker",
		"mets pause":                                      "media_player.media_pause kitchen_speaker",
		"stop":                                            "media_player.media_pause kitchen_speaker",
		"mets la télé":                                    "media_player.turn_on tv",
		"mets le mode invité":                             "input_boolean.turn_on guest_mode",
		"mets en marche la cafetière":                     "switch.turn_on coffee_maker",
		"mets l'aspirateur en marche":                     "vacuum.start robot_vacuum",
		"mets l'alarme en mode nuit":                      "alarm_control_panel.alarm_arm_night home_alarm",
		"mets-moi du jazz":                                "media_player.play_media kitchen_speaker",
		"mets la porte du garage":                         "",
		"lance une minuterie de 10 minutes":               "timer.start {room:kitchen,seconds:600}",
		"mets un minuteur pâtes de 8 minutes":             "timer.start {name:pâtes,room:kitchen,seconds:480}",
		"lance un minuteur d'une heure et quart":          "timer.start {room:kitchen,seconds:4500}",
		"mets le minuteur pizza en pause":                 "timer.pause p",
		"annule le minuteur de la pizza":                  "timer.cancel p",
		"ajoute 2 minutes au minuteur pizza":              "timer.increase {seconds:120} p",
		"éteins toutes les lumières":                      "light.turn_off many",
		"éteins les lumières":                             "light.turn_off kitchen_ceiling kitchen_counter",
		"toutes les lumières éteintes":                    "light.turn_off many",
		"toutes les lumières sont éteintes":               "Oui",
		"monte le chauffage":                              "climate.set_temperature {temperature:22} thermostat",
		"baisse le chauffage de deux degrés":              "climate.set_temperature {temperature:19} thermostat",
		"ferme la porte d'entrée à clé":                   "lock.lock front_door",
		"verrouille toutes les portes":                    "lock.lock back_door front_door",
		"ouvre les stores de la chambre à moitié":         "cover.set_cover_position {position:50} bedroom_blinds",
		"enlève le lait de la liste de courses":           "todo.remove_item {item:lait} shopping_list",
		"coche les œufs sur la liste de courses":          "todo.update_item {item:œufs,status:completed} shopping_list",
		"est-ce que la lumière de la cuisine est allumée": "Non",
		"est-ce que la télé est allumée":                  "Non",
		"est-ce que l'alarme est activée":                 "Non",
		"est-ce qu'une fenêtre est ouverte":               "Oui, Bedroom Window",
		"est-ce que la machine à laver a fini":            "Non, pas encore",
		"est-ce que la porte d'entrée est fermée":         "Je ne sais pas si la porte est ouverte : Front Door est en position verrouillée",
		"que fait l'aspirateur":                           "Aspirateur est à sa base",
		"pourrais-tu allumer le lampadaire s'il te plait": "light.turn_on living_room_lamp",
		"merci beaucoup":                                  "Je vous en prie.",
	},
	"es": {
		"pon la luz":                                     "light.turn_on kitchen_ceiling kitchen_counter",
		"pon la luz del salón":                           "light.turn_on living_room_ceiling living_room_lamp",
		"pon la luz del salón más fuerte":                "light.turn_on {brightness_pct:20} living_room_ceiling living_room_lamp",
		"pon la lámpara de pie más fuerte":               "light.turn_on {brightness_pct:20} living_room_lamp",
		"pon la tele":                                    "media_player.turn_on tv",
		"pon la lavadora":                                "switch.turn_on washing_machine",
		"pon el modo invitados":                          "input_boolean.turn_on guest_mode",
		"pon en marcha la aspiradora":                    "vacuum.start robot_vacuum",
		"pon la calefacción":                             "climate.turn_on thermostat",
		"pon la calefacción más alta":                    "climate.set_temperature {temperature:22} thermostat",
		"pon la calefacción a 21 grados y medio":         "climate.set_temperature {temperature:21.5} thermostat",
		"pon el dormitorio a 19 grados":                  "climate.set_temperature {temperature:19} bedroom_radiator",
		"pon 19 grados en el dormitorio":                 "climate.set_temperature {temperature:19} bedroom_radiator",
		"pon el volumen al máximo":                       "media_player.volume_set {volume_level:1} kitchen_speaker",
		"pon la música en pausa":                         "media_player.media_pause kitchen_speaker",
		"pon la siguiente canción":                       "media_player.media_next_track kitchen_speaker",
		"pon la alarma en modo noche":                    "alarm_control_panel.alarm_arm_night home_alarm",
		"pon la puerta del garaje":                       "",
		"pon una canción":                                "media_player.play_media kitchen_speaker",
		"pon el despertador a las 6":                     "timer.start {at:2026-11-29T06:00,kind:alarm,room:kitchen}",
		"pon un temporizador de 8 minutos para la pasta": "timer.start {name:pasta,room:kitchen,seconds:480}",
		"pausa el temporizador de la pizza":              "timer.pause p",
		"cancela el temporizador de la pizza":            "timer.cancel p",
		"añade 2 minutos al temporizador de la pizza":    "timer.increase {seconds:120} p",
		"cuánto queda para la pizza":                     "Le quedan 1 hora.",
		"apaga todas las luces de la planta baja":        "light.turn_off many",
		"todas las luces apagadas":                       "light.turn_off many",
		"están todas las luces apagadas":                 "Sí",
		"sube las persianas":                             "cover.open_cover bedroom_blinds kids_room_shutter",
		"baja la calefacción dos grados":                 "climate.set_temperature {temperature:19} thermostat",
		"cierra la puerta principal con llave":           "lock.lock front_door",
		"bloquea todas las puertas":                      "lock.lock back_door front_door",
		"quita la leche de la lista de la compra":        "todo.update_item {item:leche,status:completed} shopping_list",
		"añade la leche a la lista de la compra":         "todo.add_item {item:leche} shopping_list",
		"están todas las puertas cerradas":               "Sí",
		"están todas las puertas bloqueadas":             "No, el dispositivo Back Door no tiene ese estado",
		"está cerrada la puerta principal":               "No sé si la puerta está abierta: Front Door tiene el cierre echado",
		"está encendida la luz de la cocina":             "No",
		"está encendida la cafetera":                     "No, está en estado apagado",
		"está la tele encendida":                         "No, está en estado apagado",
		"está activada la alarma":                        "No, está en estado desarmado",
		"ha terminado la lavadora":                       "No, todavía no",
		"qué hace la aspiradora":                         "Aspiradora está en su base",
		"muchas gracias":                                 "De nada.",
		"avísame cuando termine la lavadora":             "timer.start {entity:switch.washing_machine,kind:condition,room:kitchen,state:done}",
	},
}

package intent

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// household is a home of n entities as people name them: several words, most of them beginning with a room,
// some with a number, an alias or letters that are not Latin. The same n gives the same home.
func household(n int) Names {
	rooms := []string{
		"Kitchen", "Living room", "Dining room", "Master bedroom", "Guest bedroom", "Kids' bedroom", "Anna's room", "Office",
		"Bathroom", "Guest bathroom", "Hallway", "Upstairs hallway", "Staircase", "Attic", "Basement", "Laundry room", "Pantry",
		"Garage", "Workshop", "Garden", "Front porch", "Back porch", "Balcony", "Driveway", "Greenhouse", "Pool house",
		"Küche", "Wohnzimmer", "Entrée", "Salón", "Κουζίνα", "Спальня", "Детская комната", "キッチン", "リビング", "客厅", "주방",
		"غرفة النوم", "מטבח", "रसोईघर", "ห้องนอน",
	}
	things := []struct{ domain, name string }{
		{"light", "ceiling light"}, {"light", "floor lamp"}, {"light", "reading lamp"}, {"light", "LED strip"}, {"light", "spots"},
		{"light", "night light"}, {"switch", "outlet"}, {"switch", "coffee maker"}, {"switch", "dehumidifier"}, {"cover", "blind"},
		{"cover", "curtains"}, {"cover", "roller shutter"}, {"fan", "fan"}, {"fan", "ceiling fan"}, {"climate", "thermostat"},
		{"climate", "air conditioner"}, {"media_player", "speaker"}, {"media_player", "TV"}, {"sensor", "temperature"},
		{"sensor", "humidity"}, {"sensor", "power meter"}, {"binary_sensor", "motion sensor"}, {"binary_sensor", "window"},
		{"lock", "door lock"}, {"vacuum", "vacuum"}, {"scene", "movie night"}, {"script", "good night routine"}, {"valve", "sprinkler"},
	}
	sides := []string{"", " left", " right", " 1", " 2", " by the window", " above the table", " north", " 10", " 21"}

	names := Names{Floors: []Name{{ID: "ground", Names: []string{"Ground floor", "downstairs"}}, {ID: "first", Names: []string{"First floor"}}}}
	for _, room := range rooms {
		names.Areas = append(names.Areas, Name{ID: strings.ToLower(room), Names: []string{room}})
	}
	kinds := len(rooms) * len(things)
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	for i, k := range rng.Perm(max(n, kinds*len(sides)))[:n] {
		room, thing := rooms[k%len(rooms)], things[k/len(rooms)%len(things)]
		texts := []string{room + " " + thing.name + sides[k/kinds%len(sides)]}
		if i%7 == 0 {
			texts = append(texts, fmt.Sprintf("%s of %s", thing.name, room))
		}
		names.Entities = append(names.Entities, Name{
			ID: fmt.Sprintf("%s.e%d", thing.domain, k), Names: texts, Context: map[string]string{"domain": thing.domain},
		})
	}
	return names
}

// saidTo are n different sentences said to a home: commands and questions with its names, or, if matched is
// false, with names that it almost has, and talk that is meant for nobody.
func saidTo(names Names, n int, matched bool) []string {
	rng := rand.New(rand.NewPCG(2, uint64(n)))
	asked := map[string][]string{
		"light":   {"turn on the %s", "turn off %s", "please switch the %s on", "set the %s brightness to %d percent", "make the %s red"},
		"switch":  {"turn on the %s", "could you turn the %s off", "is the %s on"},
		"cover":   {"open the %s", "close %s", "set the %s to %d percent", "is the %s open"},
		"fan":     {"turn on the %s", "set %s speed to %d percent"},
		"climate": {"set the %s temperature to %d degrees", "what is the temperature of the %s"},
		"sensor":  {"what is the %s", "what's the value of %s"},
		"lock":    {"lock the %s", "is the %s locked"},
	}
	general := []string{
		"turn on the lights in the %s", "how many lights are on in the %s", "set a timer for %d minutes", "add oat milk %d to my shopping list",
		"close all the blinds in the %s", "what is the temperature in the %s",
	}
	chatter := []string{
		"I was thinking about what we could have for dinner on the %dth", "turn the page %d of that book over please",
		"did you see how they set the record for %d miles", "he will be there in about %d minutes if the train is on time",
	}
	seen := map[string]bool{}
	var all []string
	add := func(text string) {
		if !seen[text] {
			seen[text], all = true, append(all, text)
		}
	}
	for len(all) < n {
		e := names.Entities[rng.IntN(len(names.Entities))]
		area := names.Areas[rng.IntN(len(names.Areas))].Names[0]
		pick := general
		said, domain := area, e.Context["domain"]
		if patterns := asked[domain]; patterns != nil && rng.IntN(5) > 0 {
			pick, said = patterns, e.Names[rng.IntN(len(e.Names))]
		}
		if !matched {
			runes := []rune(said)
			said = string(runes[:len(runes)-1]) + "ix"
			if rng.IntN(3) == 0 {
				pick = chatter
			}
		}
		pattern := pick[rng.IntN(len(pick))]
		pattern = strings.ReplaceAll(pattern, "%s", said)
		add(strings.ReplaceAll(pattern, "%d", fmt.Sprint(5+rng.IntN(90))))
	}
	return all
}

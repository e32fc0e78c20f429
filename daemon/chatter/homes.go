package chatter

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// A Home is one to say sentences in.
type Home struct {
	Name     string              `json:"name"`
	Rooms    []string            `json:"rooms"`
	Floors   []string            `json:"floors"`
	Entities map[string][]string `json:"entities"` // names by domain
}

//go:embed homes.json
var homes []byte

// Homes are those of a language: one with ordinary names, and one whose names are words that every text is
// full of. A language that has none of its own is given those of English.
func Homes(language string) ([]Home, error) {
	var all map[string][]Home
	if err := json.Unmarshal(homes, &all); err != nil {
		return nil, fmt.Errorf("read the homes of chatter: %w", err)
	}
	if own, ok := all[language]; ok {
		return own, nil
	}
	return all["en"], nil
}

func (h Home) names() (names intent.Names) {
	for _, room := range h.Rooms {
		names.Areas = append(names.Areas, intent.Name{ID: room, Names: []string{room}})
	}
	for _, floor := range h.Floors {
		names.Floors = append(names.Floors, intent.Name{ID: floor, Names: []string{floor}})
	}
	for _, domain := range slices.Sorted(maps.Keys(h.Entities)) {
		for i, name := range h.Entities[domain] {
			names.Entities = append(names.Entities, intent.Name{
				ID: entityID(domain, i), Names: []string{name}, Context: map[string]string{"domain": domain},
			})
		}
	}
	return names
}

// entityID numbers the devices of a domain. The first list is the one for shopping.
func entityID(domain string, n int) string {
	if domain == "todo" && n == 0 {
		return "todo.shopping_list"
	}
	return fmt.Sprintf("%s.n%d", domain, n)
}

// room is where the speaker stands.
func (h Home) room() string { return h.Rooms[0] }

// snapshot has every device in the speaker's room, able to do all that its kind can, and one player that
// plays: the home that is easiest to act in.
func (h Home) snapshot() *home.Snapshot {
	var areas []home.Area
	for _, room := range h.Rooms {
		areas = append(areas, home.Area{ID: room, Name: room})
	}
	var floors []home.Floor
	for _, floor := range h.Floors {
		floors = append(floors, home.Floor{ID: floor, Name: floor})
	}
	var entities []home.Entity
	for domain, list := range h.Entities {
		for i, name := range list {
			e := home.Entity{ID: home.EntityID(entityID(domain, i)), Name: name, Area: h.room(), State: "off", Exposed: true}
			if domain == "media_player" && i == 0 {
				e.State = "playing"
			}
			entities = append(entities, e)
		}
	}
	return home.NewSnapshot(entities, areas, floors)
}

// timers are one that runs, to be stopped or changed by mistake.
var timers = []command.Timer{{ID: "1", Kind: command.Countdown, Name: "egg", Length: 10 * time.Minute, Left: 5 * time.Minute}}

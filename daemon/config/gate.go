package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"
)

// actionable are the domains that a call can change, each with its device classes where Home Assistant
// names them. A word outside it in a setting of the gate would protect nothing, so it is a fault.
// Source: https://developers.home-assistant.io/docs/core/entity
var actionable = map[string][]string{
	"alarm_control_panel": nil,
	"automation":          nil,
	"button":              {"identify", "restart", "update"},
	"climate":             nil,
	"cover": {"awning", "blind", "curtain", "damper", "door", "garage", "gate", "shade", "shutter",
		"window"},
	"fan":           nil,
	"humidifier":    {"dehumidifier", "humidifier"},
	"input_boolean": nil,
	"input_button":  nil,
	"input_number":  nil,
	"input_select":  nil,
	"lawn_mower":    nil,
	"light":         nil,
	"lock":          nil,
	"media_player":  {"receiver", "speaker", "tv"},
	"number":        nil,
	"scene":         nil,
	"script":        nil,
	"select":        nil,
	"siren":         nil,
	"switch":        {"outlet", "switch"},
	"todo":          nil,
	"vacuum":        nil,
	"valve":         {"gas", "water"},
	"water_heater":  nil,
}

// gate checks what the safety gate is told.
func (k *checker) gate() {
	g := k.config.Gate
	k.targets("gate.critical", g.Critical)
	k.targets("gate.pin_for", g.PINFor)
	for i, service := range g.Harmless {
		k.matches(fmt.Sprintf("gate.harmless[%d]", i), service, dotted, "a service such as lock.lock, or a script such as script.good_night")
	}
	if len(g.PINFor) > 0 && g.PINFile == "" {
		k.fault("gate.pin_file", "", "is empty although gate.pin_for is set", "the path of a file with the PIN")
	}
	k.people()
	for i, rule := range g.Rules {
		k.rule(fmt.Sprintf("gate.rules[%d]", i), rule)
	}
}

func (k *checker) targets(field string, targets []string) {
	for i, target := range targets {
		k.target(fmt.Sprintf("%s[%d]", field, i), target)
	}
}

var (
	dotted  = regexp.MustCompile(`^[a-z0-9_]+\.[a-z0-9_]+$`)
	pattern = regexp.MustCompile(`^[a-z0-9_*]+(\.[a-z0-9_*]+)?$`)
	word    = regexp.MustCompile(`^[a-z]+$`)
)

// target wants a domain, or a domain and a device class, an entity or a service of it. Only the domain's classes
// are known here: a word that differs from one by a letter is taken for that one, misspelt.
func (k *checker) target(field, value string) {
	domain, rest, isDotted := strings.Cut(value, ".")
	classes, known := actionable[domain]
	known = known || isDotted && strings.Contains(domain, "*")
	switch {
	case !known, !pattern.MatchString(value):
		k.fault(field, value, "names no domain that can be acted on", suggest(domain, slices.Sorted(maps.Keys(actionable))))
	case word.MatchString(rest) && slices.ContainsFunc(classes, func(c string) bool { return levenshtein.ComputeDistance(rest, c) == 1 }):
		k.fault(field, value, "names no device class of "+domain, suggest(rest, classes))
	}
}

func (k *checker) people() {
	names, users := map[string]bool{}, map[string]bool{}
	for i, p := range k.config.People {
		field := fmt.Sprintf("people[%d]", i)
		k.matches(field+".name", p.Name, personName, "a name without / and spaces around it, of at most 40 characters")
		k.matches(field+".user", p.User, userName, "the name or number of a Unix account")
		if names[p.Name] || users[p.User] {
			k.fault(field, p.Name, "is there twice, by name or user", "each person and each user once")
		}
		names[p.Name], users[p.User] = true, true
	}
}

var (
	personName = regexp.MustCompile(`^[\pL\pN]([\pL\pM\pN '._-]{0,38}[\pL\pM\pN.])?$`)
	userName   = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\$?$`)
)

func (k *checker) rule(field string, r Rule) {
	set := 0
	for name, targets := range map[string][]string{"allow": r.Allow, "confirm": r.Confirm, "pin": r.PIN, "deny": r.Deny} {
		k.targets(field+"."+name, targets)
		if len(targets) > 0 {
			set++
		}
	}
	if set != 1 {
		k.fault(field, "", fmt.Sprintf("has %d of allow, confirm, pin and deny", set), "one of them, with what it is for")
	}
	if len(r.PIN) > 0 && k.config.Gate.PINFile == "" {
		k.fault(field+".pin", "", "wants a PIN, and gate.pin_file is empty", "the path of a file with the PIN in gate.pin_file")
	}
	for i, room := range r.Rooms {
		k.matches(fmt.Sprintf("%s.rooms[%d]", field, i), room, identifier, "an area ID such as living_room")
	}
	for i, person := range r.People {
		if !slices.ContainsFunc(k.config.People, func(p Person) bool { return p.Name == person }) {
			k.fault(fmt.Sprintf("%s.people[%d]", field, i), person, "is nobody in people", "the name of one of people")
		}
	}
	if _, _, ok := ParseHours(r.Hours); !ok && r.Hours != "" {
		k.fault(field+".hours", r.Hours, "is no part of a day", "two different times such as 22:00-06:00")
	}
}

var span = regexp.MustCompile(`^([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])$`)

// ParseHours reads a part of the day, "22:00-06:00", as two times since midnight. It ends before the second, which
// may be 24:00, and goes past midnight when that is the earlier one.
func ParseHours(text string) (from, to time.Duration, ok bool) {
	m := span.FindStringSubmatch(text)
	if m == nil {
		return 0, 0, false
	}
	from, to = clock(m[1], m[2]), clock(m[3], m[4])
	return from, to, from != to && to <= 24*time.Hour
}

func clock(hour, minute string) time.Duration {
	h, _ := strconv.Atoi(hour) // the expression has seen to the digits
	m, _ := strconv.Atoi(minute)
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
}

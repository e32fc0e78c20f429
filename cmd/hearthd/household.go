package main

import (
	_ "embed"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"hearth/daemon/home"
)

//go:embed household.yaml
var householdFile []byte

// A household is who says what in the simulated house, when; household.yaml explains it.
type household struct {
	Activities []activity             `yaml:"activities"`
	Lines      map[string][]string    `yaml:"lines"`
	Model      map[string]writtenCall `yaml:"model"`
}

type activity struct {
	Name   string        `yaml:"name"`
	At     string        `yaml:"at"`
	Spread time.Duration `yaml:"spread"`
	Room   string        `yaml:"room"`
	People []string      `yaml:"people"`
	Turns  [2]int        `yaml:"turns"`
	Pause  time.Duration `yaml:"pause"`
	Lines  []string      `yaml:"lines"`
}

// A writtenCall is one that a model would make.
type writtenCall struct {
	Service string             `yaml:"service"`
	Entity  string             `yaml:"entity"`
	Data    map[string]float64 `yaml:"data"`
}

func (w writtenCall) call() home.Call {
	domain, service, _ := strings.Cut(w.Service, ".")
	call := home.Call{Domain: domain, Service: service, Entity: home.EntityID(w.Entity), Data: map[string]any{}}
	for field, value := range w.Data {
		call.Data[field] = value
	}
	return call
}

// An utterance is one thing that somebody says.
type utterance struct {
	at     time.Time
	room   string
	person string
	text   string
}

func readHousehold() (household, error) {
	var h household
	if err := yaml.UnmarshalWithOptions(householdFile, &h, yaml.Strict()); err != nil {
		return h, fmt.Errorf("read household.yaml: %w", err)
	}
	for _, a := range h.Activities {
		for _, line := range a.Lines {
			if len(h.Lines[line]) == 0 {
				return h, fmt.Errorf("household.yaml: %s has no line %q", a.Name, line)
			}
		}
	}
	return h, nil
}

// day is what is said on a day, in order. The same random numbers make the same day.
func (h household) day(midnight time.Time, random *rand.Rand) ([]utterance, error) {
	var said []utterance
	for _, a := range h.Activities {
		hour, err := time.Parse("15:04", a.At)
		if err != nil {
			return nil, fmt.Errorf("household.yaml: %s: %w", a.Name, err)
		}
		at := midnight.Add(time.Duration(hour.Hour())*time.Hour + time.Duration(hour.Minute())*time.Minute)
		at = at.Add(time.Duration((2*random.Float64() - 1) * float64(a.Spread)))
		before := ""
		person := a.People[random.IntN(len(a.People))]
		for range a.Turns[0] + random.IntN(a.Turns[1]-a.Turns[0]+1) {
			line := a.Lines[random.IntN(len(a.Lines))]
			for line == before {
				line = a.Lines[random.IntN(len(a.Lines))]
			}
			said = append(said, utterance{at, a.Room, person, h.form(line, person, random)})
			before, at = line, at.Add(time.Duration(random.ExpFloat64()*float64(a.Pause)))
		}
	}
	slices.SortStableFunc(said, func(a, b utterance) int { return a.at.Compare(b.at) })
	return said, nil
}

// form is how a person says a line: in a way of their own three times of four.
func (h household) form(line, person string, random *rand.Rand) string {
	forms := h.Lines[line]
	if random.IntN(4) > 0 {
		hash := fnv.New32a()
		_, _ = hash.Write([]byte(person + "/" + line)) // a hash never fails
		return forms[int(hash.Sum32())%len(forms)]
	}
	return forms[random.IntN(len(forms))]
}

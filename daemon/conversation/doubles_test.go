package conversation_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"hearth/daemon/conversation"
	"hearth/daemon/intent"
)

// language knows a handful of sentences; daemon/intent has its own tests for the rest.
var language = sentences{
	"turn on the kitchen ceiling":      byName("HassTurnOn", "Kitchen Ceiling", "light.kitchen_ceiling"),
	"turn on the garden lights":        byName("HassTurnOn", "Garden Lights", "light.garden_lights"),
	"turn on the attic light":          byName("HassTurnOn", "Attic Light", "light.attic_light"),
	"turn on the porch light":          byName("HassTurnOn", "Porch Light", "light.porch_light"),
	"turn on the lamp of last year":    byName("HassTurnOn", "Lamp", "light.last_year"),
	"unlock the front door":            answering("lock", byName("HassTurnOff", "Front Door", "lock.front_door")),
	"lock the front door":              answering("lock", byName("HassTurnOn", "Front Door", "lock.front_door")),
	"what time is it":                  {Intent: "HassGetCurrentTime"},
	"say that again":                   {Intent: "HearthRepeat"},
	"undo that":                        {Intent: "HearthUndo", Template: "undo that"},
	"no undo that":                     {Intent: "HearthUndo", Slots: map[string]intent.Slot{"correction": {Value: 1}}},
	"what did you do":                  {Intent: "HearthWhatDidYouDo"},
	"why did you do that":              {Intent: "HearthWhy"},
	"why is the kitchen ceiling on":    byName("HearthWhy", "Kitchen Ceiling", "light.kitchen_ceiling"),
	"why is the desk lamp on":          byName("HearthWhy", "Desk Lamp", "light.desk_lamp"),
	"who turned on the ceiling":        inState("HearthWhy", "on", "Kitchen Ceiling", "light.kitchen_ceiling"),
	"who turned off the ceiling":       inState("HearthWhy", "off", "Kitchen Ceiling", "light.kitchen_ceiling"),
	"when was the window last opened":  inState("HearthWhenLast", "open", "Kitchen Window", "binary_sensor.kitchen_window"),
	"when was the window last closed":  inState("HearthWhenLast", "closed", "Kitchen Window", "binary_sensor.kitchen_window"),
	"since when is the window open":    inState("HearthSinceWhen", "open", "Kitchen Window", "binary_sensor.kitchen_window"),
	"since when is the window closed":  inState("HearthSinceWhen", "closed", "Kitchen Window", "binary_sensor.kitchen_window"),
	"how long has the porch been on":   inState("HearthSinceWhen", "unavailable", "Porch Light", "light.porch_light"),
	"when was the outdoor last opened": inState("HearthWhenLast", "open", "Outdoor Humidity", "sensor.outdoor_humidity"),
	"turn it off":                      {Intent: "HearthIt", Slots: map[string]intent.Slot{"action": {Value: "off"}}},
	"and the desk lamp":                byName("HearthAgain", "Desk Lamp", "light.desk_lamp"),
	"likewise the desk lamp":           byName("HearthAgain", "Desk Lamp", "light.desk_lamp"),
	"no i meant the back door":         correcting(answering("lock", byName("HearthAgain", "Back Door", "lock.back_door"))),
	"no i meant the desk lamp":         correcting(byName("HearthAgain", "Desk Lamp", "light.desk_lamp")),
	"turn on the lights": {Intent: "HassTurnOn", Combination: "domain_only", NeedsArea: true,
		Slots: map[string]intent.Slot{"domain": {Value: "light"}}},
}

func byName(name, entity, id string) intent.Result {
	return intent.Result{Intent: name, Combination: "name_only", Response: "default",
		Slots: map[string]intent.Slot{"name": {Value: entity, Text: entity, IDs: []string{id}}}}
}

func correcting(r intent.Result) intent.Result {
	r.Slots["correction"] = intent.Slot{Value: 1}
	return r
}

func inState(name, state, entity, id string) intent.Result {
	r := byName(name, entity, id)
	r.Slots["state"] = intent.Slot{Value: state}
	return r
}

// answering is the result with another response; which services a sentence may mean hangs on it.
func answering(response string, r intent.Result) intent.Result {
	r.Response = response
	return r
}

type sentences map[string]intent.Result

func (s sentences) Recognize(text string, where intent.Where) []intent.Result {
	r, ok := s[plainly(text)]
	if !ok {
		return nil
	}
	if r.NeedsArea && where.Area != "" {
		r.NeedsArea = false
		r.Slots = map[string]intent.Slot{"domain": r.Slots["domain"], "area": {Value: where.Area, IDs: []string{where.Area}}}
	}
	return []intent.Result{r}
}

func (s sentences) Respond(intent.Result, intent.ResponseData) (string, error) {
	return "Turned on the light", nil
}

func (s sentences) Fingerprint() string { return "" }

func (s sentences) Digits(text string) (digits string, bare bool) {
	numbers := map[string]string{"one": "1", "two": "2", "three": "3", "four": "4", "nine": "9"}
	bare = true
	for _, word := range strings.FieldsFunc(plainly(text), func(r rune) bool { return r == ' ' || r == ',' }) {
		if strings.Trim(word, "0123456789") == "" {
			numbers[word] = word
		}
		digits += numbers[word]
		bare = bare && numbers[word] != ""
	}
	return digits, bare && digits != ""
}

func (s sentences) Apology(key string, _ map[string]any) string { return "Sorry: " + key }

// plainly is as much normalisation as the tests need.
func plainly(text string) string {
	out := []rune{}
	for _, r := range text {
		switch {
		case r >= 'A' && r <= 'Z':
			out = append(out, r+'a'-'A')
		case r == '!' || r == '.':
		default:
			out = append(out, r)
		}
	}
	return string(out)
}

// memory is a store that forgets when the test ends.
type memory[T any] struct {
	mu     sync.Mutex
	values map[string]T
}

func newMemory[T any]() *memory[T] { return &memory[T]{values: map[string]T{}} }

func (m *memory[T]) Get(key string) (T, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.values[key]
	return v, ok
}

func (m *memory[T]) Put(key string, value T) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.values[key] = value
	return nil
}

func (m *memory[T]) Delete(key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.values, key)
	return nil
}

func (m *memory[T]) len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.values)
}

type history struct {
	mu    sync.Mutex
	turns []*conversation.Turn
	err   error
}

func (h *history) Record(_ context.Context, t *conversation.Turn) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.turns = append(h.turns, t)
	return h.err
}

// Find looks at turns in memory; storage/history has the tests of all conditions.
func (h *history) Find(_ context.Context, q conversation.TurnQuery) ([]*conversation.Turn, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var found []*conversation.Turn
	for _, t := range slices.Backward(h.turns) {
		touched := slices.ContainsFunc(t.Steps, func(s conversation.Step) bool {
			return s.Outcome != conversation.Refused && (len(q.Entities) == 0 || slices.Contains(q.Entities, s.Entity))
		})
		early := q.Until.IsZero() || t.At.Before(q.Until)
		if early && (touched || !q.Acted && len(q.Entities) == 0) && (q.ID == "" || q.ID == t.ID) && len(found) < q.Limit {
			found = append(found, t)
		}
	}
	return found, nil
}

// stored keeps values as JSON, as the cache does.
type stored[T any] struct{ *memory[[]byte] }

func newStored[T any]() stored[T] { return stored[T]{newMemory[[]byte]()} }

func (s stored[T]) Get(key string) (value T, ok bool) {
	text, ok := s.memory.Get(key)
	if ok && json.Unmarshal(text, &value) != nil {
		return value, false
	}
	return value, ok
}

func (s stored[T]) Put(key string, value T) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return s.memory.Put(key, text)
}

type model struct {
	words  []string // said before the answer
	answer conversation.ModelAnswer
	err    error
}

func (m *model) Ask(_ context.Context, _ conversation.ModelQuestion, say func(string)) (conversation.ModelAnswer, error) {
	for _, words := range m.words {
		say(words)
	}
	return m.answer, m.err
}

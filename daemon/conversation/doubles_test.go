package conversation_test

import (
	"context"
	"strings"
	"sync"

	"hearth/daemon/conversation"
	"hearth/daemon/intent"
)

// language knows a handful of sentences; daemon/intent has its own tests for the rest.
var language = sentences{
	"turn on the kitchen ceiling": byName("HassTurnOn", "Kitchen Ceiling", "light.kitchen_ceiling"),
	"turn on the garden lights":   byName("HassTurnOn", "Garden Lights", "light.garden_lights"),
	"turn on the attic light":     byName("HassTurnOn", "Attic Light", "light.attic_light"),
	"turn on the porch light":     byName("HassTurnOn", "Porch Light", "light.porch_light"),
	"unlock the front door":       answering("lock", byName("HassTurnOff", "Front Door", "lock.front_door")),
	"lock the front door":         answering("lock", byName("HassTurnOn", "Front Door", "lock.front_door")),
	"turn on the lights": {Intent: "HassTurnOn", Combination: "domain_only", NeedsArea: true,
		Slots: map[string]intent.Slot{"domain": {Value: "light"}}},
}

func byName(name, entity, id string) intent.Result {
	return intent.Result{Intent: name, Combination: "name_only", Response: "default",
		Slots: map[string]intent.Slot{"name": {Value: entity, Text: entity, IDs: []string{id}}}}
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

type model struct {
	answer conversation.ModelAnswer
	err    error
}

func (m *model) Ask(context.Context, conversation.ModelQuestion, func(string)) (conversation.ModelAnswer, error) {
	return m.answer, m.err
}

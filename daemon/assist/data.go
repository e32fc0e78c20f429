// Package assist scores what a whole home does with a sentence: each home of a data set is simulated, a sentence is
// said in it, and all of its states and attributes are compared with what they are expected to be. The data is that
// of home-assistant-datasets, one JSON object a line.
package assist

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// A Case is one sentence and what is expected of it.
type Case struct {
	ID       string            `json:"id"`
	Home     string            `json:"home"`
	Category words             `json:"category"`
	Text     string            `json:"text"`
	Kind     string            `json:"kind"` // "change", or "answer" for a question
	Setup    map[string]change `json:"setup"`
	// Expect are the states and attributes that there are to be afterwards, Ignore attributes that do not matter.
	Expect   map[string]change `json:"expect_changes"`
	Ignore   map[string]words  `json:"ignore_changes"`
	Response answers           `json:"expect_response"`
	Device   string            `json:"context_device"` // where the speaker is
	Area     string            `json:"context_area"`
	Now      moment            `json:"context_now"` // zero for the real time
}

// A change is a part of what an entity is like. A nil state says nothing.
type change struct {
	State      any            `json:"state"`
	Attributes map[string]any `json:"attributes"`
}

// A House is a home as the data describes it.
type House struct {
	Floors   []place  `json:"floors"`
	Areas    []place  `json:"areas"`
	Devices  []device `json:"devices"`
	Entities []entity `json:"entities"`
}

type place struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Floor string `json:"floor"`
}

type device struct {
	ID   string `json:"id"`
	Area string `json:"area"`
}

type entity struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Area   string `json:"area"`
	Device string `json:"device"`
	change
}

// words are one word or a list of them.
type words []string

func (w *words) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '"' {
		*w = make(words, 1)
		return json.Unmarshal(text, &(*w)[0])
	}
	return json.Unmarshal(text, (*[]string)(w))
}

// answers are texts, any of which is a right answer.
type answers []string

func (a *answers) UnmarshalJSON(text []byte) error {
	var given any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&given); err != nil {
		return err
	}
	list, ok := given.([]any)
	if !ok && given != nil {
		list = []any{given}
	}
	for _, one := range list {
		*a = append(*a, fmt.Sprint(one))
	}
	return nil
}

// A moment is written as "2025-04-02 08:30+10:00".
type moment struct{ time.Time }

func (m *moment) UnmarshalJSON(text []byte) error {
	var given string
	if err := json.Unmarshal(text, &given); err != nil || given == "" {
		return err
	}
	at, _, err := momentOf(given)
	m.Time = at
	return err
}

// momentOf reads a moment, or a day, which begins at midnight here.
func momentOf(text string) (at time.Time, day bool, err error) {
	for _, layout := range []string{"2006-01-02 15:04Z07:00", "2006-01-02 15:04:05Z07:00", time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, false, nil
		}
	}
	at, err = time.ParseInLocation(time.DateOnly, text, time.Local)
	if err != nil {
		err = fmt.Errorf("%q is no time: want one like 2025-04-02 08:30+10:00", text)
	}
	return at, true, err
}

// ReadCases reads one case a line.
func ReadCases(r io.Reader) ([]Case, error) {
	var cases []Case
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, 1<<20)
	for line := 1; scanner.Scan(); line++ {
		if strings.TrimSpace(scanner.Text()) == "" {
			continue
		}
		var c Case
		if err := json.Unmarshal(scanner.Bytes(), &c); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		if err := c.check(); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		cases = append(cases, c)
	}
	if err := scanner.Err(); err != nil {
		return nil, err
	}
	if len(cases) == 0 {
		return nil, errors.New("there is no sentence: want one JSON object a line")
	}
	return cases, nil
}

func (c Case) check() error {
	switch {
	case c.Home == "":
		return errors.New("home is missing: name one of the homes")
	case c.Text == "":
		return errors.New("text is missing: want a sentence")
	case c.Kind != kindChange && c.Kind != kindAnswer:
		return fmt.Errorf("kind is %q: want %s or %s", c.Kind, kindChange, kindAnswer)
	}
	return nil
}

// Kinds of cases.
const (
	kindChange = "change"
	kindAnswer = "answer"
)

// ReadHouses reads the homes by name.
func ReadHouses(r io.Reader) (map[string]House, error) {
	var houses map[string]House
	if err := json.NewDecoder(r).Decode(&houses); err != nil {
		return nil, fmt.Errorf("the homes are no JSON object of homes by name: %w", err)
	}
	return houses, nil
}

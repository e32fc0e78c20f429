package llm

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/llm/chat"
)

// rules is the beginning of every prompt. The server remembers a prompt's beginning for as long as it
// stays the same to the byte, so that what changes must come last: rules, home, earlier turns, question.
const rules = `You are Hearth, the voice of a home. People talk to you; what you reply is spoken aloud.
Answer with JSON: {"calls": [...], "reply": "..."}.
- "calls" is what has to be done now: entities and services of this home, nothing else. Leave it empty when nothing is to be done.
- "reply" is one or two short plain sentences in the language of the question, without markup.
- Never say that something is done. The home itself confirms it.
- When no device fits, or you do not know, leave "calls" empty and say so.
- Without a room in the sentence, the speaker's room is meant.`

const (
	maxOutput    = 768 // tokens of an answer, enough for maxCalls and a reply
	maxRelevant  = 24  // entities whose state is told with a question
	keepExchange = 4   // earlier turns that are told
)

// request is the whole question.
func (m *Model) request(q conversation.ModelQuestion) (chat.Request, error) {
	form, err := json.Marshal(answerSchema(q.Home))
	if err != nil {
		return chat.Request{}, fmt.Errorf("write the form of the answer: %w", err)
	}
	all := messages(q, time.Now())
	all[0].Content += personal(m.opts.Personality)
	return chat.Request{Messages: all, Form: form, MaxTokens: maxOutput}, nil
}

func messages(q conversation.ModelQuestion, now time.Time) []chat.Message {
	all := []chat.Message{{Role: chat.System, Content: rules + "\n\n" + index(q.Home)}}
	for _, x := range q.Earlier[max(0, len(q.Earlier)-keepExchange):] {
		all = append(all, chat.Message{Role: chat.User, Content: x.Said}, chat.Message{Role: chat.Assistant, Content: told(x.Reply)})
	}
	return append(all, chat.Message{Role: chat.User, Content: question(q, now)})
}

// told is an earlier reply in the form the model is to answer in.
func told(reply string) string {
	quoted, _ := json.Marshal(reply) // a string can always be written
	return `{"calls": [], "reply": ` + string(quoted) + `}`
}

// repair tells the model what is wrong with its answer.
func repair(output string, fault error) []chat.Message {
	return []chat.Message{
		{Role: chat.Assistant, Content: output},
		{Role: chat.User, Content: "That cannot be used: " + fault.Error() + ". Answer the question again."},
	}
}

// index lists the exposed entities by area, without anything that changes by itself.
func index(snapshot *home.Snapshot) string {
	var b strings.Builder
	b.WriteString("The home:\n")
	for _, area := range append(slices.Clone(snapshot.Areas), home.Area{Name: "Elsewhere"}) {
		lines := entityLines(snapshot, area.ID)
		if lines == "" {
			continue
		}
		b.WriteString("# " + oneLine(area.Name))
		if floor, ok := snapshot.Floor(area.Floor); ok {
			b.WriteString(", " + oneLine(floor.Name))
		}
		b.WriteString("\n" + lines)
	}
	return b.String()
}

func entityLines(snapshot *home.Snapshot, area string) string {
	var b strings.Builder
	for _, e := range snapshot.Entities {
		if !e.Exposed || e.Area != area {
			continue
		}
		b.WriteString(string(e.ID) + " " + oneLine(strings.Join(append([]string{e.Name}, e.Aliases...), " / ")))
		if e.DeviceClass != "" {
			b.WriteString(" (" + e.DeviceClass + ")")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// oneLine keeps a name from looking like a line of the prompt.
func oneLine(name string) string { return strings.Join(strings.Fields(name), " ") }

// question is everything that changes from one question to the next.
func question(q conversation.ModelQuestion, now time.Time) string {
	var b strings.Builder
	b.WriteString("It is " + now.Format("Monday 2 January 2006, 15:04") + ".\n")
	if area, ok := q.Home.Area(q.Room); ok {
		b.WriteString("The speaker is in: " + oneLine(area.Name) + "\n")
	}
	if states := states(q); states != "" {
		b.WriteString("States now:\n" + states)
	}
	b.WriteString(background(q) + "\n" + q.Text)
	return b.String()
}

// states are those of the entities the question may be about: those it shares a word with, and those
// of the speaker's room.
func states(q conversation.ModelQuestion) string {
	asked := words(q.Text)
	var named, near []string
	for _, e := range q.Home.Entities {
		if !e.Exposed {
			continue
		}
		line := string(e.ID) + " " + stateOf(e) + "\n"
		area, _ := q.Home.Area(e.Area)
		switch {
		case shares(asked, append([]string{e.Name, area.Name, e.DeviceClass}, e.Aliases...)):
			named = append(named, line)
		case e.Area != "" && e.Area == q.Room:
			near = append(near, line)
		}
	}
	named = append(named, near...)
	return strings.Join(named[:min(len(named), maxRelevant)], "")
}

// stateOf is an entity's state with what people ask about.
func stateOf(e home.Entity) string {
	state := oneLine(e.State)
	if e.Unit != "" {
		state += " " + e.Unit
	}
	for _, name := range []string{"brightness", "current_position", "percentage", "current_temperature", "temperature", "media_title", "volume_level"} {
		switch value := e.Attributes[name].(type) {
		case string:
			state += " " + name + "=" + strconv.Quote(value)
		case int, float64:
			state += fmt.Sprintf(" %s=%v", name, value)
		}
	}
	return state
}

func shares(asked map[string]bool, names []string) bool {
	for _, name := range names {
		for word := range words(name) {
			if asked[word] {
				return true
			}
		}
	}
	return false
}

// words are those that can tell things apart, in lower case: three letters and more.
func words(text string) map[string]bool {
	all := map[string]bool{}
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }) {
		if len([]rune(word)) > 2 && word != "the" && word != "and" {
			all[word] = true
		}
	}
	return all
}

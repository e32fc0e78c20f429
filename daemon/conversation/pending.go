package conversation

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// answerPending deals with the answer to a question of the turn before. A sentence that is no answer
// drops the question and is understood as usual.
func (c *Conversation) answerPending(t *Turn) (done bool, err error) {
	p := t.pending
	if p == nil {
		return false, nil
	}
	if p.Question == AsksRoom {
		return c.answerRoom(t, p)
	}
	switch said := normalise(t.Heard.Text); {
	case affirms[said]:
		t.DecidedBy, t.Intent, t.calls, t.confirmed = p.Decider, p.Intent, p.Calls, true
		for name, value := range p.Slots {
			t.Slots[name] = value
		}
		if t.recognised = p.Recognised; t.recognised != nil {
			if cmd, err := command.Build(*t.recognised, c.input(t)); err == nil {
				t.fetch, t.data = cmd.Fetch, cmd.Answer
			}
		}
		return true, nil
	case denies[said]:
		t.Reply = "All right, I leave it."
		return true, nil
	}
	return false, nil
}

// answerRoom asks the question of the turn before again, in the room that was named.
func (c *Conversation) answerRoom(t *Turn, p *Pending) (done bool, err error) {
	area, ok := areaNamed(t.home, t.Heard.Text)
	if !ok {
		return false, nil
	}
	t.Room = area
	results := t.language.Recognize(p.Text, intent.Where{Area: area})
	if len(results) == 0 {
		return false, nil
	}
	return true, c.choose(t, results)
}

// areaNamed finds the area that an answer such as "in the kitchen" names.
func areaNamed(snapshot *home.Snapshot, text string) (id string, ok bool) {
	said := " " + normalise(text) + " "
	for _, area := range snapshot.Areas {
		for _, name := range append([]string{area.Name}, area.Aliases...) {
			if strings.Contains(said, " "+normalise(name)+" ") {
				return area.ID, true
			}
		}
	}
	return "", false
}

// takeBack forgets the plan that the turn before used or taught.
func (c *Conversation) takeBack(t *Turn) error {
	if t.context.Plan == "" {
		t.Reply = "All right."
		return nil
	}
	c.forget(t, t.context.Plan)
	t.Reply = "Sorry. I will not take that sentence this way again without looking twice."
	return nil
}

func (c *Conversation) forget(t *Turn, key string) {
	if err := c.Plans.Delete(key); err != nil {
		c.Log.Warn("plan not forgotten", "turn", t.ID, "error", err)
	}
}

var (
	affirms = set("yes", "yes please", "yeah", "yep", "sure", "ok", "okay", "do it", "go ahead", "please do", "confirm", "yes do it", "yes i am sure", "i am sure")
	denies  = set("no", "no thanks", "nope", "dont", "do not", "stop", "cancel", "never mind", "nevermind", "leave it", "no dont")
	wrongs  = set("thats wrong", "that is wrong", "that was wrong", "wrong", "no thats wrong", "not that", "no not that", "not that one",
		"thats not what i meant", "that is not what i meant", "thats not what i said", "that was not what i meant")
)

// Answers are the sentences that a conversation itself understands, so that a recogniser can hear them.
func Answers() []string {
	var all []string
	for _, set := range []map[string]bool{affirms, denies, wrongs} {
		all = slices.AppendSeq(all, maps.Keys(set))
	}
	slices.Sort(all)
	return all
}

// corrects tells whether the sentence says that the turn before was a mistake.
func corrects(text string) bool { return wrongs[normalise(text)] }

func set(sentences ...string) map[string]bool {
	m := make(map[string]bool, len(sentences))
	for _, s := range sentences {
		m[s] = true
	}
	return m
}

// normalise makes sentences equal that differ only in case, punctuation and spaces.
func normalise(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range text {
		switch {
		case unicode.IsSpace(r) || r == '-':
			if s := b.String(); s != "" && s[len(s)-1] != ' ' {
				b.WriteByte(' ')
			}
		case unicode.IsPunct(r) && r != '%':
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return strings.TrimRight(b.String(), " ")
}

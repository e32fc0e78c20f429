package conversation

import (
	"cmp"
	"strings"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
)

// tell says how entities are, each in a sentence: from the home as it is, in the language's own words.
func (c *Conversation) tell(t *Turn, ids []home.EntityID) string {
	var sentences []string
	for _, id := range ids {
		e, ok := t.home.Entity(id)
		switch {
		case !ok || !e.Exposed:
		case !e.Available() || e.State == home.Unknown:
			sentences = append(sentences, c.Phrases.NotDone[Unreachable].with("{name}", e.Name))
		default:
			sentences = append(sentences, c.told(t, e, len(ids) > 1))
		}
	}
	if len(sentences) == 0 {
		return t.language.Apology("no_entity", nil)
	}
	return strings.Join(sentences, " ")
}

// told is a sentence about how an entity is. Among others it has the entity's name, which published responses leave out
// where the question has just named it.
func (c *Conversation) told(t *Turn, e home.Entity, among bool) string {
	state := command.Shown(e)
	text := ""
	if _, common := c.Phrases.States[occasion(state)]; common && strings.HasPrefix(c.Language, c.Phrases.Language) {
		text = c.Phrases.stateOf(e.Name, state)
	}
	readings, data := command.Telling(e)
	for _, r := range readings {
		if text != "" {
			break
		}
		var err error
		if text, err = t.language.Respond(r, data); err != nil {
			c.Log.Warn("response template failed", "turn", t.ID, "entity", e.ID, "error", err)
		}
	}
	text = strings.TrimRight(cmp.Or(text, c.Phrases.stateOf(e.Name, strings.TrimSpace(state+" "+e.Unit))), ". ")
	if among && !strings.Contains(strings.ToLower(text), strings.ToLower(e.Name)) {
		text = e.Name + ": " + text
	}
	return text + "."
}

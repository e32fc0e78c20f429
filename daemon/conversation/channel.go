package conversation

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"hearth/audio"
	"hearth/daemon/home"
)

// A Channel is one way into a conversation. Together with the room and the person it makes a session: a question
// that was put through one channel, or to one person, cannot be answered through another.
type Channel struct {
	conversation *Conversation
	name         string
	room         string // where it stands, "" when it stands nowhere
	person       string // who speaks through it, "" when that is not known
	unattended   bool   // nobody who could confirm anything speaks through it
	talk         string // one of several conversations through it, "" when there is one
	told         Observer
	play         func(Failure, audio.Clip) // nil when nobody hears the replies
}

// As is the channel for a person whom it has proven to be the speaker.
func (c Channel) As(person string) Channel {
	c.person = person
	return c
}

// In is the channel of a microphone that stands in a room, by its area ID: whoever speaks through it is there.
// A room that is merely sent along is only what the caller says.
func (c Channel) In(room string) Channel {
	c.room = room
	return c
}

// Within is the channel in one of several conversations that go on through it side by side, by a name without "#".
// Each has questions and a memory of its own; what limits the channel, wrong PINs above all, counts for all of them.
func (c Channel) Within(talk string) Channel {
	c.talk = talk
	return c
}

// Unattended is the channel of programs that decide by themselves what to say. What needs a person's yes, a PIN or a
// code is refused to them, since the same program would give the answer.
func (c Channel) Unattended() Channel {
	c.unattended = true
	return c
}

// begin is a turn that comes this way.
func (c Channel) begin(room string) *Turn {
	t := &Turn{Room: room, Person: c.person, Channel: c.name, work: work{way: c}}
	if c.room != "" {
		t.Room, t.inRoom = c.room, true
	}
	return t
}

// Telling is the same channel, whose turns are told to o besides those who hear of all turns.
func (c Channel) Telling(o Observer) Channel {
	c.told = o
	return c
}

// MaxText is the longest sentence a turn takes, in bytes.
const MaxText = 1000

// An InputError is a request that cannot become a turn.
type InputError struct {
	Field, Value, Remedy string
}

func (e *InputError) Error() string { return fmt.Sprintf("%s: %s: %s", e.Field, e.Value, e.Remedy) }

// Say runs a turn for typed text. Room is the speaker's area ID, "" when it is not known. The error
// is an *InputError or the context's cause: whatever goes wrong later is told in the turn itself.
func (c Channel) Say(ctx context.Context, room, text string) (*Turn, error) {
	text = strings.TrimSpace(text)
	switch {
	case !utf8.ValidString(text):
		return nil, &InputError{"text", "not valid UTF-8", "send the sentence encoded as UTF-8"}
	case len(text) > MaxText:
		return nil, &InputError{"text", strconv.Itoa(len(text)) + " bytes", "say it in at most " + strconv.Itoa(MaxText) + " bytes"}
	case text == "":
		return nil, &InputError{"text", "empty", "send a sentence"}
	}
	t := c.begin(room)
	t.Heard = Heard{Text: text, Recogniser: "text"}
	return c.conversation.turn(ctx, t)
}

// Hear runs a turn for a spoken utterance in audio.Speech format.
func (c Channel) Hear(ctx context.Context, room string, clip audio.Clip) (*Turn, error) {
	if clip.Format != audio.Speech {
		return nil, &InputError{"audio", clip.Format.String(), "send " + audio.Speech.String()}
	}
	t := c.begin(room)
	t.Clip = clip
	return c.conversation.turn(ctx, t)
}

// Later runs a turn for a sentence that was put off until now. What it asks for is understood and judged as if it
// were said now, save that nothing is sent to what is already as wanted, and that nothing is begun twice for the
// same Trigger.Key. A question is put to the session that put the sentence off, if this is its channel.
func (c Channel) Later(ctx context.Context, room, text string, from Trigger) (*Turn, error) {
	t := c.begin(room)
	t.Heard, t.Trigger = Heard{Text: text, Recogniser: "text"}, &from
	return c.conversation.turn(ctx, t)
}

var dotted = regexp.MustCompile(`^[a-z0-9_]+\.[a-z0-9_]+$`)

// Do runs a turn for a call that a program names itself. It passes the gate and is confirmed as any other; nothing is
// learned from it.
func (c Channel) Do(ctx context.Context, room string, call home.Call) (*Turn, error) {
	switch {
	case !dotted.MatchString(string(call.Entity)):
		return nil, &InputError{"entity_id", strconv.Quote(shorten(string(call.Entity))), "send the ID of an entity such as light.kitchen"}
	case !dotted.MatchString(call.Name()):
		return nil, &InputError{"service", strconv.Quote(shorten(call.Name())), "send a service such as light.turn_on"}
	case call.Domain == timerDomain, call.Domain == errandDomain: // those are Hearth's own, and made of sentences
		return nil, &InputError{"service", strconv.Quote(call.Name()), "say a sentence instead: set a timer for five minutes"}
	}
	t := c.begin(room)
	t.Heard, t.given = Heard{Text: call.Name() + " " + string(call.Entity), Recogniser: "text"}, []home.Call{call}
	return c.conversation.turn(ctx, t)
}

func shorten(text string) string {
	const most = 80
	return strings.ToValidUTF8(text[:min(len(text), most)], "\uFFFD")
}

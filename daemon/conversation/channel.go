package conversation

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"hearth/audio"
)

// A Channel is one way into a conversation. Together with the room it makes a session: a question that
// was put through one channel cannot be answered through another.
type Channel struct {
	conversation *Conversation
	name         string
	told         Observer
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
	return c.conversation.turn(ctx, &Turn{Room: room, Heard: Heard{Text: text, Recogniser: "text"}, work: c.work()})
}

func (c Channel) work() work { return work{channel: c.name, told: c.told} }

// Hear runs a turn for a spoken utterance in audio.Speech format.
func (c Channel) Hear(ctx context.Context, room string, clip audio.Clip) (*Turn, error) {
	if clip.Format != audio.Speech {
		return nil, &InputError{"audio", clip.Format.String(), "send " + audio.Speech.String()}
	}
	return c.conversation.turn(ctx, &Turn{Room: room, Clip: clip, work: c.work()})
}

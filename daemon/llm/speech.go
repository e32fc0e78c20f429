package llm

import (
	"encoding/json"
	"regexp"
	"strings"
)

// A speech hands on the sentences of a reply while the model still writes it. It starts when the
// output shows an empty list of calls: what would have to be done first cannot be spoken of yet.
type speech struct {
	say func(string) // nil: nobody listens

	raw      strings.Builder // the output so far
	at       int             // offset in raw of what is not yet spoken, 0 before the reply
	consumed strings.Builder // the reply up to there
}

var (
	// replyBegins matches an output that does nothing, up to the first character of its reply.
	replyBegins = regexp.MustCompile(`^\s*\{\s*"calls"\s*:\s*\[\s*\]\s*,\s*"reply"\s*:\s*"`)
	// writtenSentence matches a sentence in a JSON string together with the white space after it.
	writtenSentence = regexp.MustCompile(`^(?:[^"\\]|\\.)*?[.!?…](?:\\"|[')\]])*(?:\s|\\[nrt])+`)
	// sentence matches one in plain text.
	sentence = regexp.MustCompile(`(?s)^.*?[.!?…]["')\]]*\s+`)
)

// write takes the next piece of the output.
func (s *speech) write(piece string) {
	s.raw.WriteString(piece)
	if s.say == nil {
		return
	}
	if s.at == 0 {
		s.at = len(replyBegins.FindString(s.raw.String()))
	}
	for s.at > 0 {
		written := writtenSentence.FindString(s.raw.String()[s.at:])
		var text string
		if written == "" || json.Unmarshal([]byte(`"`+written+`"`), &text) != nil {
			return
		}
		s.at += len(written)
		s.consumed.WriteString(text)
		s.utter(text)
	}
}

// finish says what is left of the reply.
func (s *speech) finish(reply string) {
	if s.say == nil {
		return
	}
	rest := strings.TrimPrefix(reply, s.consumed.String())
	for rest != "" {
		next := sentence.FindString(rest)
		if next == "" {
			next = rest
		}
		rest = rest[len(next):]
		s.utter(next)
	}
}

func (s *speech) utter(text string) {
	if text = strings.TrimSpace(text); text != "" {
		s.say(text)
	}
}

// begun tells whether a sentence has been handed on.
func (s *speech) begun() bool { return s.consumed.Len() > 0 }

// spoken is what has been handed on.
func (s *speech) spoken() string { return strings.TrimSpace(s.consumed.String()) }

func (s *speech) output() string { return s.raw.String() }

// reset forgets the output of a try that failed. Nothing of it has been spoken.
func (s *speech) reset() { *s = speech{say: s.say} }

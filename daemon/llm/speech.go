package llm

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"
)

// A speech hands on the words of a reply while the model still writes it. It starts when the output
// shows an empty list of calls: what would have to be done first cannot be spoken of yet.
type speech struct {
	say func(string) // nil: nobody listens

	raw      strings.Builder // the output so far
	at       int             // offset in raw of what is not yet spoken, 0 before the reply
	consumed strings.Builder // the reply up to there
}

var (
	// replyBegins matches an output that does nothing, up to the first character of its reply.
	replyBegins = regexp.MustCompile(`^\s*\{\s*(?:"look"\s*:\s*\[\s*\]\s*,\s*)?"calls"\s*:\s*\[\s*\]\s*,\s*"reply"\s*:\s*"`)
	// written matches what of a JSON string can be read: no half of an escape or of a surrogate pair.
	written = regexp.MustCompile(`^(?:[^"\\]|\\["\\/bfnrt]|\\u(?:[0-9abcefABCEF][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2})` +
		`|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})*`)
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
	if s.at == 0 {
		return
	}
	next := wholeRunes(written.FindString(s.raw.String()[s.at:]))
	var text string
	if json.Unmarshal([]byte(`"`+next+`"`), &text) != nil || !s.utter(text) {
		return
	}
	s.at += len(next)
	s.consumed.WriteString(text)
}

// wholeRunes is the text without a character at its end of which bytes are missing.
func wholeRunes(text string) string {
	for i := len(text) - 1; i >= max(0, len(text)-utf8.UTFMax); i-- {
		if utf8.RuneStart(text[i]) {
			if !utf8.FullRuneInString(text[i:]) {
				return text[:i]
			}
			break
		}
	}
	return text
}

// finish says what is left of the reply.
func (s *speech) finish(reply string) {
	if s.say != nil {
		s.utter(strings.TrimPrefix(reply, s.consumed.String()))
	}
}

// utter hands on the text, unless it is nothing or the space before the first word.
func (s *speech) utter(text string) bool {
	if text == "" || !s.begun() && strings.TrimSpace(text) == "" {
		return false
	}
	s.say(text)
	return true
}

// begun tells whether something has been handed on.
func (s *speech) begun() bool { return s.consumed.Len() > 0 }

// spoken is what has been handed on.
func (s *speech) spoken() string { return strings.TrimSpace(s.consumed.String()) }

func (s *speech) output() string { return s.raw.String() }

// reset forgets the output of a try that failed. Nothing of it has been spoken.
func (s *speech) reset() { *s = speech{say: s.say} }

package llm

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"hearth/daemon/intent"
)

// A speech hands on the words of a reply while the model still writes it. It starts when the output
// shows an empty list of calls: what would have to be done first cannot be spoken of yet. It waits for as many words as
// it takes to know that they are in a language that the speaker expects, and hands on whole sentences: the first that
// claims something, and all behind it, are not said.
type speech struct {
	say    func(string) // nil: nobody listens
	tongue tongue
	claims func(sentence string) bool

	raw      strings.Builder // the output so far
	at       int             // offset in raw of what is not yet read, 0 before the reply
	consumed strings.Builder // the reply up to there
	spoke    int             // how much of consumed is handed on, in bytes
	language judgement       // of what is consumed
	ended    bool            // by a claim
}

func newSpeech(say func(string), w witness) *speech {
	return &speech{say: say, tongue: w.tongue, claims: w.claimed}
}

var (
	// replyBegins matches an output that does nothing and tells no state, up to the first character of its reply.
	replyBegins = regexp.MustCompile(`^\s*\{\s*(?:"look"\s*:\s*\[\s*\]\s*,\s*)?"calls"\s*:\s*\[\s*\]\s*,\s*(?:"tell"\s*:\s*\[\s*\]\s*,\s*)?"reply"\s*:\s*"`)
	// written matches what of a JSON string can be read: no half of an escape or of a surrogate pair.
	written = regexp.MustCompile(`^(?:[^"\\]|\\["\\/bfnrt]|\\u(?:[0-9abcefABCEF][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2})` +
		`|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})*`)
)

// maxOpening is how far into an output its reply begins, in bytes. One that begins later is spoken when it is
// complete: looking again and again through what goes on for ever takes long.
const maxOpening = 500

// write takes the next piece of the output.
func (s *speech) write(piece string) {
	s.raw.WriteString(piece)
	if s.say == nil {
		return
	}
	if s.at == 0 && s.raw.Len()-len(piece) < maxOpening {
		s.at = len(replyBegins.FindString(s.raw.String()))
	}
	if s.at == 0 {
		return
	}
	next := wholeRunes(written.FindString(s.raw.String()[s.at:]))
	var text string
	if json.Unmarshal([]byte(`"`+next+`"`), &text) == nil {
		s.at += len(next)
		s.utter(readable(text), false)
	}
}

// readable is a text without what controls a terminal or turns the order of letters around, and cannot be heard. Its letters
// are looked at one by one, so that pieces of a text become pieces of the whole.
func readable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\u200c', r == '\u200d': // joiners, which some languages need between letters
			return r
		case r == '\t', r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar: // half of a pair
			return -1
		}
		return r
	}, text)
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

// finish says what is left of the reply. The error tells that it is in the wrong language, and that
// nothing of it was spoken.
func (s *speech) finish(reply string) error {
	s.utter(strings.TrimPrefix(reply, s.consumed.String()), true)
	if s.language == wrong {
		return errTongue
	}
	return nil
}

// utter takes the next part of the reply, and hands on what may be.
func (s *speech) utter(text string, last bool) {
	s.consumed.WriteString(text)
	reply := s.consumed.String()
	if s.language == undecided {
		s.language = s.tongue.judge(reply, last)
	}
	for s.language == right && !s.ended {
		next := strings.TrimRightFunc(reply[s.spoke:][:s.sayable(reply[s.spoke:], last)], unicode.IsSpace)
		if next == "" {
			return
		}
		said := next
		if s.spoke == 0 {
			said = strings.TrimLeftFunc(next, unicode.IsSpace)
		}
		s.spoke += len(next)
		if s.say != nil {
			s.say(said)
		}
	}
}

// sayable is how much of what follows may be said at once. "Sure!" alone would sound as if what was asked for were done: an
// opening of a word or two waits for the sentence behind it.
func (s *speech) sayable(text string, last bool) int {
	n := sentenceEnd(text, last)
	if n == 0 || s.ends(text[:n]) {
		return 0
	}
	if s.spoke == 0 && len(intent.Words(text[:n])) <= 2 {
		next := sentenceEnd(text[n:], last)
		if next == 0 && !last || next > 0 && s.ends(text[n:][:next]) {
			return 0
		}
		n += next
	}
	return n
}

// ends tells whether a sentence claims something, which ends the speech.
func (s *speech) ends(sentence string) bool {
	s.ended = s.ended || s.claims(sentence)
	return s.ended
}

// maxReply is how long a reply may get, in bytes: about two minutes of speech.
const maxReply = 2000

// tooMuch tells whether nobody would listen to the end.
func (s *speech) tooMuch() bool { return s.consumed.Len() > maxReply }

// begun tells whether something has been handed on.
func (s *speech) begun() bool { return s.spoke > 0 }

// spoken is what has been handed on.
func (s *speech) spoken() string { return strings.TrimSpace(s.consumed.String()[:s.spoke]) }

func (s *speech) output() string { return s.raw.String() }

// reset forgets the output of a try that failed. Nothing of it has been spoken.
func (s *speech) reset() { *s = speech{say: s.say, tongue: s.tongue, claims: s.claims} }

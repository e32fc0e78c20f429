// Package chatter measures how often overheard sentences, by which nobody means to command anything, would
// act: ordinary text is given to the sentence templates and the command rules as a conversation does with
// what it hears, in homes whose names make that likely. The safety gate and the sound itself, which both
// would refuse more, are left out.
package chatter

import (
	"io"
	"strings"
	"time"

	"hearth/audio/stt"
	"hearth/daemon/conversation/command"
	"hearth/daemon/intent"
)

// A Score is what becomes of the sentences of a text in one home. Those that occur again count once.
type Score struct {
	Language  string `json:"language"`
	Home      string `json:"home"`
	Sentences int    `json:"sentences"`
	Answered  int    `json:"answered"` // as a question: nothing in the home changes
	// Asked are sentences that are mostly somebody's own words, or begin with them: heard, they are asked
	// about before anything is done. Typed, they act.
	Asked    int       `json:"asked"`
	Acted    int       `json:"acted"`
	Offences []Offence `json:"offences,omitempty"` // asked about or acted upon, in the order of the text
}

// An Offence is a sentence that was taken for a command.
type Offence struct {
	Outcome  string `json:"outcome"` // "asked" or "acted"
	Intent   string `json:"intent"`
	Sentence string `json:"sentence"`
}

// PerThousand is how many of a thousand sentences acted.
func (s Score) PerThousand() float64 {
	return 1000 * float64(s.Acted) / float64(max(s.Sentences, 1))
}

// Run says every sentence of a text to a home. The speaker stands in its first room. Joins are the words between two
// commands in one sentence (conversation.Phrases).
func Run(language *intent.Language, joins []string, h Home, text io.Reader) (Score, error) {
	score := Score{Language: language.Code, Home: h.Name}
	r := newListener(language, joins, h)
	seen := map[string]bool{}
	for sentence, err := range Sentences(text) {
		if err != nil {
			return score, err
		}
		if !seen[sentence] {
			seen[sentence] = true
			score.add(sentence, r)
		}
	}
	return score, nil
}

// changes are the intents that change something without calls that are known here.
var changes = map[string]bool{
	"HearthUndo": true, "HearthRemember": true, "HearthForgetThat": true, "HearthForgetFact": true, "HearthAsILike": true,
}

func (s *Score) add(sentence string, l listener) {
	s.Sentences++
	result, cmd, ok := l.understand(sentence)
	switch {
	case !ok:
		return
	case len(cmd.Calls) == 0 && !changes[result.Intent]:
		s.Answered++
		return
	}
	outcome := "acted"
	if l.vouches(sentence, result) {
		s.Acted++
	} else {
		outcome = "asked"
		s.Asked++
	}
	s.Offences = append(s.Offences, Offence{outcome, result.Intent, sentence})
}

// A listener is a home with somebody in it.
type listener struct {
	home    *intent.Home
	grammar *intent.Grammar
	joins   []string
	input   command.Input
}

func newListener(language *intent.Language, joins []string, h Home) listener {
	home := language.Home(h.names())
	return listener{
		home: home, grammar: home.Grammar(), joins: joins,
		input: command.Input{Home: h.snapshot(), Room: h.room(), Now: time.Unix(0, 0).UTC(), Timers: timers},
	}
}

// understand is the first reading that the home can carry out, or the first of several things, as a conversation
// chooses it.
func (l listener) understand(sentence string) (intent.Result, command.Command, bool) {
	results := l.readings(sentence)
	for _, result := range results {
		if cmd, err := command.Build(result, l.input); err == nil {
			return result, cmd, true
		}
	}
	if len(results) == 0 {
		parts, _ := command.Several(sentence, l.joins, l.readings, l.input)
		for _, p := range parts {
			if len(p.Calls) > 0 || changes[p.Result.Intent] {
				return p.Result, p.Command, true
			}
		}
		if parts != nil {
			return parts[0].Result, parts[0].Command, true
		}
	}
	return intent.Result{}, command.Command{}, false
}

func (l listener) readings(sentence string) []intent.Result {
	recognise := func(s string) []intent.Result { return l.home.Recognize(s, intent.Where{Area: l.input.Room}) }
	return command.Sensible(recognise(sentence), l.input.Home, func(s string) command.Sense { return command.SenseOf(recognise(s)) })
}

// vouches tells whether a recogniser would stand by a sentence that was clearly said.
func (l listener) vouches(sentence string, r intent.Result) bool {
	return l.grammar.Accepts(sentence) && stt.WildShare(l.grammar, strings.ToLower(r.Text)) <= stt.MaxWild
}

package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/audio"
	"hearth/audio/stt"
	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/daemon/intent"
)

// ears are the speech recogniser as a conversation sees it: limited to the sentences of this home and
// to the answers that Hearth may ask for.
type ears struct {
	worker *stt.Worker // nil when nothing is heard
	deaf   error       // why, unless hearing is switched off
	pin    int         // how many digits the PIN has, 0 for none
	log    *slog.Logger

	mu        sync.Mutex
	templates *intent.Language // that heard was made from
	heard     *intent.Home
}

// spokenLanguage is the only one that the recogniser's model has learned.
const spokenLanguage = "en"

func newEars(c *config.Config, executable string, log *slog.Logger, metrics prometheus.Registerer) *ears {
	e := &ears{log: log, pin: len(c.Gate.PIN.Reveal())}
	switch {
	case c.Hearing.Recogniser == "off":
	case c.Language != spokenLanguage:
		e.deaf = fmt.Errorf("it hears English only, and language is %s: type the sentences", c.Language)
	default:
		e.worker = stt.NewWorker(stt.WorkerOptions{
			Command:  []string{executable, "recogniser", "--assets", c.AssetsDir(), "--threads", strconv.Itoa(c.Hearing.Threads)},
			Deadline: c.Hearing.Timeout, Log: log, Registerer: metrics,
		})
	}
	return e
}

// recogniser is what a conversation hears with, nil when it cannot.
func (e *ears) recogniser() conversation.Recogniser {
	if e.worker == nil {
		return nil
	}
	return e
}

// Transcribe implements conversation.Recogniser.
func (e *ears) Transcribe(ctx context.Context, clip audio.Clip) (conversation.Heard, error) {
	h, err := e.worker.Transcribe(ctx, clip)
	if errors.Is(err, stt.ErrNotReady) {
		return conversation.Heard{}, fmt.Errorf("%w: %w", conversation.ErrNoRecogniser, err)
	}
	if err != nil {
		return conversation.Heard{}, err
	}
	return conversation.Heard{
		Text: h.Text, Confidence: h.Confidence, Recogniser: h.Recogniser, Free: h.Free, Verdict: verdicts[h.Verdict],
	}, nil
}

var verdicts = map[stt.Verdict]conversation.Verdict{
	stt.Act: conversation.Act, stt.Ask: conversation.Ask, stt.Open: conversation.Open, stt.Reject: conversation.Reject,
}

// run is the component "recogniser".
func (e *ears) run(ctx context.Context, up func()) error {
	switch {
	case e.deaf != nil:
		return e.deaf
	case e.worker == nil:
		up()
		<-ctx.Done()
		return nil
	}
	return e.worker.Run(ctx, up)
}

// listenFor limits hearing to what can be said to a home with these names.
func (e *ears) listenFor(templates *intent.Language, names intent.Names) {
	if e.worker == nil {
		return
	}
	grammar, err := e.grammar(templates, names)
	if err != nil {
		e.log.Error("the recogniser keeps the names it had", "error", err)
		return
	}
	e.worker.SetGrammar(grammar, spokenNames(names))
}

// grammar is SpeechGrammar, of which only what has changed is compiled.
func (e *ears) grammar(templates *intent.Language, names intent.Names) ([]byte, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if templates != e.templates {
		spoken, err := spokenTemplates(templates, sayDigits(e.pin)...)
		if err != nil {
			return nil, err
		}
		e.templates, e.heard = templates, spoken.Home(names)
	}
	e.heard = e.heard.With(names)
	return e.heard.Grammar().MarshalBinary()
}

// SpeechGrammar is what the recogniser may hear in a home with these names: every sentence that is
// understood, and the answers to Hearth's own questions.
func SpeechGrammar(templates *intent.Language, names intent.Names) ([]byte, error) {
	spoken, err := spokenTemplates(templates)
	if err != nil {
		return nil, err
	}
	return spoken.Home(names).Grammar().MarshalBinary()
}

// spokenTemplates are those of the language with the answers to Hearth's questions, and more sentences.
func spokenTemplates(templates *intent.Language, more ...string) (*intent.Language, error) {
	phrases, err := conversation.LoadPhrases(templates.Code)
	if err != nil {
		return nil, err
	}
	answers := slices.Concat(phrases.Answers(), sayTimes, more)
	spoken, faults := templates.WithCustom(intent.NewCustom("answer", answers...))
	if len(faults) > 0 {
		return nil, fmt.Errorf("compile what may be answered: %w", faults)
	}
	return spoken, nil
}

// sayTimes are the ways to answer how long and when, by the rules of supplement/en.yaml.
var sayTimes = []string{
	"[for|in] <clock_length>", "[at] <clock_time>[ <clock_date>]", "<clock_date>[ at <clock_time>]",
}

// sayDigits are the ways to say a PIN of so many digits: one by one, and in pairs.
func sayDigits(count int) []string {
	say := func(list string, times int) string {
		parts := make([]string, times)
		for i := range parts {
			parts[i] = fmt.Sprintf("{%s:digits%d}", list, i)
		}
		return strings.Join(parts, " ")
	}
	switch {
	case count == 0:
		return nil
	case count%2 == 0:
		return []string{say("0..9", count), say("10..99", count/2)}
	}
	return []string{say("0..9", count)}
}

// spokenNames are the words that the recogniser could not know: what the owner calls things.
func spokenNames(names intent.Names) []string {
	var all []string
	for _, list := range [][]intent.Name{names.Areas, names.Entities, names.Floors} {
		for _, n := range list {
			all = append(all, n.Names[0])
		}
	}
	return all
}

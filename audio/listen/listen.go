package listen

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"hearth/audio"
)

// An Utterance is what somebody has said to Hearth.
type Utterance struct {
	Clip  audio.Clip
	Woken bool // after the phrase, which is not in Clip
	// Until is when a question ends that Hearth had asked, and without which the utterance would have been passed
	// over; zero otherwise.
	Until time.Time
}

// A Listener hands the utterances of a source to whoever understands them.
type Listener struct {
	options Options
	logger  *slog.Logger
	metrics *Metrics

	progress atomic.Int64 // when a frame was last taken, in nanoseconds since began; 0 while nothing is listened to
	began    time.Time

	// What follows may be set before Run. The functions must return at once.

	// Spotter says which sound is meant for Hearth; nil for all of it.
	Spotter Spotter
	// Speaking is called when an utterance has begun, with true, and when it has ended. With a phrase to be said
	// before it begins when the phrase was.
	Speaking func(bool)
	// Woken is called when the phrase was said, and Acknowledge when the speaker then waits.
	Woken, Acknowledge func()
	// Own tells whether Hearth itself is to be heard now, which is no utterance.
	Own func() bool

	// opened is until when a question waits that has just been asked.
	opened atomic.Pointer[time.Time]
}

// New makes a Listener and starts nothing. A nil logger discards; nil metrics count nothing.
func New(o Options, logger *slog.Logger, metrics *Metrics) *Listener {
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	if metrics == nil {
		metrics = NewMetrics(nil)
	}
	return &Listener{
		options: o.withDefaults(), logger: logger, metrics: metrics, began: time.Now(),
		Speaking: func(bool) {}, Woken: func() {}, Acknowledge: func() {}, Own: func() bool { return false },
	}
}

// Run reads the source until it or ctx ends, and calls utterance for each utterance, one at a time, on a
// goroutine of its own. What it returns is until when what is said next needs no phrase; zero for not at all.
// The source is never kept waiting: an utterance that ends while an earlier one is
// still being handled is dropped and counted. Run waits for utterance to return, which should know of ctx.
//
// It returns nil when a finite source has ended, the cause of ctx, or the source's error. It does not
// close the source.
func (l *Listener) Run(ctx context.Context, source audio.Source, utterance func(Utterance) time.Time) error {
	utterances := make(chan Utterance) // no room: a command that waited would be carried out when nobody expects it
	done := make(chan struct{})
	go func() {
		defer close(done)
		for u := range utterances {
			if until := utterance(u); !until.IsZero() {
				l.opened.Store(&until)
			}
		}
	}()
	defer func() {
		close(utterances)
		<-done
	}()
	speaking := false
	tell := func(now bool) {
		if now != speaking {
			speaking = now
			l.Speaking(now)
		}
	}
	defer tell(false)
	defer l.progress.Store(0)
	spotting := l.spotting()
	ears := l.ears(spotting)
	for {
		l.progress.Store(max(1, int64(time.Since(l.began))))
		f, err := source.Next(ctx)
		if errors.Is(err, io.EOF) {
			if u, ok := ears.flush(); ok {
				l.metrics.heard.Inc()
				utterances <- u // nothing comes after it that could be kept waiting
			}
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			return fmt.Errorf("listen: %w", err)
		}
		if f.Format != audio.Speech {
			return fmt.Errorf("listen: the source gives %v, not %v", f.Format, audio.Speech)
		}
		if now := l.spotting(); now != spotting {
			spotting, ears = now, l.ears(now)
		}
		u, ok := ears.push(frame{f.Samples, l.Own()})
		tell(ears.attends())
		if ok {
			l.offer(utterances, u)
		}
	}
}

// Idle is how long Run has taken no frame; 0 while it does not run. A source that gives none for long is to end with
// an error of its own, so that a long time means that Run itself hangs. It may be called at any time.
func (l *Listener) Idle() time.Duration {
	last := l.progress.Load()
	if last == 0 {
		return 0
	}
	return time.Since(l.began) - time.Duration(last)
}

func (l *Listener) spotting() bool { return l.Spotter != nil && l.Spotter.Wanted() }

func (l *Listener) offer(utterances chan<- Utterance, u Utterance) {
	select {
	case utterances <- u:
		l.metrics.heard.Inc()
	default:
		l.metrics.dropped.Inc()
		l.logger.Warn("utterance dropped: the one before it is still being handled", "length", u.Clip.Duration())
	}
}

// ears say which sound is an utterance for Hearth.
type ears interface {
	push(frame) (Utterance, bool)
	flush() (Utterance, bool)
	// attends tells whether an utterance has begun, or is waited for.
	attends() bool
}

// ears are new ones, for whatever may have gone before.
func (l *Listener) ears(spotting bool) ears {
	if !spotting {
		return always{NewEndpointer(l.options)}
	}
	a := newAttention(l.options, l.Spotter)
	a.woken, a.acknowledge = l.Woken, l.Acknowledge
	a.opened = &l.opened
	return a
}

// always takes every utterance to be for Hearth.
type always struct{ *Endpointer }

func (a always) push(f frame) (Utterance, bool) {
	clip, ok := a.Endpointer.push(f.samples, f.own)
	return Utterance{Clip: clip}, ok
}

func (a always) flush() (Utterance, bool) {
	clip, ok := a.Flush()
	return Utterance{Clip: clip}, ok
}

func (a always) attends() bool { return a.speaking }

// Scan is what Run would make of a clip of audio.Speech that is there already.
func Scan(o Options, s Spotter, clip audio.Clip) (all []Utterance) {
	const piece = 20 * time.Millisecond // as microphones give
	ears := (&Listener{options: o.withDefaults(), Spotter: s, Woken: func() {}, Acknowledge: func() {}}).ears(s != nil)
	for samples := range slices.Chunk(clip.Samples, audio.Speech.Samples(piece)) {
		if u, ok := ears.push(frame{samples: samples}); ok {
			all = append(all, u)
		}
	}
	if u, ok := ears.flush(); ok {
		all = append(all, u)
	}
	return all
}

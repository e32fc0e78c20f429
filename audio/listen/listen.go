package listen

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"hearth/audio"
)

// A Listener hands the utterances of a source to whoever understands them.
type Listener struct {
	options Options
	logger  *slog.Logger
	metrics *Metrics

	progress atomic.Int64 // when a frame was last taken, in nanoseconds since began; 0 while nothing is listened to
	began    time.Time

	// Speaking is called when an utterance has begun, with true, and when it has ended; it must return at
	// once. It may be set before Run.
	Speaking func(bool)
}

// New makes a Listener and starts nothing. A nil logger discards; nil metrics count nothing.
func New(o Options, logger *slog.Logger, metrics *Metrics) *Listener {
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	if metrics == nil {
		metrics = NewMetrics(nil)
	}
	return &Listener{options: o.withDefaults(), logger: logger, metrics: metrics, began: time.Now(), Speaking: func(bool) {}}
}

// Run reads the source until it or ctx ends, and calls utterance for each utterance, one at a time, on a
// goroutine of its own. The source is never kept waiting: an utterance that ends while an earlier one is
// still being handled is dropped and counted. Run waits for utterance to return, which should know of ctx.
//
// It returns nil when a finite source has ended, the cause of ctx, or the source's error. It does not
// close the source.
func (l *Listener) Run(ctx context.Context, source audio.Source, utterance func(audio.Clip)) error {
	clips := make(chan audio.Clip) // no room: a command that waited would be carried out when nobody expects it
	done := make(chan struct{})
	go func() {
		defer close(done)
		for clip := range clips {
			utterance(clip)
		}
	}()
	defer func() {
		close(clips)
		<-done
	}()
	endpointer := NewEndpointer(l.options)
	speaking := false
	tell := func(now bool) {
		if now != speaking {
			speaking = now
			l.Speaking(now)
		}
	}
	defer tell(false)
	defer l.progress.Store(0)
	for {
		l.progress.Store(max(1, int64(time.Since(l.began))))
		frame, err := source.Next(ctx)
		if errors.Is(err, io.EOF) {
			if clip, ok := endpointer.Flush(); ok {
				l.metrics.heard.Inc()
				clips <- clip // nothing comes after it that could be kept waiting
			}
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			return fmt.Errorf("listen: %w", err)
		}
		if frame.Format != audio.Speech {
			return fmt.Errorf("listen: the source gives %v, not %v", frame.Format, audio.Speech)
		}
		clip, ok := endpointer.Push(frame)
		tell(endpointer.speaking)
		if ok {
			l.offer(clips, clip)
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

func (l *Listener) offer(clips chan<- audio.Clip, clip audio.Clip) {
	select {
	case clips <- clip:
		l.metrics.heard.Inc()
	default:
		l.metrics.dropped.Inc()
		l.logger.Warn("utterance dropped: the one before it is still being handled", "length", clip.Duration())
	}
}

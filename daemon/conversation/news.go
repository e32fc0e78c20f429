package conversation

import (
	"context"
	"iter"
	"sync"
	"time"
)

// News is what has become known of a turn that is under way: what was heard, or a piece of the reply, or its end.
type News struct {
	Heard    *Heard // nil unless this tells what was heard, which is once at most, before any words
	Words    string // a piece of the reply; joined, the pieces are the reply
	Sequence int    // of the piece, from 0
	Asks     Question

	Over bool  // nothing follows
	Turn *Turn // complete, at the end; nil when there was none, and Err says why
	Err  error
}

// Follow runs a turn and hands out the news of it as they come, however slowly they are taken, the last being its
// end. Run is given the observer that the turn is to tell (Channel.Telling), and a context that ends with ctx or when
// no more news are wanted. Follow returns after run has.
func Follow(ctx context.Context, run func(context.Context, Observer) (*Turn, error)) iter.Seq[News] {
	return func(yield func(News) bool) {
		ctx, cancel := context.WithCancel(ctx)
		f := &follower{more: make(chan struct{}, 1)}
		var running sync.WaitGroup
		defer running.Wait()
		defer cancel()
		running.Go(func() {
			turn, err := run(ctx, f)
			if err != nil {
				turn = nil
			}
			f.add(News{Over: true, Turn: turn, Err: err})
		})
		for range f.more {
			for _, news := range f.take() {
				if !yield(news) || news.Over {
					return
				}
			}
		}
	}
}

// A follower gathers the news of one turn. Whoever tells it never waits.
type follower struct {
	heard bool // and told

	mu   sync.Mutex
	news []News
	more chan struct{} // holds one signal: there are news
}

var _ Observer = (*follower)(nil)

func (f *follower) add(n News) {
	f.mu.Lock()
	f.news = append(f.news, n)
	f.mu.Unlock()
	select {
	case f.more <- struct{}{}:
	default: // they will be taken with those before
	}
}

func (f *follower) take() []News {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := f.news
	f.news = nil
	return all
}

// StageDone implements Observer. What may hold a PIN or a code is told only after that has been taken out.
func (f *follower) StageDone(t *Turn, stage string, _ time.Duration, _ error) {
	switch {
	case f.heard:
	case stage == "recall" && !t.mayHoldDigits(), stage == "understand":
		f.tellHeard(t)
	}
}

func (f *follower) tellHeard(t *Turn) {
	if f.heard {
		return
	}
	f.heard = true
	heard := t.Heard
	f.add(News{Heard: &heard})
}

// mayHoldDigits tells whether a PIN or a code may be in what was heard, of a turn that has been recalled.
func (t *Turn) mayHoldDigits() bool {
	digits, _ := t.language.Digits(t.Heard.Text + " " + t.Heard.Free)
	return t.secretive || len(digits) >= shortest
}

// Words implements Observer.
func (f *follower) Words(t *Turn, sequence int, text string) {
	f.tellHeard(t) // a model speaks only of what has been looked at
	f.add(News{Words: text, Sequence: sequence, Asks: t.Asks})
}

// TurnDone implements Observer. The end is told when the turn has been recorded.
func (f *follower) TurnDone(*Turn) {}

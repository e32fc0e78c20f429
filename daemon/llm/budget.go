package llm

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"hearth/daemon/llm/chat"
)

// ErrSpent is returned instead of asking a provider of which no more may be asked today.
var ErrSpent = errors.New("the limit of the day is reached")

// Spent is what one provider was asked on one day.
type Spent struct {
	Day      string `json:"day"` // "2026-11-28", local
	Requests int    `json:"requests"`
	Tokens   int    `json:"tokens"`
}

// Spending outlives a restart. What cannot be kept counts until the restart.
type Spending interface {
	Get(provider string) (Spent, bool)
	Put(provider string, s Spent) error
}

// A budget counts what may still be asked of one provider. The zero budget has no limits.
type budget struct {
	requests, tokens int // a day, 0 for no limit
	provider         string
	kept             Spending // nil: only in memory

	mu    sync.Mutex
	spent Spent
}

func newBudget(o Other, provider string, kept Spending) *budget {
	b := &budget{requests: o.RequestsPerDay, tokens: o.TokensPerDay, provider: provider, kept: kept}
	if kept != nil && b.limited() {
		b.spent, _ = kept.Get(provider)
	}
	return b
}

func (b *budget) limited() bool { return b.requests > 0 || b.tokens > 0 }

// take counts a request, or returns ErrSpent.
func (b *budget) take() error {
	if !b.limited() {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.over(); err != nil {
		return err
	}
	b.spent.Requests++
	b.keep()
	return nil
}

// over is ErrSpent when nothing is left of today.
func (b *budget) over() error {
	if today := time.Now().Format(time.DateOnly); b.spent.Day != today {
		b.spent = Spent{Day: today}
	}
	switch {
	case b.requests > 0 && b.spent.Requests >= b.requests:
		return fmt.Errorf("%w: %d requests", ErrSpent, b.spent.Requests)
	case b.tokens > 0 && b.spent.Tokens >= b.tokens:
		return fmt.Errorf("%w: %d tokens", ErrSpent, b.spent.Tokens)
	}
	return nil
}

// left is ErrSpent when nothing is.
func (b *budget) left() error {
	if !b.limited() {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.over()
}

// add counts the tokens of an answer. A provider that was cut off tells none, and wants money for them.
func (b *budget) add(usage chat.Usage, request chat.Request, written int) {
	const bytesOfToken = 4
	if !b.limited() {
		return
	}
	if usage.Prompt == 0 {
		usage.Prompt = request.Size() / bytesOfToken
	}
	if usage.Output == 0 {
		usage.Output = written / bytesOfToken
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.spent.Tokens += usage.Prompt + usage.Output
	b.keep()
}

func (b *budget) keep() {
	if b.kept != nil {
		_ = b.kept.Put(b.provider, b.spent) // counted here in any case
	}
}

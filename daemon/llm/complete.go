package llm

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/avast/retry-go/v4"

	"hearth/daemon/conversation"
	"hearth/daemon/llm/chat"
)

// A Provider completes prompts, each by one model. It may be used by several at a time.
type Provider interface {
	// Name is the model's: "qwen3:4b".
	Name() string
	// Complete streams the output into write, piece by piece, and tries once. Errors are those of package
	// chat, the context's, or what the provider said.
	Complete(ctx context.Context, r chat.Request, write func(piece string)) (chat.Usage, error)
}

// complete streams one answer into words. It tries three times, 2 s and 4 s apart, as long as the server
// is slow or the connection breaks and nothing has been spoken yet.
func (m *Model) complete(ctx context.Context, request chat.Request, words *speech) error {
	err := m.retry(ctx, func() error {
		words.reset()
		return m.tryOnce(ctx, request, words)
	}, func(err error) bool {
		return passing(err) && !errors.Is(err, syscall.ECONNREFUSED) && !words.begun()
	})
	if absent(err) {
		m.seen(false)
		return fmt.Errorf("%w: %w", conversation.ErrNoModel, err)
	}
	return err
}

func (m *Model) tryOnce(ctx context.Context, request chat.Request, words *speech) error {
	try, cancel := context.WithTimeout(ctx, m.opts.Timeout)
	defer cancel()
	usage, err := m.provider.Complete(try, request, words.write)
	m.metrics.tokens(usage)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case try.Err() != nil:
		return fmt.Errorf("no answer within %s: %w", m.opts.Timeout, context.DeadlineExceeded)
	}
	return err
}

func (m *Model) retry(ctx context.Context, try func() error, again func(error) bool) error {
	return retry.Do(try, retry.Context(ctx), retry.Attempts(3), retry.LastErrorOnly(true),
		retry.RetryIf(func(err error) bool { return ctx.Err() == nil && again(err) }),
		retry.DelayType(retry.BackOffDelay), retry.Delay(2*time.Second), retry.MaxDelay(10*time.Second))
}

// passing tells whether an error is a timeout or a broken connection, and not the server's answer.
func passing(err error) bool {
	return errors.Is(err, chat.ErrAbsent) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, chat.ErrCut)
}

// absent tells whether an error means that there is no server, or not this model on it.
func absent(err error) bool {
	return errors.Is(err, chat.ErrAbsent) || errors.Is(err, chat.ErrNoModel)
}

package llm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"github.com/avast/retry-go/v4"
	"github.com/ollama/ollama/api"

	"hearth/daemon/conversation"
)

const (
	dialTime  = 2 * time.Second // to open a connection
	checkTime = time.Second     // to find out before a question whether a model is there
)

// errCut is a stream that ended before the server said that it is complete.
var errCut = errors.New("the connection ended in the middle of the answer")

// chat streams one answer into words. It tries three times, 2 s and 4 s apart, as long as the server
// is slow or the connection breaks and nothing has been spoken yet.
func (m *Model) chat(ctx context.Context, request *api.ChatRequest, words *speech) error {
	err := m.retry(ctx, func() error {
		words.reset()
		return m.tryChat(ctx, request, words)
	}, func(err error) bool {
		return passing(err) && !errors.Is(err, syscall.ECONNREFUSED) && !words.begun()
	})
	if absent(err) {
		m.seen(false)
		return fmt.Errorf("%w: %w", conversation.ErrNoModel, err)
	}
	return err
}

func (m *Model) tryChat(ctx context.Context, request *api.ChatRequest, words *speech) error {
	try, cancel := context.WithTimeout(ctx, m.opts.Timeout)
	defer cancel()
	complete := false
	err := m.client.Chat(try, request, func(r api.ChatResponse) error {
		words.write(r.Message.Content) // what it thinks is in r.Message.Thinking, and its own business
		if r.Done {
			complete = true
			m.metrics.tokens(r)
		}
		return nil
	})
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case try.Err() != nil:
		return fmt.Errorf("no answer within %s: %w", m.opts.Timeout, context.DeadlineExceeded)
	case err == nil && !complete:
		return errCut
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
	var transport *url.Error // what http.Client returns when there is no response
	return errors.As(err, &transport) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errCut)
}

// absent tells whether an error means that there is no server, or not this model on it.
func absent(err error) bool {
	var status api.StatusError
	if errors.As(err, &status) {
		return status.StatusCode == http.StatusNotFound
	}
	var transport *url.Error
	return errors.As(err, &transport) && !errors.Is(err, context.Canceled)
}

package llm

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/avast/retry-go/v4"
	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/breaker"
	"hearth/daemon/llm/chat"
)

// A Provider completes prompts, each by one model. It may be used by several at a time.
type Provider interface {
	// Name is the model's: "qwen3:4b".
	Name() string
	// Complete streams the output into write, piece by piece, and tries once. Errors are those of package
	// chat, the context's cause, or what the provider said.
	Complete(ctx context.Context, r chat.Request, write func(piece string)) (chat.Usage, error)
	// Close lets go of connections that are not in use.
	Close()
}

// An Other is a provider besides the local one.
type Other struct {
	Provider
	Kind    string        // "openai", for metrics and logs
	Timeout time.Duration // for one try
	// What may be asked of it from midnight to midnight, 0 for no limit.
	RequestsPerDay, TokensPerDay int
}

// A member is one provider in the order in which they are asked.
type member struct {
	Provider
	label   string // in metrics and logs: "openai", and "openai_2" for another of its kind
	local   bool
	limit   time.Duration // for one try, as long as nothing is spoken
	breaker *breaker.Breaker
	budget  *budget
	passed  atomic.Bool // the last question went on to another
}

// line puts the providers in order. As long as there is another to ask, the local one is given up in
// time for those.
func (m *Model) line() {
	rest := m.opts.Timeout
	labels := map[string]int{}
	if m.local != nil {
		labels["ollama"] = 1
	}
	for _, o := range m.opts.Others {
		rest -= o.Timeout
		label := o.Kind
		if labels[o.Kind]++; labels[o.Kind] > 1 {
			label = fmt.Sprintf("%s_%d", o.Kind, labels[o.Kind])
		}
		m.members = append(m.members, m.join(&member{Provider: o.Provider, label: label, limit: o.Timeout,
			budget: newBudget(o, label, m.opts.Spending)}))
	}
	if m.local == nil {
		return
	}
	local := m.join(&member{Provider: m.local, label: "ollama", local: true, limit: rest, budget: &budget{}})
	if m.opts.LocalLast {
		m.members = append(m.members, local)
	} else {
		m.members = append([]*member{local}, m.members...)
	}
}

func (m *Model) join(p *member) *member {
	p.breaker = breaker.New(breaker.Options{
		Name: "language model, " + p.label, Log: m.log, Registerer: m.opts.Registerer,
		Harmless: func(err error) bool {
			// Run finds out when the local server is back, and what is too much is not the server's fault.
			return errors.Is(err, chat.ErrTooLong) || errors.Is(err, ErrSpent) || p.local && absent(err)
		},
		Gauge: prometheus.GaugeOpts{
			Name: "hearth_llm_breaker_state", Help: "Whether a provider is asked: 0 it is, 1 once to find out, 2 not for now.",
			ConstLabels: prometheus.Labels{"provider": p.label},
		},
	})
	m.metrics.add(p.label)
	return p
}

// complete streams one answer into words, from the first provider that gives one, and tells whose it is.
// Once something is spoken, no other can take over.
func (m *Model) complete(ctx context.Context, request chat.Request, words *speech) (name string, err error) {
	var faults []error
	for _, p := range m.members {
		err := m.ask(ctx, p, request, words)
		if err == nil {
			if p.passed.Swap(false) {
				m.log.Info("the language model answers again", "provider", p.label)
			}
			return p.Name(), nil
		}
		faults = append(faults, fmt.Errorf("%s: %w", p.label, err))
		if ctx.Err() != nil || words.begun() {
			break
		}
		if p != m.members[len(m.members)-1] && !p.passed.Swap(true) {
			m.log.Info("other language models are asked", "instead_of", p.label, "error", err)
		}
	}
	return "", errors.Join(faults...)
}

// ask tries one provider three times, 2 s and 4 s apart, as long as it is slow or the connection breaks,
// nothing has been spoken yet, and there is time.
func (m *Model) ask(ctx context.Context, p *member, request chat.Request, words *speech) error {
	if p.local {
		if err := m.reachable(ctx); err != nil {
			return err
		}
	}
	tries := 0
	err := m.retry(ctx, func() error {
		tries++
		words.reset()
		return p.breaker.Do(func() error { return m.try(ctx, p, request, words) })
	}, func(err error) bool {
		return passing(err) && !errors.Is(err, syscall.ECONNREFUSED) && !words.begun() && hasTime(ctx, firstPause<<(tries-1))
	})
	if p.local && absent(err) {
		m.seen(false)
	}
	return err
}

// try asks once. What is spoken may go on for as long as ctx.
func (m *Model) try(ctx context.Context, p *member, request chat.Request, words *speech) error {
	if err := p.budget.take(); err != nil {
		return err
	}
	try, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	late := time.AfterFunc(p.limit, func() {
		cancel(fmt.Errorf("no answer within %s: %w", p.limit, context.DeadlineExceeded))
	})
	defer late.Stop()
	written := 0
	usage, err := p.Complete(try, request, func(piece string) {
		if try.Err() != nil {
			return
		}
		words.write(piece)
		if written += len(piece); written > maxWritten || words.tooMuch() {
			cancel(fmt.Errorf("%w within %d bytes", chat.ErrEndless, written))
		}
		if words.begun() {
			late.Stop()
		}
	})
	if err != nil && try.Err() != nil {
		err = context.Cause(try)
	}
	if err != nil && errors.Is(ctx.Err(), context.Canceled) { // which the cause need not be
		err = fmt.Errorf("%w: %w", context.Canceled, err)
	}
	p.budget.add(usage, request, written)
	m.metrics.completed(p.label, usage, err)
	if p.local {
		err = m.observe(usage, err)
	}
	return err
}

const (
	maxWritten = 16 << 10        // bytes of an answer, far more than maxOutput tokens have
	firstPause = 2 * time.Second // before the second try; the third comes after twice that
)

func (m *Model) retry(ctx context.Context, try func() error, again func(error) bool) error {
	return retry.Do(try, retry.Context(ctx), retry.Attempts(3), retry.LastErrorOnly(true),
		retry.RetryIf(func(err error) bool { return ctx.Err() == nil && again(err) }),
		retry.DelayType(retry.BackOffDelay), retry.Delay(firstPause), retry.MaxDelay(10*time.Second))
}

// hasTime tells whether ctx lasts so long.
func hasTime(ctx context.Context, pause time.Duration) bool {
	end, limited := ctx.Deadline()
	return !limited || time.Until(end) > pause
}

// passing tells whether an error is a timeout or a broken connection, and not the server's answer.
func passing(err error) bool {
	return errors.Is(err, chat.ErrAbsent) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, chat.ErrCut)
}

// absent tells whether an error means that there is no server, or not this model on it.
func absent(err error) bool {
	return errors.Is(err, chat.ErrAbsent) || errors.Is(err, chat.ErrNoModel)
}

// Package breaker keeps callers from waiting for a service that is known to fail: after five failures in
// a row it is left alone for a minute, then one request may find out whether it works again.
package breaker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/sony/gobreaker/v2"
)

const (
	failures = 5           // in a row, after which a service is left alone
	pause    = time.Minute // for how long
)

// ErrOpen is returned instead of asking a service that has failed too often.
var ErrOpen = errors.New("it has failed too often, and is left alone for a minute")

// A State is how a breaker stands, as people read it.
type State string

// The states. Half-open means that one request may find out.
const (
	Closed   State = "closed"
	HalfOpen State = "half-open"
	Open     State = "open"
)

// Options configure a Breaker. Name, Log and Registerer are required.
type Options struct {
	Name string // of the service, for the log
	// Harmless tells errors that say nothing about the service: they count neither for it nor against it.
	// A cancelled request is always harmless.
	Harmless func(error) bool
	// Gauge names the metric of the state: 0 closed, 1 half-open, 2 open.
	Gauge prometheus.GaugeOpts

	Log        *slog.Logger
	Registerer prometheus.Registerer
}

// A Breaker stands before one service. It is safe for concurrent use.
type Breaker struct {
	circuit *gobreaker.CircuitBreaker[struct{}]
}

// New makes a closed breaker and registers its metric.
func New(o Options) *Breaker {
	b := &Breaker{gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		Timeout:     pause,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= failures },
		IsExcluded: func(err error) bool {
			return errors.Is(err, context.Canceled) || err != nil && o.Harmless != nil && o.Harmless(err)
		},
		OnStateChange: func(_ string, _, to gobreaker.State) {
			switch to {
			case gobreaker.StateOpen:
				o.Log.Warn("it fails, and is left alone for a minute", "service", o.Name)
			case gobreaker.StateClosed:
				o.Log.Info("it works again", "service", o.Name)
			}
		},
	})}
	o.Registerer.MustRegister(prometheus.NewGaugeFunc(o.Gauge, func() float64 { return float64(b.circuit.State()) }))
	return b
}

// Do calls f and returns its error, or ErrOpen without calling it.
func (b *Breaker) Do(f func() error) error {
	_, err := b.circuit.Execute(func() (struct{}, error) { return struct{}{}, f() })
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return fmt.Errorf("%w (%w)", ErrOpen, err)
	}
	return err
}

// State is how it stands now.
func (b *Breaker) State() State {
	switch b.circuit.State() {
	case gobreaker.StateOpen:
		return Open
	case gobreaker.StateHalfOpen:
		return HalfOpen
	}
	return Closed
}

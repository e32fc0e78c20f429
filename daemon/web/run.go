package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

// Limits of a connection, and times of a stop, whose sum leaves the daemon time to close its stores.
const (
	headerTime = 5 * time.Second
	readTime   = 30 * time.Second
	idleTime   = time.Minute
	maxHeader  = 16 << 10
	finishTime = 5 * time.Second // for requests to finish
	cancelTime = time.Second     // for cancelled requests to notice
)

var errStopping = errors.New("the daemon is stopping")

// Run serves until ctx ends, then takes no more requests, gives those under way 5 s to finish before it
// cancels them, and returns nil. It returns an error when an address cannot be opened. It may be run
// again.
func (s *Server) Run(ctx context.Context) error {
	if err := s.Listen(); err != nil {
		return errors.Join(err, s.release())
	}
	// Requests outlive ctx so that they can finish.
	requests, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	group, ctx := errgroup.WithContext(ctx)
	for _, part := range s.parts() {
		server := newHTTPServer(requests, part.handler, s.opts.TurnTimeout, s.log)
		group.Go(func() error { return serve(server, part.listener) })
		group.Go(func() error {
			<-ctx.Done()
			return stop(server, cancel)
		})
	}
	return errors.Join(group.Wait(), s.release())
}

// A part is one listener with what it offers.
type part struct {
	listener net.Listener
	handler  http.Handler
}

func (s *Server) parts() []part {
	s.mu.Lock()
	defer s.mu.Unlock()
	var parts []part
	if s.tcp != nil {
		parts = append(parts, part{s.tcp, s.handler(s.monitoring())})
	}
	if s.socket != nil {
		parts = append(parts, part{s.socket, s.handler(append(s.monitoring(), s.control()...))})
	}
	return parts
}

// newHTTPServer answers requests that take so long at most. They end with the context of that name.
func newHTTPServer(requests context.Context, handler http.Handler, longest time.Duration, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		BaseContext:       func(net.Listener) context.Context { return requests },
		ConnContext:       withCaller,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       readTime,
		WriteTimeout:      readTime + longest,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

func serve(server *http.Server, l net.Listener) error {
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve HTTP on %s: %w", l.Addr(), err)
	}
	return nil
}

// stop lets requests finish, then cancels them, then cuts them off.
func stop(server *http.Server, cancel context.CancelCauseFunc) error {
	if shutdown(server, finishTime) == nil {
		return nil
	}
	cancel(errStopping)
	if shutdown(server, cancelTime) == nil {
		return nil
	}
	return server.Close()
}

func shutdown(server *http.Server, within time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	return server.Shutdown(ctx)
}

// release closes what Run did not get to serve, and forgets the rest.
func (s *Server) release() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, l := range []net.Listener{s.tcp, s.socket} {
		if l == nil {
			continue
		}
		if err := l.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	s.tcp, s.socket = nil, nil
	return errors.Join(errs...)
}

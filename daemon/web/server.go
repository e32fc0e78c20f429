package web

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/conversation"
)

// Options configure a Server.
type Options struct {
	Listen string // TCP address for monitoring, "127.0.0.1:8124"; "" for none
	// Listener is for monitoring, too, already open, and goes before Listen; nil for none. The Server closes it.
	Listener net.Listener
	Socket   string // path of the control socket; "" for none
	Version  string // of the daemon, for the page

	// Turns carries out the utterances of whoever has this Unix account, Unknown for one that is not known, and tells
	// told, which may be nil, of them.
	Turns func(user int, told conversation.Observer) Turns
	// Recent are the last turns, newest first.
	Recent func(ctx context.Context, limit int) ([]*conversation.Turn, error)
	// Audit are the last entries of the audit, newest first.
	Audit func(ctx context.Context, limit int) ([]conversation.AuditEntry, error)
	// Turn is the one with an ID, nil when there is none.
	Turn func(ctx context.Context, id string) (*conversation.Turn, error)
	// Memory is what whoever has this Unix account may see of what is remembered.
	Memory func(user int) Memory
	// Plans are what was learned from language models.
	Plans Plans
	// Status is the state of each component by name.
	Status func() map[string]Component
	// Alive returns an error when the daemon's main loop is stuck.
	Alive func() error
	// Tools answers POST /mcp on the socket, for assistants that speak the Model Context Protocol; nil for none. The
	// request's context has its CallerOf.
	Tools http.Handler
	// TurnTimeout bounds a turn, the language model's time included; 2 minutes when 0.
	TurnTimeout time.Duration

	Metrics *prometheus.Registry // where /metrics reads and the server's own metrics are registered
	Logger  *slog.Logger
}

// A Server answers on TCP and on the control socket.
type Server struct {
	opts    Options
	log     *slog.Logger
	metrics *metrics

	mu     sync.Mutex
	tcp    net.Listener // nil when not bound
	socket net.Listener // nil when not bound
}

// New opens nothing.
func New(o Options) *Server {
	if o.TurnTimeout == 0 {
		o.TurnTimeout = 2 * time.Minute
	}
	return &Server{opts: o, log: o.Logger, metrics: newMetrics(o.Metrics), tcp: o.Listener}
}

// Listen opens the TCP address and the socket, so that a second daemon is noticed before anything else
// starts. Run does it when it was not done before.
func (s *Server) Listen() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tcp == nil && s.opts.Listen != "" {
		l, err := net.Listen("tcp", s.opts.Listen)
		if err != nil {
			return fmt.Errorf("open the web server (web.listen): %w", err)
		}
		s.tcp = l
	}
	if s.socket == nil && s.opts.Socket != "" {
		l, err := listenUnix(s.opts.Socket)
		if err != nil {
			return fmt.Errorf("open the control socket %s: %w", s.opts.Socket, err)
		}
		s.socket = l
	}
	return nil
}

// Addr is the TCP address the server listens on, nil before Listen and after Run.
func (s *Server) Addr() net.Addr {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tcp == nil {
		return nil
	}
	return s.tcp.Addr()
}

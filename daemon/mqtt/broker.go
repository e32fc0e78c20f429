package mqtt

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"syscall"

	mochi "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
)

const (
	// maxPacket is the largest message that the broker takes, in bytes.
	maxPacket = 256 << 10
	// maxPending is how many messages may wait for a client that does not read; the rest is dropped. The
	// retained messages of a large home, which come all at once, are to fit.
	maxPending = 16 << 10
)

// ErrAddressInUse is returned when another program listens on the broker's address.
var ErrAddressInUse = errors.New("the address is in use: stop the other broker, or point mqtt.broker at it")

// BrokerOptions configure a Broker.
type BrokerOptions struct {
	// Listen is the TCP address, "127.0.0.1:1883". Without accounts its host must be a loopback address.
	// Port 0 picks a free one.
	Listen string
	// Accounts are who may connect. Without any every program of this machine may, and do everything.
	Accounts []Account
	// ID is the hub whose client ID nobody else may take, "" for none.
	ID     string
	Logger *slog.Logger
}

// A Broker is a small MQTT broker inside the daemon. It keeps retained messages in memory only.
type Broker struct {
	opts BrokerOptions
	log  *slog.Logger
	door *doorkeeper

	mu       sync.Mutex
	listener *trackedListener // nil when not bound
}

// NewBroker checks the options and opens nothing.
func NewBroker(o BrokerOptions) (*Broker, error) {
	host, _, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return nil, fmt.Errorf("mqtt.listen %q: want an address like 127.0.0.1:1883: %w", o.Listen, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && !ip.IsLoopback() && len(o.Accounts) == 0 {
		return nil, fmt.Errorf("mqtt.listen %q: want accounts (mqtt.accounts), or a loopback address, 127.0.0.1 or ::1", o.Listen)
	}
	return &Broker{opts: o, log: o.Logger, door: newDoorkeeper(o)}, nil
}

// Credentials are those of the hub's own client. They are made anew with each Broker.
func (b *Broker) Credentials() (username, password string) {
	return b.door.own.Username, b.door.own.Password
}

// Listen binds the address, so that Addr is known and clients can connect before Run serves them.
// Run does it when it was not done before. It returns ErrAddressInUse when the address is taken.
func (b *Broker) Listen() error {
	_, err := b.bind()
	return err
}

func (b *Broker) bind() (*trackedListener, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.listener != nil {
		return b.listener, nil
	}
	l, err := net.Listen("tcp", b.opts.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		err = ErrAddressInUse
	}
	if err != nil {
		return nil, fmt.Errorf("open MQTT broker on %s: %w", b.opts.Listen, err)
	}
	b.listener = &trackedListener{Listener: l, open: map[*conn]struct{}{}}
	return b.listener, nil
}

// Addr is the address the broker listens on, nil before Listen and after Run.
func (b *Broker) Addr() net.Addr {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.listener == nil {
		return nil
	}
	return b.listener.Addr()
}

// Run serves until ctx ends, then closes all connections and returns nil. It may be run again.
func (b *Broker) Run(ctx context.Context) error {
	listener, err := b.bind()
	if err != nil {
		return err
	}
	defer b.release()
	server, err := b.server(listener)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := server.Serve(); err != nil {
		return errors.Join(fmt.Errorf("serve MQTT: %w", err), listener.Close())
	}
	b.log.Info("MQTT broker is open", "address", listener.Addr().String())
	<-ctx.Done()
	// The server waits for every connection, also for those that never said who they are.
	listener.closeAll()
	defer listener.writers.Wait()
	return server.Close()
}

func (b *Broker) release() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.listener = nil
}

func (b *Broker) server(l net.Listener) (*mochi.Server, error) {
	capabilities := mochi.NewDefaultServerCapabilities()
	capabilities.MaximumPacketSize = maxPacket
	capabilities.MaximumClients = 256
	capabilities.MaximumClientWritesPending = maxPending
	capabilities.MaximumInflight = maxPending
	server := mochi.New(&mochi.Options{
		Capabilities: capabilities,
		Logger:       slog.New(quiet{b.log.Handler()}),
	})
	if err := server.AddHook(b.door, nil); err != nil {
		return nil, fmt.Errorf("set up the MQTT broker's sign-in: %w", err)
	}
	if err := server.AddListener(listeners.NewNet("tcp", l)); err != nil {
		return nil, fmt.Errorf("set up the MQTT broker's listener: %w", err)
	}
	return server, nil
}

// quiet keeps the broker library's own log below Info: a client that goes away is no event for the
// owner, and its records hold whole packets, what people said included.
type quiet struct{ slog.Handler }

func (q quiet) Enabled(ctx context.Context, _ slog.Level) bool {
	return q.Handler.Enabled(ctx, slog.LevelDebug)
}

func (q quiet) Handle(ctx context.Context, r slog.Record) error {
	r.Level = slog.LevelDebug
	return q.Handler.Handle(ctx, r)
}

func (q quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(attrs)} }
func (q quiet) WithGroup(name string) slog.Handler       { return quiet{q.Handler.WithGroup(name)} }

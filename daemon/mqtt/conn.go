package mqtt

import (
	"errors"
	"net"
	"sync"
	"time"
)

const (
	// maxBehind is how much may wait for a client that reads slowly, in bytes: the retained messages of a
	// large home fit several times. One that is further behind is cut off.
	maxBehind = 16 << 20
	// flushTime is how long a connection that is closed takes to send what waits.
	flushTime = time.Second
)

// errBehind is why a client was cut off.
var errBehind = errors.New("the client does not read what it has subscribed to")

// A trackedListener knows its open connections, so that they can be closed with it.
type trackedListener struct {
	net.Listener
	writers sync.WaitGroup

	mu     sync.Mutex
	open   map[*conn]struct{}
	closed bool
}

// Accept implements net.Listener.
func (l *trackedListener) Accept() (net.Conn, error) {
	accepted, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, errors.Join(net.ErrClosed, accepted.Close())
	}
	c := &conn{Conn: accepted, more: make(chan struct{}, 1)}
	l.open[c] = struct{}{}
	l.writers.Go(func() {
		c.writeAll()
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.open, c)
	})
	return c, nil
}

func (l *trackedListener) closeAll() {
	_ = l.Close() // it was open, and there is nothing to do when it was not
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for c := range l.open {
		_ = c.Close()
	}
}

// A conn never keeps a writer waiting: the broker library holds a client's lock while it writes to it, and
// needs that lock to hand anything to the client, so that one that does not read would stop all the others.
type conn struct {
	net.Conn
	more chan struct{} // one signal is enough: all that waits is written

	mu     sync.Mutex
	behind []byte // what waits
	err    error  // why nothing more is taken
}

// Write implements net.Conn. It takes all, or fails when too much waits.
func (c *conn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil && len(c.behind)+len(p) > maxBehind {
		c.behind = nil
		c.end(errBehind)
	}
	if c.err != nil {
		return 0, c.err
	}
	c.behind = append(c.behind, p...)
	c.wake()
	return len(p), nil
}

// Close implements net.Conn. What waits is still written, if that is soon done.
func (c *conn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.end(net.ErrClosed)
	return nil
}

// SetDeadline implements net.Conn. It puts off no end.
func (c *conn) SetDeadline(at time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return c.err
	}
	return c.Conn.SetDeadline(at)
}

// end lets nothing more in or out but what waits. The caller holds c.mu.
func (c *conn) end(err error) {
	if c.err != nil {
		return
	}
	c.err = err
	_ = c.SetReadDeadline(time.Now()) // it fails only when the connection is closed already, as the next
	_ = c.SetWriteDeadline(time.Now().Add(flushTime))
	c.wake()
}

func (c *conn) wake() {
	select {
	case c.more <- struct{}{}:
	default:
	}
}

// writeAll writes what waits until the connection has ended, and then closes it.
func (c *conn) writeAll() {
	for range c.more {
		c.mu.Lock()
		next, ended := c.behind, c.err != nil
		c.behind = nil
		c.mu.Unlock()
		_, err := c.Conn.Write(next)
		if ended || err != nil {
			break
		}
	}
	_ = c.Close() // when writing has failed
	_ = c.Conn.Close()
}

package device

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// A child is the program started again to serve one device.
type child struct {
	cmd    *exec.Cmd
	stdout *os.File
	reader *bufio.Reader
	stderr tail
	exited chan struct{} // closed when the process is gone
}

// startChild runs the command of o. Whatever input is, it becomes the child's standard input.
func startChild(o Options, input io.Reader) (*child, error) {
	if len(o.Command) == 0 {
		return nil, errors.New("start sound child: no command given")
	}
	stdout, childEnd, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start sound child: %w", err)
	}
	defer childEnd.Close()
	c := &child{stdout: stdout, reader: newMessageReader(stdout), exited: make(chan struct{})}
	c.cmd = exec.Command(o.Command[0], o.arguments()...)
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = input, childEnd, &c.stderr
	c.cmd.WaitDelay = time.Second
	// A Ctrl-C at the terminal is for the daemon, which then ends its children in order.
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := c.cmd.Start(); err != nil {
		stdout.Close()
		return nil, fmt.Errorf("start sound child: %w", err)
	}
	go func() {
		defer close(c.exited)
		_ = c.cmd.Wait() // how it ended is known from its messages
	}()
	return c, nil
}

// await reads until a message of the wanted kind comes, for at most limit (ErrStalled). Signs of life do
// not extend its time.
func (c *child) await(ctx context.Context, want kind, limit time.Duration) (message, error) {
	deadline := time.Now().Add(limit)
	for {
		got, err := c.read(ctx, deadline)
		if err != nil || got.kind == want {
			return got, err
		}
		if got.kind != kindAlive {
			return message{}, fmt.Errorf("unexpected message %q from sound child", got.kind)
		}
	}
}

// read waits for the next message until the deadline (ErrStalled) or the end of ctx (its cause).
func (c *child) read(ctx context.Context, deadline time.Time) (message, error) {
	if err := c.stdout.SetReadDeadline(deadline); err != nil {
		return message{}, fmt.Errorf("read from sound child: %w", err)
	}
	interrupt := context.AfterFunc(ctx, func() { _ = c.stdout.SetReadDeadline(time.Unix(1, 0)) })
	defer interrupt()
	m, err := readMessage(c.reader)
	switch {
	case err == nil && m.kind == kindFault:
		return message{}, parseFault(m.body)
	case err == nil:
		return m, nil
	case ctx.Err() != nil:
		return message{}, context.Cause(ctx)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return message{}, ErrStalled
	}
	return message{}, fmt.Errorf("read from sound child: %w%s", err, c.lastWords())
}

// lastWords is what a child that ended without a message wrote to its standard error.
func (c *child) lastWords() string {
	select {
	case <-c.exited:
	case <-time.After(100 * time.Millisecond):
	}
	if words := c.stderr.String(); words != "" {
		return ": " + words
	}
	return ""
}

// killLimit bounds how long kill waits: a process that hangs in a driver survives even SIGKILL until
// the driver lets go.
const killLimit = 2 * time.Second

// kill ends the child and waits for its end. It may be called more than once.
func (c *child) kill() error {
	_ = c.cmd.Process.Kill() // an error means that it has ended already
	defer c.stdout.Close()
	timer := time.NewTimer(killLimit)
	defer timer.Stop()
	select {
	case <-c.exited:
		return nil
	case <-timer.C:
		return fmt.Errorf("sound child %d does not end: it hangs in a driver", c.cmd.Process.Pid)
	}
}

// A tail keeps the last bytes written to it.
type tail struct {
	mu   sync.Mutex
	last []byte
}

const tailBytes = 500

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = append(t.last, b...)
	t.last = t.last[max(0, len(t.last)-tailBytes):]
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.last)
}

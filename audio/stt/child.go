package stt

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// A child is the process in which a recogniser runs.
type child struct {
	cmd    *exec.Cmd
	stdin  *os.File
	stdout *os.File
	reader *bufio.Reader
	exited chan struct{} // closed when the process is gone, and err is set
	err    error
}

// A childError is an error that the child has reported; it is alive.
type childError struct{ text string }

func (f *childError) Error() string { return f.text }

// startChild runs a command with pipes at both ends. glibc keeps a heap for each thread that allocates,
// and Go calls C from many: one heap halves what the recogniser takes.
func startChild(command []string) (*child, error) {
	if len(command) == 0 {
		return nil, errors.New("start the recogniser: no command given")
	}
	theirIn, ourIn, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start the recogniser: %w", err)
	}
	defer theirIn.Close()
	ourOut, theirOut, err := os.Pipe()
	if err != nil {
		ourIn.Close()
		return nil, fmt.Errorf("start the recogniser: %w", err)
	}
	defer theirOut.Close()
	c := &child{stdin: ourIn, stdout: ourOut, reader: bufio.NewReader(ourOut), exited: make(chan struct{})}
	c.cmd = exec.Command(command[0], command[1:]...)
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = theirIn, theirOut, os.Stderr
	c.cmd.Env = append(os.Environ(), "MALLOC_ARENA_MAX=1")
	// A Ctrl-C at the terminal is for the daemon, which then ends its children in order.
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := c.cmd.Start(); err != nil {
		ourIn.Close()
		ourOut.Close()
		return nil, fmt.Errorf("start the recogniser: %w", err)
	}
	go func() {
		c.err = c.cmd.Wait()
		close(c.exited)
	}()
	return c, nil
}

// ask sends a question and waits for its answer, both within limit.
func (c *child) ask(ctx context.Context, question frame, want kind, limit time.Duration) (frame, error) {
	deadline := time.Now().Add(limit)
	stop, err := c.bound(ctx, deadline)
	if err != nil {
		return frame{}, err
	}
	defer stop()
	if err := writeFrame(c.stdin, question); err != nil {
		return frame{}, c.explain(ctx, err)
	}
	return c.read(ctx, want)
}

// await waits for a frame that nobody asked for.
func (c *child) await(ctx context.Context, want kind, limit time.Duration) (frame, error) {
	stop, err := c.bound(ctx, time.Now().Add(limit))
	if err != nil {
		return frame{}, err
	}
	defer stop()
	return c.read(ctx, want)
}

// bound makes reading and writing end at the deadline, or when ctx does.
func (c *child) bound(ctx context.Context, deadline time.Time) (stop func() bool, err error) {
	set := func(t time.Time) error {
		return errors.Join(c.stdin.SetWriteDeadline(t), c.stdout.SetReadDeadline(t))
	}
	if err := set(deadline); err != nil {
		return nil, fmt.Errorf("bound the time of the recogniser: %w", err)
	}
	return context.AfterFunc(ctx, func() { _ = set(time.Unix(1, 0)) }), nil
}

func (c *child) read(ctx context.Context, want kind) (frame, error) {
	f, err := readFrame(c.reader)
	switch {
	case err != nil:
		return f, c.explain(ctx, err)
	case f.kind == kindFault:
		return f, &childError{string(f.body)}
	case f.kind != want:
		return f, fmt.Errorf("%w: the recogniser answered %q instead of %q", errFrame, f.kind, want)
	}
	return f, nil
}

// explain says why talking to the child failed.
func (c *child) explain(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return ErrStalled
	case errors.Is(err, errFrame):
		return err
	}
	select {
	case <-c.exited:
		return c.failure()
	case <-time.After(time.Second): // its end of the pipe is closed; its exit follows
		return err
	}
}

// failure is how the child ended. It is to be called after exited is closed.
func (c *child) failure() error {
	if c.err != nil {
		return fmt.Errorf("the recogniser ended: %w", c.err)
	}
	return errors.New("the recogniser ended")
}

// stop asks the child to end by closing its input, and kills it when it does not.
func (c *child) stop() {
	c.stdin.Close()
	select {
	case <-c.exited:
	case <-time.After(time.Second):
		_ = c.cmd.Process.Kill() // it may have ended meanwhile
		<-c.exited
	}
	c.stdout.Close()
}

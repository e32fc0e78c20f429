// Package child runs this program once more as a process that can be killed, because what runs in C can hang,
// and talks with it in frames.
package child

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

// ErrStalled says that a process did not answer in time; it is to be stopped.
var ErrStalled = errors.New("did not answer in time")

// A FaultError is an error that the process has reported; it is alive.
type FaultError struct{ Text string }

func (f *FaultError) Error() string { return f.Text }

// A Process is a child that answers questions. Only Stop may be called while another method runs.
type Process struct {
	name   string // for errors: "recogniser"
	cmd    *exec.Cmd
	stdin  *os.File
	stdout *os.File
	reader *bufio.Reader
	exited chan struct{} // closed when the process is gone, and err is set
	err    error
}

// Start runs a command with pipes at both ends. The name is what errors call it. glibc keeps a heap for each
// thread that allocates, and Go calls C from many: one heap halves what a model takes.
func Start(name string, command []string) (*Process, error) {
	if len(command) == 0 {
		return nil, fmt.Errorf("start the %s: no command given", name)
	}
	theirIn, ourIn, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start the %s: %w", name, err)
	}
	defer theirIn.Close()
	ourOut, theirOut, err := os.Pipe()
	if err != nil {
		ourIn.Close()
		return nil, fmt.Errorf("start the %s: %w", name, err)
	}
	defer theirOut.Close()
	p := &Process{name: name, stdin: ourIn, stdout: ourOut, reader: bufio.NewReader(ourOut), exited: make(chan struct{})}
	p.cmd = exec.Command(command[0], command[1:]...)
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = theirIn, theirOut, os.Stderr
	p.cmd.Env = append(os.Environ(), "MALLOC_ARENA_MAX=1")
	// A Ctrl-C at the terminal is for the daemon, which then ends its children in order.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		ourIn.Close()
		ourOut.Close()
		return nil, fmt.Errorf("start the %s: %w", name, err)
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.exited)
	}()
	return p, nil
}

// Ask sends a question and waits for an answer of the wanted kind, both within limit. It returns a *FaultError
// when the process reports one, ErrStalled, the cause of ctx, or how the process ended.
func (p *Process) Ask(ctx context.Context, question Frame, want Kind, limit time.Duration) (Frame, error) {
	stop, err := p.bound(ctx, time.Now().Add(limit))
	if err != nil {
		return Frame{}, err
	}
	defer stop()
	if err := WriteFrame(p.stdin, question); err != nil {
		return Frame{}, p.explain(ctx, err)
	}
	return p.read(ctx, want)
}

// Await waits for a frame that nobody asked for. Its errors are those of Ask.
func (p *Process) Await(ctx context.Context, want Kind, limit time.Duration) (Frame, error) {
	stop, err := p.bound(ctx, time.Now().Add(limit))
	if err != nil {
		return Frame{}, err
	}
	defer stop()
	return p.read(ctx, want)
}

// bound makes reading and writing end at the deadline, or when ctx does.
func (p *Process) bound(ctx context.Context, deadline time.Time) (stop func() bool, err error) {
	set := func(t time.Time) error {
		return errors.Join(p.stdin.SetWriteDeadline(t), p.stdout.SetReadDeadline(t))
	}
	if err := set(deadline); err != nil {
		return nil, fmt.Errorf("bound the time of the %s: %w", p.name, err)
	}
	return context.AfterFunc(ctx, func() { _ = set(time.Unix(1, 0)) }), nil
}

func (p *Process) read(ctx context.Context, want Kind) (Frame, error) {
	f, err := ReadFrame(p.reader)
	switch {
	case err != nil:
		return f, p.explain(ctx, err)
	case f.Kind == Fault:
		return f, &FaultError{string(f.Body)}
	case f.Kind != want:
		return f, fmt.Errorf("%w: the %s answered %q instead of %q", ErrFrame, p.name, f.Kind, want)
	}
	return f, nil
}

// explain says why talking to the process failed.
func (p *Process) explain(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Errorf("the %s %w", p.name, ErrStalled)
	case errors.Is(err, ErrFrame):
		return err
	}
	select {
	case <-p.exited:
		return p.Failure()
	case <-time.After(time.Second): // its end of the pipe is closed; its exit follows
		return err
	}
}

// Exited is closed when the process is gone.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Failure is how the process ended. It is to be called after Exited is closed.
func (p *Process) Failure() error {
	if p.err != nil {
		return fmt.Errorf("the %s ended: %w", p.name, p.err)
	}
	return fmt.Errorf("the %s ended", p.name)
}

// Stop asks the process to end by closing its input, kills it when it does not, and waits for its end.
func (p *Process) Stop() {
	p.stdin.Close()
	select {
	case <-p.exited:
	case <-time.After(time.Second):
		_ = p.cmd.Process.Kill() // it may have ended meanwhile
		<-p.exited
	}
	p.stdout.Close()
}

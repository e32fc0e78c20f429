package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"
)

// A terminal asks the owner, if one sits at it. Questions go to standard error, so that standard output has
// results only.
type terminal struct {
	in     *os.File
	lines  *bufio.Reader
	people bool // somebody can be asked
}

func newTerminal(in *os.File) *terminal {
	return &terminal{in: in, lines: bufio.NewReader(in), people: term.IsTerminal(int(in.Fd()))}
}

// ask prints a question and reads one line.
func (t *terminal) ask(ctx context.Context, question string) (string, error) {
	fmt.Fprint(os.Stderr, question)
	return interruptible(ctx, t.line)
}

// line reads one line; the last one need not end.
func (t *terminal) line() (string, error) {
	line, err := t.lines.ReadString('\n')
	if errors.Is(err, io.EOF) && line != "" {
		err = nil
	}
	return strings.TrimSpace(line), err
}

// secret is ask without showing what is typed.
func (t *terminal) secret(ctx context.Context, question string) (string, error) {
	fd := int(t.in.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", err
	}
	fmt.Fprint(os.Stderr, question)
	typed, err := interruptible(ctx, func() (string, error) {
		typed, err := term.ReadPassword(fd)
		return strings.TrimSpace(string(typed)), err
	})
	fmt.Fprintln(os.Stderr)
	return typed, errors.Join(err, term.Restore(fd, before))
}

// choose asks which of a list is meant, by number. What is typed instead of a number is returned as it is.
func (t *terminal) choose(ctx context.Context, question string, list []string) (index int, other string, err error) {
	for i, item := range list {
		fmt.Fprintf(os.Stderr, "%3d  %s\n", i+1, item)
	}
	typed, err := t.ask(ctx, question)
	if err != nil {
		return -1, "", err
	}
	if n, err := strconv.Atoi(typed); err == nil && n >= 1 && n <= len(list) {
		return n - 1, "", nil
	}
	return -1, typed, nil
}

// interruptible reads until ctx ends: a read of a terminal cannot be taken back, and is left alone then.
func interruptible(ctx context.Context, read func() (string, error)) (string, error) {
	type result struct {
		text string
		err  error
	}
	done := make(chan result, 1) // room for what comes too late
	go func() {
		text, err := read()
		done <- result{text, err}
	}()
	select {
	case <-ctx.Done():
		return "", context.Cause(ctx)
	case r := <-done:
		return r.text, r.err
	}
}

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"

	"github.com/coreos/go-systemd/v22/journal"
)

// A journalHandler writes text lines with the priority in front that journald reads ("<4>"), and
// without the time, which journald has itself. See sd-daemon(3).
type journalHandler struct {
	slog.Handler // writes to line
	out          *priorityWriter
}

// priorityWriter puts the priority of the record being written before its line.
type priorityWriter struct {
	mu       sync.Mutex
	w        io.Writer
	priority journal.Priority
}

func (p *priorityWriter) Write(line []byte) (int, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "<%d>", p.priority)
	b.Write(line)
	if _, err := p.w.Write(b.Bytes()); err != nil {
		return 0, err
	}
	return len(line), nil
}

func newJournalHandler(w io.Writer, options *slog.HandlerOptions) slog.Handler {
	out := &priorityWriter{w: w}
	text := slog.NewTextHandler(out, &slog.HandlerOptions{
		Level: options.Level,
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == slog.LevelKey) {
				return slog.Attr{}
			}
			return a
		},
	})
	return &journalHandler{text, out}
}

// Handle writes one record.
func (h *journalHandler) Handle(ctx context.Context, r slog.Record) error {
	h.out.mu.Lock()
	defer h.out.mu.Unlock()
	h.out.priority = priority(r.Level)
	return h.Handler.Handle(ctx, r)
}

// WithAttrs keeps the priority in front.
func (h *journalHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &journalHandler{h.Handler.WithAttrs(attrs), h.out}
}

// WithGroup keeps the priority in front.
func (h *journalHandler) WithGroup(name string) slog.Handler {
	return &journalHandler{h.Handler.WithGroup(name), h.out}
}

func priority(l slog.Level) journal.Priority {
	switch {
	case l >= slog.LevelError:
		return journal.PriErr
	case l >= slog.LevelWarn:
		return journal.PriWarning
	case l >= slog.LevelInfo:
		return journal.PriInfo
	}
	return journal.PriDebug
}

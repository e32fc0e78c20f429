package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"strings"
	"sync"

	"github.com/coreos/go-systemd/v22/journal"
)

// A journalHandler gives each record to journald as a line of text, without the time, which journald has itself.
// Where standard error is the journal, its attributes are fields as well, HEARTH_COMPONENT=microphone; elsewhere the
// priority stands in front of the line ("<4>"). See sd-daemon(3) and systemd.journal-fields(7).
type journalHandler struct {
	text   slog.Handler // writes to the sink's line
	sink   *journalSink
	fields map[string]string // of WithAttrs
	groups string            // of WithGroup, "A_B_"
}

// journalSink takes one record at a time.
type journalSink struct {
	mu   sync.Mutex
	line bytes.Buffer
	send func(line string, priority journal.Priority, fields map[string]string) error
}

// newJournalHandler speaks journald's own protocol, or writes to w when standard error is not the journal, or the
// journal does not take it.
func newJournalHandler(w io.Writer, options *slog.HandlerOptions) slog.Handler {
	native, err := journal.StderrIsJournalStream()
	native = native && err == nil
	return newJournalSink(func(line string, priority journal.Priority, fields map[string]string) error {
		if native && journal.Send(line, priority, fields) == nil {
			return nil
		}
		_, err := fmt.Fprintf(w, "<%d>%s\n", priority, line)
		return err
	}, options)
}

func newJournalSink(send func(string, journal.Priority, map[string]string) error, options *slog.HandlerOptions) slog.Handler {
	sink := &journalSink{send: send}
	text := slog.NewTextHandler(&sink.line, &slog.HandlerOptions{
		Level: options.Level,
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == slog.LevelKey) {
				return slog.Attr{}
			}
			return a
		},
	})
	return &journalHandler{text: text, sink: sink, fields: map[string]string{"SYSLOG_IDENTIFIER": "hearthd"}}
}

// Enabled tells whether records of a level are wanted.
func (h *journalHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.text.Enabled(ctx, level)
}

// Handle sends one record.
func (h *journalHandler) Handle(ctx context.Context, r slog.Record) error {
	fields := maps.Clone(h.fields)
	r.Attrs(func(a slog.Attr) bool {
		addField(fields, h.groups, a)
		return true
	})
	h.sink.mu.Lock()
	defer h.sink.mu.Unlock()
	h.sink.line.Reset()
	if err := h.text.Handle(ctx, r); err != nil {
		return err
	}
	return h.sink.send(strings.TrimSuffix(h.sink.line.String(), "\n"), priority(r.Level), fields)
}

// addField adds an attribute as a field, and those of a group one by one.
func addField(fields map[string]string, groups string, a slog.Attr) {
	value := a.Value.Resolve()
	name := groups + strings.Map(fieldLetter, a.Key)
	if value.Kind() != slog.KindGroup {
		fields["HEARTH_"+name] = value.String()
		return
	}
	if a.Key != "" {
		groups = name + "_"
	}
	for _, inner := range value.Group() {
		addField(fields, groups, inner)
	}
}

// fieldLetter is a letter as the name of a field may have it.
func fieldLetter(r rune) rune {
	switch {
	case 'a' <= r && r <= 'z':
		return r - 'a' + 'A'
	case 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return r
	}
	return '_'
}

// WithAttrs returns a handler whose records have these attributes, too.
func (h *journalHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	fields := maps.Clone(h.fields)
	for _, a := range attrs {
		addField(fields, h.groups, a)
	}
	return &journalHandler{h.text.WithAttrs(attrs), h.sink, fields, h.groups}
}

// WithGroup returns a handler whose further attributes belong to a group.
func (h *journalHandler) WithGroup(name string) slog.Handler {
	return &journalHandler{h.text.WithGroup(name), h.sink, h.fields, h.groups + strings.Map(fieldLetter, name) + "_"}
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

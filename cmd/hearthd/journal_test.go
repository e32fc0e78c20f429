package main

import (
	"bytes"
	"log/slog"
	"maps"
	"testing"
	"time"

	"github.com/coreos/go-systemd/v22/journal"

	"hearth/daemon/config"
)

func TestJournalLinesCarryTheirPriority(t *testing.T) {
	var b bytes.Buffer
	log := slog.New(newJournalHandler(&b, &slog.HandlerOptions{Level: slog.LevelInfo})).With("component", "home")
	log.Debug("not this")
	log.Info("works")
	log.Warn("degraded", "error", "gone")
	log.Error("failed")
	want := "<6>msg=works component=home\n<4>msg=degraded component=home error=gone\n<3>msg=failed component=home\n"
	if b.String() != want {
		t.Errorf("journal:\n%swant:\n%s", b.String(), want)
	}
}

func TestJournalFields(t *testing.T) {
	var got map[string]string
	log := slog.New(newJournalSink(func(_ string, _ journal.Priority, fields map[string]string) error {
		got = fields
		return nil
	}, &slog.HandlerOptions{Level: slog.LevelInfo}))
	for name, c := range map[string]struct {
		log  func()
		want map[string]string
	}{
		"attributes": {func() { log.Info("x", "component", "home", "took", time.Second) }, map[string]string{"COMPONENT": "home", "TOOK": "1s"}},
		"of With":    {func() { log.With("a", 1).Info("x", "b", 2) }, map[string]string{"A": "1", "B": "2"}},
		"groups": {func() { log.WithGroup("web").With("port", 1).Info("x", slog.Group("tls", "ok", true)) },
			map[string]string{"WEB_PORT": "1", "WEB_TLS_OK": "true"}},
		"odd letters": {func() { log.Info("x", "web.listen-é", 1) }, map[string]string{"WEB_LISTEN__": "1"}},
		"secrets":     {func() { log.Info("x", "token", config.NewSecret("hush")) }, map[string]string{"TOKEN": "[redacted]"}},
	} {
		c.log()
		want := map[string]string{"SYSLOG_IDENTIFIER": "hearthd"}
		for key, value := range c.want {
			want["HEARTH_"+key] = value
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: fields %v, want %v", name, got, want)
		}
	}
}

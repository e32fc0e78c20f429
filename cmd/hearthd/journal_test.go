package main

import (
	"bytes"
	"log/slog"
	"testing"
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

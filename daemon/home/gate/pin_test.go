package gate_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/home/gate"
)

// A clock of a test's own.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func newClock() *clock { return &clock{time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)} }

func try(t *testing.T, g *gate.Gate, session, digits string, want conversation.Reason) {
	t.Helper()
	if got := g.TryPIN(session, digits); got != want {
		t.Errorf("%s says %s: %q, want %q", session, digits, got, want)
	}
}

func TestThreeWrongPINsLockASessionOut(t *testing.T) {
	c := newClock()
	g := newGate(t, gate.Options{PIN: "2468", Now: c.Now})
	for range 3 {
		try(t, g, "kitchen", "1111", conversation.WrongPIN)
	}
	try(t, g, "kitchen", "2468", conversation.LockedOut) // the right one does not help now
	if got := g.Check(house(), call("lock.unlock lock.front_door", nil), asked); got.Verdict != denies || got.Reason != conversation.LockedOut {
		t.Errorf("%+v", got)
	}
	try(t, g, "hallway", "2468", "") // another session
	c.now = c.now.Add(5*time.Minute - time.Second)
	try(t, g, "kitchen", "2468", conversation.LockedOut)
	c.now = c.now.Add(time.Second)
	try(t, g, "kitchen", "2468", "")
}

func TestARightPINMakesUpForWrongOnes(t *testing.T) {
	g := newGate(t, gate.Options{PIN: "2468"})
	for range 5 {
		try(t, g, "kitchen", "246", conversation.WrongPIN)
		try(t, g, "kitchen", "24680", conversation.WrongPIN)
		try(t, g, "kitchen", "2468", "")
	}
}

// Whoever tries in ever new sessions is stopped as well, and not for ever.
func TestTenWrongPINsLockEverybodyOut(t *testing.T) {
	c := newClock()
	g := newGate(t, gate.Options{PIN: "2468", Now: c.Now})
	for i := range 10 {
		try(t, g, fmt.Sprint(i), "1111", conversation.WrongPIN)
	}
	for i := range 1000 {
		try(t, g, fmt.Sprint("new", i), "1111", conversation.LockedOut)
	}
	try(t, g, "kitchen", "2468", conversation.LockedOut)
	c.now = c.now.Add(time.Hour)
	try(t, g, "kitchen", "2468", "")
}

func TestWrongPINsOutliveARestart(t *testing.T) {
	c := newClock()
	wrong := gate.Try{Session: "kitchen", At: c.now.Add(-time.Minute)}
	future := gate.Try{Session: "hallway", At: c.now.Add(1000 * time.Hour)} // the clock was set back
	g := newGate(t, gate.Options{PIN: "2468", Now: c.Now, Tries: []gate.Try{wrong, wrong, future, future, future}})
	try(t, g, "kitchen", "1111", conversation.WrongPIN)
	try(t, g, "kitchen", "2468", conversation.LockedOut)
	try(t, g, "hallway", "2468", conversation.LockedOut)
	c.now = c.now.Add(time.Hour)
	try(t, g, "kitchen", "2468", "")
	try(t, g, "hallway", "2468", "")
}

func TestWithoutAPINNothingIsTheRightOne(t *testing.T) {
	g := newGate(t, gate.Options{})
	try(t, g, "kitchen", "", conversation.WrongPIN)
	g.WrongPIN("kitchen")
	g.WrongPIN("kitchen")
	try(t, g, "kitchen", "", conversation.LockedOut)
}

func TestMisspeltNamesAreLogged(t *testing.T) {
	var log bytes.Buffer
	g := newGate(t, gate.Options{
		Critical: append(gate.DefaultCritical(), "switch.printer", "switch.prniter"),
		Rules:    []gate.Rule{{Targets: []gate.Target{"lock.unlock", "cover.garage", "*.nothing*"}, Rooms: []string{"kitchen", "kitchn"}}},
		Log:      slog.New(slog.NewTextHandler(&log, nil)),
	})
	for range 2 {
		g.Check(house(), call("light.turn_on light.desk_lamp", nil), asked)
	}
	if text := log.String(); !strings.Contains(text, `names="[kitchn switch.prniter *.nothing*]"`) || strings.Count(text, "\n") != 1 {
		t.Errorf("log: %s", text)
	}
}

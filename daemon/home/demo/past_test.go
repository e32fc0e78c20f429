package demo

import (
	"errors"
	"testing"
	"time"

	"hearth/daemon/home"
)

func TestTheHomeRemembersItsStates(t *testing.T) {
	h := New(WithPace(0))
	now := time.Now()
	states := func(id home.EntityID, since time.Time) []home.Moment {
		t.Helper()
		moments, err := h.States(t.Context(), id, since, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return moments
	}
	before := states("binary_sensor.kitchen_window", now.AddDate(0, 0, -10))
	if len(before) != 3 || before[1].State != "on" || before[2].State != "off" || before[2].At.After(now) {
		t.Fatalf("at the beginning: %v", before)
	}
	if err := h.Set("binary_sensor.kitchen_window", "on", nil); err != nil {
		t.Fatal(err)
	}
	if err := h.Set("binary_sensor.kitchen_window", "on", map[string]any{"battery": 80}); err != nil {
		t.Fatal(err)
	}
	after := states("binary_sensor.kitchen_window", now.AddDate(0, 0, -10))
	if len(after) != 4 || after[3].State != "on" || after[3].At.Before(now) {
		t.Errorf("after it was opened: %v", after)
	}
	// The first is what the state was when the time that is asked about began.
	if late := states("binary_sensor.kitchen_window", now.Add(-time.Second)); len(late) != 2 || late[0].State != "off" || !late[0].At.Equal(now.Add(-time.Second)) {
		t.Errorf("of the last second: %v", late)
	}
	for _, id := range []home.EntityID{"lock.office_safe", "light.never_was"} {
		if _, err := h.States(t.Context(), id, now, now); !errors.Is(err, home.ErrUnknownEntity) {
			t.Errorf("%s: %v", id, err)
		}
	}
	for range 2 * keptMoments {
		h.Set("binary_sensor.kitchen_window", opposites[state0(h)], nil)
	}
	if kept := states("binary_sensor.kitchen_window", now.AddDate(0, 0, -10)); len(kept) != keptMoments {
		t.Errorf("%d states are kept", len(kept))
	}
}

func state0(h *Home) string {
	e, _ := h.Snapshot().Entity("binary_sensor.kitchen_window")
	return e.State
}

package confirm_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"hearth/daemon/home"
	"hearth/daemon/home/confirm"
	"hearth/daemon/home/demo"
)

// lamp is a light in a state, last changed so long after the test's beginning.
func lamp(id home.EntityID, state string, changed time.Duration) home.Entity {
	return home.Entity{ID: id, Name: "Lamp", State: state, Changed: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(changed)}
}

func snapshotOf(entities ...home.Entity) func() *home.Snapshot {
	s := home.NewSnapshot(entities, nil, nil)
	return func() *home.Snapshot { return s }
}

var turnOn = call("light.turn_on light.lamp", nil)

func TestWaitGivesUpInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		off := lamp("light.lamp", "off", 0)
		got := confirm.Wait(t.Context(), make(chan home.Change), snapshotOf(off), confirm.Expect(turnOn, off))
		if want := (confirm.Result{Evidence: "is still off", Took: 2 * time.Second}); got[0] != want {
			t.Errorf("got %+v, want %+v", got[0], want)
		}
	})
}

// A home that answers before Wait begins, or whose change is lost, is believed for its snapshot.
func TestWaitReadsTheSnapshot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		off, on := lamp("light.lamp", "off", 0), lamp("light.lamp", "on", 1)
		got := confirm.Wait(t.Context(), nil, snapshotOf(on), confirm.Expect(turnOn, off))
		if !got[0].Met || got[0].Took != 0 {
			t.Errorf("before Wait: %+v, want it met at once", got[0])
		}

		reads := 0
		late := func() *home.Snapshot {
			if reads++; reads == 1 {
				return snapshotOf(off)()
			}
			return snapshotOf(on)()
		}
		closed := make(chan home.Change)
		close(closed)
		got = confirm.Wait(t.Context(), closed, late, confirm.Expect(turnOn, off))
		if !got[0].Met || got[0].Took != 2*time.Second || reads != 2 {
			t.Errorf("lost: %+v after %d looks, want it met at the second look, at the end", got[0], reads)
		}

		reads = 0
		changes := make(chan home.Change, 1)
		changes <- home.Change{After: lamp("light.other", "on", 1)}
		got = confirm.Wait(t.Context(), changes, late, confirm.Expect(turnOn, off))
		if !got[0].Met || got[0].Took != 0 {
			t.Errorf("overflowed: %+v, want any change to lead to the one that was lost", got[0])
		}
	})
}

// A state that has passed already proves the call by its change.
func TestWaitHearsWhatHasPassed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		off := lamp("light.lamp", "off", 0)
		changes := make(chan home.Change, 1)
		changes <- home.Change{Before: off, After: lamp("light.lamp", "on", time.Second)}
		got := confirm.Wait(t.Context(), changes, snapshotOf(lamp("light.lamp", "off", 2*time.Second)), confirm.Expect(turnOn, off))
		if !got[0].Met {
			t.Errorf("got %+v, want it met by the change", got[0])
		}
	})
}

// News that is older than the state before the call proves nothing.
func TestWaitIgnoresOldNews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		off := lamp("light.lamp", "off", 2*time.Second)
		changes := make(chan home.Change, 1)
		changes <- home.Change{After: lamp("light.lamp", "on", time.Second)}
		got := confirm.Wait(t.Context(), changes, snapshotOf(off), confirm.Expect(turnOn, off))
		if got[0].Met {
			t.Errorf("got %+v, want old news ignored", got[0])
		}
	})
}

func TestWaitForManyAtOnce(t *testing.T) {
	inHome(t, func(t *testing.T, h *demo.Home) {
		calls := []home.Call{
			call("lock.unlock lock.front_door", nil),
			call("light.turn_on light.attic_light", nil), // flaky
			call("light.turn_on light.garden_lights", nil),
			call("light.turn_on light.hallway_light", nil),
		}
		changes, stop := h.Watch()
		defer stop()
		var expected []confirm.Expectation
		for _, c := range calls {
			before, _ := h.Snapshot().Entity(c.Entity)
			expected = append(expected, confirm.Expect(c, before))
			if _, err := h.Call(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
		began := time.Now()
		got := confirm.Wait(t.Context(), changes, h.Snapshot, expected...)
		if !got[0].Met || got[1].Met || !got[2].Silent || !got[3].Met {
			t.Errorf("got %+v, want the lock and the hall met, the attic not, the garden silent", got)
		}
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("Wait took %s, want the 2s of the slowest", took)
		}
		if got[3].Took >= got[0].Took {
			t.Errorf("the light took %s and the lock %s, want each its own time", got[3].Took, got[0].Took)
		}
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		off := lamp("light.lamp", "off", 0)
		began := time.Now()
		got := confirm.Wait(ctx, nil, snapshotOf(off), confirm.Expect(turnOn, off))
		if got[0].Met || got[0].Evidence != "is still off" || time.Since(began) != 100*time.Millisecond {
			t.Errorf("got %+v after %s, want it unmet when the context ended", got[0], time.Since(began))
		}
	})
}

func TestWaitForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if got := confirm.Wait(t.Context(), nil, snapshotOf()); len(got) != 0 {
			t.Errorf("got %+v", got)
		}
		got := confirm.Wait(t.Context(), nil, snapshotOf(), confirm.Expect(turnOn, lamp("light.lamp", "off", 0)))
		if got[0].Met || got[0].Evidence != "the home no longer has it" {
			t.Errorf("got %+v, want it said that the light is gone", got[0])
		}
	})
}

// A lock that says it is jammed is not waited for; that it was jammed before says nothing.
func TestWaitGivesUpOnAJammedLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		jam := func(changed time.Duration) home.Entity { return lamp("lock.door", "jammed", changed) }
		lock := call("lock.lock lock.door", nil)
		got := confirm.Wait(t.Context(), nil, snapshotOf(jam(1)), confirm.Expect(lock, lamp("lock.door", "unlocked", 0)))
		if !got[0].Jammed || got[0].Met || got[0].Took != 0 {
			t.Errorf("jammed since: %+v", got[0])
		}
		got = confirm.Wait(t.Context(), nil, snapshotOf(jam(0)), confirm.Expect(lock, jam(0)))
		if got[0].Jammed || got[0].Took != 8*time.Second {
			t.Errorf("jammed before: %+v", got[0])
		}
	})
}

package timer

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	_ "time/tzdata"

	"hearth/daemon/clock"
	"hearth/daemon/conversation"
	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
)

// loudly runs a Service whose rings are heard.
func loudly(t *testing.T, store Store, o Options) *running {
	r := runWith(t, store, o)
	r.ears.Lock()
	r.loud = true
	r.ears.Unlock()
	return r
}

// alarm sets an alarm for a time of day and gives its ID.
func (r *running) alarm(at string, days clock.Days) string {
	r.t.Helper()
	r.call("start", "", map[string]any{"kind": "alarm", "at": at, "days": days.String(), "room": "bedroom"})
	for _, t := range r.Running() {
		if t.Kind == command.Alarm {
			return t.ID
		}
	}
	r.t.Fatal("the alarm does not run after it was set")
	return ""
}

func TestARingIsRepeatedUntilItIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemory()
		r := loudly(t, store, Options{})
		id := r.start("egg", "kitchen", time.Minute)
		pass(time.Minute + 10*time.Second)
		if n := len(r.heard()); n != 4 {
			t.Errorf("%d rings in ten seconds, want one every three", n)
		}
		if now := r.Running(); len(now) != 1 || !now[0].Ringing || len(store.timers) != 1 {
			t.Errorf("while it rings: running %+v, %d stored", now, len(store.timers))
		}
		r.call("stop", id, nil)
		pass(time.Hour)
		if n := len(r.heard()); n != 4 || len(r.Running()) != 0 || len(store.timers) != 0 {
			t.Errorf("after stop: %d rings, %d running, %d stored", n, len(r.Running()), len(store.timers))
		}
	})
}

func TestARingEndsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemory()
		r := loudly(t, store, Options{})
		r.start("egg", "", time.Minute)
		pass(time.Hour)
		rang := r.at[len(r.at)-1].Sub(r.at[0])
		if rang > ringFor || rang < ringFor-2*ringPause || len(store.timers) != 0 {
			t.Errorf("it rang for %s, and %d are stored", rang, len(store.timers))
		}
	})
}

func TestSnooze(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemory()
		r := loudly(t, store, Options{})
		at := clock.Of(time.Now().Add(time.Hour))
		id := r.alarm(at.String(), clock.EveryDay)
		pass(time.Hour)
		if len(r.heard()) != 1 {
			t.Fatalf("%d rings", len(r.heard()))
		}
		r.call("snooze", id, map[string]any{"seconds": 540})
		pass(time.Second)
		running := r.Running()
		if len(running) != 2 || running[0].Left != 9*time.Minute-time.Second || running[0].Kind != command.Alarm || running[1].ID != id {
			t.Fatalf("running %+v, want the alarm again in nine minutes and tomorrow", running)
		}
		pass(9 * time.Minute)
		if len(r.heard()) < 2 {
			t.Error("it did not ring again")
		}
		pass(time.Hour)
		if left := r.Running(); len(left) != 1 || left[0].Days != clock.EveryDay {
			t.Errorf("running %+v, want only what rings tomorrow", left)
		}
	})
}

func TestStoppingWhatDoesNotRing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, newMemory())
		id := r.start("egg", "", time.Minute)
		for _, service := range []string{"stop", "snooze"} {
			_, err := r.Call(t.Context(), home.Call{Domain: "timer", Service: service, Entity: command.TimerEntity(id),
				Data: map[string]any{"seconds": 60}})
			if target := (*command.TargetError)(nil); !errors.As(err, &target) {
				t.Errorf("%s: %v, want a TargetError", service, err)
			}
		}
	})
}

// slow is a Ringer whose rings last until they are stopped.
type slow struct{ stopped atomic.Int32 }

func (s *slow) Ring(ctx context.Context, _ Ring) (heard bool, err error) {
	<-ctx.Done()
	s.stopped.Add(1)
	return true, nil
}

func (s *slow) CarryOut(context.Context, Ring) error { return nil }

func TestAStopEndsTheSoundItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ringer := &slow{}
		s := New(newMemory(), Options{Ringer: ringer})
		ctx, cancel := context.WithCancel(t.Context())
		go func() { _ = s.Run(ctx) }()
		if _, err := s.Call(ctx, home.Call{Service: "start", Data: map[string]any{"seconds": 5}}); err != nil {
			t.Fatal(err)
		}
		pass(10 * time.Second)
		if _, err := s.Call(ctx, home.Call{Service: "stop", Entity: command.TimerEntity(s.Running()[0].ID)}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if ringer.stopped.Load() != 1 || len(s.Running()) != 0 {
			t.Errorf("%d stopped, %d running", ringer.stopped.Load(), len(s.Running()))
		}
		cancel()
		synctest.Wait()
	})
}

// A command that takes long keeps no timer waiting, and is begun once.
func TestACommandRunsBesideRings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var begun, rang []time.Time
		s := New(newMemory(), Options{Ringer: ringing(func(ctx context.Context, ring Ring) error {
			if ring.Timer.Command == "" {
				rang = append(rang, time.Now())
				return nil
			}
			begun = append(begun, time.Now())
			time.Sleep(5 * time.Minute)
			return nil
		})})
		ctx, cancel := context.WithCancel(t.Context())
		go func() { _ = s.Run(ctx) }()
		start := time.Now()
		for _, data := range []map[string]any{{"seconds": 60, "command": "open the blinds"}, {"seconds": 61}} {
			if _, err := s.Call(ctx, home.Call{Service: "start", Data: data}); err != nil {
				t.Fatal(err)
			}
		}
		pass(10 * time.Minute)
		if len(begun) != 1 || len(rang) != 1 || rang[0].Sub(start) != 61*time.Second || len(s.Running()) != 0 {
			t.Errorf("begun %v, rang %v, running %v", begun, rang, s.Running())
		}
		cancel()
		synctest.Wait()
	})
}

func TestWhatIsTooLateIsOnlyTold(t *testing.T) {
	for _, c := range []struct {
		name   string
		timer  Timer
		late   time.Duration
		missed bool
	}{
		{"alarm", Timer{Kind: command.Alarm}, 59 * time.Minute, false},
		{"alarm of this morning", Timer{Kind: command.Alarm}, 2 * time.Hour, true},
		{"timer", Timer{Kind: command.Countdown}, 2 * time.Hour, false},
		{"reminder", Timer{Kind: command.Reminder, Message: "trash"}, 2 * time.Hour, false},
		{"command", Timer{Kind: command.Countdown, Command: "turn on the oven"}, 30 * time.Minute, false},
		{"command of this morning", Timer{Kind: command.Planned, Command: "turn on the oven"}, 2 * time.Hour, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := newMemory()
				c.timer.ID, c.timer.Due = "x", time.Now().Add(-c.late)
				store.timers["x"] = c.timer
				r := loudly(t, store, Options{})
				pass(time.Hour)
				first := r.heard()[0]
				if first.Missed != c.missed || first.Late != c.late {
					t.Errorf("missed %v by %s, want %v by %s", first.Missed, first.Late, c.missed, c.late)
				}
				if n := len(r.heard()); c.missed && n != 1 {
					t.Errorf("what was missed was told %d times", n)
				}
				if len(store.timers) != 0 {
					t.Errorf("still stored: %v", store.timers)
				}
			})
		})
	}
}

// set is a wall clock that can be set.
type set struct {
	zone *time.Location
	by   atomic.Int64
}

func (c *set) now() time.Time { return time.Now().Add(time.Duration(c.by.Load())).In(c.zone) }

func (c *set) move(d time.Duration) { c.by.Add(int64(d)) }

func TestATimerKeepsItsLengthWhenTheClockIsSet(t *testing.T) {
	for _, by := range []time.Duration{time.Hour, -time.Hour, 365 * 24 * time.Hour} {
		t.Run(by.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store, wall := newMemory(), &set{zone: time.UTC}
				r := runWith(t, store, Options{Wall: wall.now})
				begin := time.Now()
				id := r.start("egg", "", 10*time.Minute)
				pass(2 * time.Minute)
				wall.move(by)
				pass(2 * time.Minute)
				if due := store.get(id).Due; due.Sub(wall.now()) != 6*time.Minute {
					t.Errorf("stored to be due in %s, want 6m", due.Sub(wall.now()))
				}
				pass(time.Hour)
				if len(r.at) != 1 || r.at[0].Sub(begin) != 10*time.Minute || r.heard()[0].Late != 0 {
					t.Errorf("rang %v, late %v, want once after ten minutes", r.at, r.heard())
				}
			})
		})
	}
}

// A hub without a battery for its clock starts in the past and is set right a little later.
func TestATimerOfBeforeTheStartGoesByTheClockOnceThatIsRight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, wall := newMemory(), &set{zone: time.UTC}
		store.timers["egg"] = Timer{ID: "egg", Kind: command.Countdown, Length: time.Hour, Due: time.Now().Add(30 * time.Minute)}
		wall.move(-6 * time.Hour)
		r := runWith(t, store, Options{Wall: wall.now})
		begin := time.Now()
		pass(time.Minute)
		wall.move(6 * time.Hour)
		pass(time.Hour)
		if len(r.at) != 1 || r.at[0].Sub(begin) > 31*time.Minute {
			t.Errorf("rang %v after the start, want half an hour after it", r.at)
		}
	})
}

func TestAnAlarmGoesByTheClock(t *testing.T) {
	begin := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // where simulated time begins
	for _, c := range []struct {
		name string
		move time.Duration
		want time.Duration // after the start
		late time.Duration
	}{
		{"not set", 0, 7 * time.Hour, 0},
		{"set forward", 2 * time.Hour, 5 * time.Hour, 0},
		{"set back", -2 * time.Hour, 9 * time.Hour, 0},
		{"set forward over it", 7*time.Hour + 10*time.Minute, 2 * time.Minute, 11 * time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				wall := &set{zone: time.UTC}
				r := runWith(t, newMemory(), Options{Wall: wall.now})
				r.alarm("2000-01-01T07:00", clock.EveryDay)
				pass(time.Minute)
				wall.move(c.move)
				pass(10 * time.Hour)
				if len(r.at) != 1 {
					t.Fatalf("rang %v, want once", r.at)
				}
				if after := r.at[0].Sub(begin); (after-c.want).Abs() > recheck || (r.heard()[0].Late-c.late).Abs() > recheck {
					t.Errorf("rang after %s, %s late, want %s, %s", after, r.heard()[0].Late, c.want, c.late)
				}
				wall.move(-time.Hour) // it has rung: the same time again is not another day
				pass(2 * time.Hour)
				if len(r.at) != 1 {
					t.Errorf("it rang again when the clock was set back: %v", r.at)
				}
			})
		})
	}
}

// TestARingGoesOnWhenTheClockIsSetBack: that it was due is past, whatever the clock says then.
func TestARingGoesOnWhenTheClockIsSetBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wall := &set{zone: time.UTC}
		r := loudly(t, newMemory(), Options{Wall: wall.now})
		r.alarm("2000-01-01T07:00", 0)
		pass(7 * time.Hour)
		wall.move(-time.Hour)
		pass(10 * time.Second)
		if n := len(r.heard()); n != 4 {
			t.Errorf("%d rings in ten seconds, want one every three", n)
		}
		pass(2 * time.Hour)
		if rang := r.at[len(r.at)-1].Sub(r.at[0]); rang > ringFor || len(r.Running()) != 0 {
			t.Errorf("it rang for %s, running %+v", rang, r.Running())
		}
	})
}

// An alarm at half past two rings once a day, whatever is done to the clocks at night.
func TestAnAlarmRingsOnceADayWhenClocksAreSet(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		wall := &set{zone: berlin}
		r := runWith(t, newMemory(), Options{Wall: wall.now})
		time.Sleep(time.Until(time.Date(2000, 3, 23, 12, 0, 0, 0, time.UTC)))
		r.alarm("2000-03-24T02:30", clock.EveryDay)
		var want []string
		for day := time.Date(2000, 3, 24, 0, 0, 0, 0, time.UTC); day.Before(time.Date(2000, 3, 28, 0, 0, 0, 0, time.UTC)); day = day.AddDate(0, 0, 1) {
			want = append(want, clock.Moment{Year: 2000, Month: 3, Day: day.Day(), Hour: 2, Minute: 30}.In(berlin).UTC().Format(time.RFC3339))
		}
		time.Sleep(time.Until(time.Date(2000, 3, 28, 0, 0, 0, 0, time.UTC)))
		var got []string
		for _, at := range r.at {
			got = append(got, at.UTC().Format(time.RFC3339))
		}
		if !slices.Equal(got, want) {
			t.Errorf("rang at %v, want %v", got, want)
		}
	})
}

func TestAnAlarmAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, wall := newMemory(), &set{zone: time.UTC}
		first := runWith(t, store, Options{Wall: wall.now})
		first.alarm("2000-01-01T07:00", clock.Weekdays)
		if got := first.Running()[0].Due.Format(time.RFC3339); got != "2000-01-03T07:00:00Z" {
			t.Errorf("due at %s, want on Monday", got)
		}
		first.stop()
		pass(5 * 24 * time.Hour)
		second := runWith(t, store, Options{Wall: wall.now})
		if rings := second.heard(); len(rings) != 1 || !rings[0].Missed {
			t.Errorf("rings at the start: %+v, want one that was missed", rings)
		}
		if got := second.Running(); len(got) != 1 || got[0].Due.Format(time.RFC3339) != "2000-01-06T07:00:00Z" {
			t.Errorf("running %+v, want it on Thursday", got)
		}
	})
}

// house is a Home of one entity.
type house struct {
	snapshot atomic.Pointer[home.Snapshot]
	changes  chan home.Change
}

func newHouse(e home.Entity) *house {
	h := &house{changes: make(chan home.Change, 10)}
	h.snapshot.Store(home.NewSnapshot([]home.Entity{e}, nil, nil))
	return h
}

func (h *house) Snapshot() *home.Snapshot            { return h.snapshot.Load() }
func (h *house) Watch() (<-chan home.Change, func()) { return h.changes, func() {} }

func (h *house) become(state string) {
	e := h.Snapshot().Entities[0]
	before := e
	e.State = state
	h.snapshot.Store(h.Snapshot().With(e))
	h.changes <- home.Change{Before: before, After: e}
}

var condition = map[string]any{"kind": "condition", "entity": "switch.washer", "state": "done", "command": "turn on the light"}

func TestACondition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, store := newHouse(home.Entity{ID: "switch.washer", State: "on", Exposed: true}), newMemory()
		r := runWith(t, store, Options{Home: h})
		r.call("start", "", condition)
		pass(time.Hour)
		h.become("unavailable")
		h.become("on")
		pass(time.Second)
		if len(r.heard()) != 0 {
			t.Fatalf("it came about too early: %+v", r.heard())
		}
		h.become("off")
		h.become("on")
		h.become("off")
		pass(time.Hour)
		if rings := r.heard(); len(rings) != 1 || rings[0].Expired || rings[0].Late != 0 || len(store.timers) != 0 {
			t.Errorf("rings %+v, %d stored, want once", rings, len(store.timers))
		}
	})
}

// What was only to be told rings like a timer, though the door is shut again meanwhile.
func TestAConditionThatIsTold(t *testing.T) {
	told := maps.Clone(condition)
	delete(told, "command")
	begin := func(t *testing.T) (*house, *running, *memory) {
		h, store := newHouse(home.Entity{ID: "switch.washer", State: "on", Exposed: true}), newMemory()
		r := loudly(t, store, Options{Home: h})
		r.call("start", "", told)
		pass(time.Hour)
		h.become("off")
		pass(10 * time.Second)
		if n := len(r.heard()); n != 4 || !r.Running()[0].Ringing {
			t.Errorf("%d rings in ten seconds, want one every three", n)
		}
		return h, r, store
	}
	synctest.Test(t, func(t *testing.T) {
		h, r, store := begin(t)
		h.become("on")
		pass(ringFor)
		rings := r.heard()
		if len(r.Running()) != 0 || len(store.timers) != 0 || slices.ContainsFunc(rings, func(r Ring) bool { return r.Expired }) {
			t.Errorf("after its time: %d rings, running %+v, %d stored", len(rings), r.Running(), len(store.timers))
		}
		h.become("off")
		pass(25 * time.Hour)
		if n := len(r.heard()); n != len(rings) {
			t.Errorf("it rang %d times more", n-len(rings))
		}
	})
	synctest.Test(t, func(t *testing.T) {
		h, r, _ := begin(t)
		r.call("snooze", r.Running()[0].ID, map[string]any{"seconds": 540.0})
		h.become("on")
		pass(8 * time.Minute)
		if now := r.Running(); len(r.heard()) != 4 || len(now) != 1 || now[0].Ringing {
			t.Errorf("while it is snoozed: %d rings, running %+v", len(r.heard()), now)
		}
		pass(time.Minute)
		if rings := r.heard(); len(rings) != 5 || rings[4].Expired || rings[4].Timer.State != "done" {
			t.Errorf("after that: %+v", rings[4:])
		}
	})
}

// The bell at the door is pushed for a second, while the egg timer's sound plays.
func TestAConditionThatComesAndGoesWhileSomethingRings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(home.Entity{ID: "switch.washer", State: "on", Exposed: true})
		var rang []string
		s := New(newMemory(), Options{Home: h, Ringer: ringing(func(_ context.Context, r Ring) error {
			rang = append(rang, r.Timer.Name)
			time.Sleep(10 * time.Second)
			return nil
		})})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.Run(ctx) }()
		for _, data := range []map[string]any{
			{"seconds": 60, "name": "egg"}, {"kind": "condition", "entity": "switch.washer", "state": "done", "name": "washer"},
		} {
			if _, err := s.Call(t.Context(), home.Call{Domain: "timer", Service: "start", Data: data}); err != nil {
				t.Fatal(err)
			}
		}
		pass(time.Minute + time.Second)
		go func() { h.become("off"); h.become("on") }()
		pass(time.Minute)
		if !slices.Equal(rang, []string{"egg", "washer"}) {
			t.Errorf("rang %q", rang)
		}
		cancel()
		<-done
	})
}

func TestAConditionThatCameAboutWhileHearthWasOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, store := newHouse(home.Entity{ID: "switch.washer", State: "on", Exposed: true}), newMemory()
		first := runWith(t, store, Options{Home: h})
		first.call("start", "", condition)
		first.stop()
		h.become("off")
		if second := runWith(t, store, Options{Home: h}); len(second.heard()) != 1 {
			t.Errorf("rings %+v", second.heard())
		}
	})
}

func TestAConditionIsGivenUp(t *testing.T) {
	for _, exposed := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			state := map[bool]string{true: "on", false: "off"}[exposed] // what is not exposed is not looked at
			h, store := newHouse(home.Entity{ID: "switch.washer", State: state, Exposed: exposed}), newMemory()
			r := runWith(t, store, Options{Home: h})
			r.call("start", "", condition)
			pass(conditionFor - time.Second)
			if len(r.heard()) != 0 {
				t.Fatalf("exposed %v: it came about: %+v", exposed, r.heard())
			}
			pass(time.Minute)
			if rings := r.heard(); len(rings) != 1 || !rings[0].Expired || len(store.timers) != 0 {
				t.Errorf("exposed %v: rings %+v, %d stored", exposed, rings, len(store.timers))
			}
		})
	}
}

func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, newMemory())
		changes, stop := r.Watch()
		expect := func(step string, want bool) {
			t.Helper()
			synctest.Wait()
			select {
			case <-changes:
				if !want {
					t.Errorf("%s: signalled", step)
				}
			default:
				if want {
					t.Errorf("%s: no signal", step)
				}
			}
		}
		expect("at first", false)
		id := r.start("egg", "", time.Hour)
		expect("set", true)
		pass(time.Minute)
		expect("time passes", false)
		r.call("pause", id, nil)
		expect("paused", true)
		r.call("cancel", id, nil)
		expect("cancelled", true)
		stop()
		r.start("egg", "", time.Hour)
		expect("stopped", false)
	})
}

func TestClaim(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, newMemory())
		due := Timer{ID: "a", Due: time.Now()}
		if err := r.Claim(t.Context(), due.ID, due.Key()); err != nil {
			t.Fatal(err)
		}
		if err := r.Claim(t.Context(), due.ID, due.Key()); !errors.Is(err, conversation.ErrClaimed) {
			t.Errorf("a second claim: %v", err)
		}
		due.Due = due.Due.Add(24 * time.Hour)
		if err := r.Claim(t.Context(), due.ID, due.Key()); err != nil {
			t.Errorf("the claim of another day: %v", err)
		}
	})
}

// BenchmarkAThousandTimers is what every turn and every ring pays for them.
func BenchmarkAThousandTimers(b *testing.B) {
	s := New(newMemory(), Options{})
	for range most {
		if _, err := s.Call(b.Context(), home.Call{Service: "start", Data: map[string]any{"seconds": 3600}}); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("running", func(b *testing.B) {
		for b.Loop() {
			s.Running()
		}
	})
	b.Run("due", func(b *testing.B) {
		for b.Loop() {
			s.due()
		}
	})
}

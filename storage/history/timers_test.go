package history

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hearth/daemon/clock"
	"hearth/daemon/conversation"
	"hearth/daemon/conversation/command"
	"hearth/daemon/timer"
)

var someTime = time.Date(2026, 11, 22, 18, 0, 0, 1, time.UTC)

func TestATimerKeepsAllItHas(t *testing.T) {
	s := openTemp(t)
	want := timer.Timer{
		ID: "a", Kind: command.Planned, Name: "blinds", Room: "office", Command: "open the blinds", Message: "light!",
		Due: someTime, At: clock.Moment{Year: 2026, Month: 11, Day: 22, Hour: 18}, Days: clock.Weekend,
		Entity: "cover.blinds", State: "closed", Turn: "turn", Channel: "mqtt", Person: "Anna", Talk: "chat", Created: someTime,
	}
	if err := s.SaveTimer(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Timers(t.Context()); err != nil || len(got) != 1 || got[0] != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}

func TestAClaimLastsAsLongAsItsTimer(t *testing.T) {
	s := openTemp(t)
	claim := func(key string, want error) {
		t.Helper()
		if err := s.Claim(t.Context(), "a", key); !errors.Is(err, want) {
			t.Errorf("claim %s: %v, want %v", key, err, want)
		}
	}
	save := func() {
		t.Helper()
		if err := s.SaveTimer(t.Context(), timer.Timer{ID: "a", Created: someTime}); err != nil {
			t.Fatal(err)
		}
	}
	save()
	claim("a@1", nil)
	save() // set to another time: what was begun stays begun
	claim("a@1", conversation.ErrClaimed)
	claim("a@2", nil)
	if err := s.DeleteTimer(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if n := countRows(t, s, "claims"); n != 0 {
		t.Errorf("%d claims are left without their timer", n)
	}
	if err := s.Claim(t.Context(), "a", "a@3"); err == nil {
		t.Error("a timer that is gone could be claimed")
	}
}

func TestATurnKeepsItsTrigger(t *testing.T) {
	s := openTemp(t)
	turn := fullTurn("a")
	turn.Trigger = &conversation.Trigger{Kind: "command", ID: "t", Turn: "before", Key: "t@1"}
	if err := s.Record(t.Context(), turn); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Turn(t.Context(), "a"); err != nil || got.Trigger == nil || *got.Trigger != *turn.Trigger {
		t.Errorf("got %+v, %v", got, err)
	}
	if err := s.Record(t.Context(), fullTurn("b")); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Turn(t.Context(), "b"); err != nil || got.Trigger != nil {
		t.Errorf("a turn of a person's has the trigger %+v, %v", got.Trigger, err)
	}
}

// setTimersUntilKilled is the child of TestAKilledProcessLosesNoTimerAndActsOnce. It sets timers and does what they
// say, after what was left by the child before it, and says each step once it is acknowledged.
func setTimersUntilKilled(path string) {
	s, err := Open(path)
	check := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	check(err)
	left, err := s.Timers(context.Background())
	check(err)
	for n := 0; ; n++ {
		due := timer.Timer{ID: fmt.Sprintf("%d-%d", os.Getpid(), n), Command: "toggle the light", Due: someTime, Created: someTime}
		if len(left) > 0 {
			due, left = left[0], left[1:]
		} else {
			check(s.SaveTimer(context.Background(), due))
			fmt.Println("saved", due.ID)
		}
		switch err := s.Claim(context.Background(), due.ID, due.Key()); {
		case errors.Is(err, conversation.ErrClaimed):
			fmt.Println("refused", due.ID)
		default:
			check(err)
			fmt.Println("acted", due.ID)
		}
		check(s.DeleteTimer(context.Background(), due.ID))
	}
}

// TestAKilledProcessLosesNoTimerAndActsOnce kills a process at any point of setting timers and acting for them.
func TestAKilledProcessLosesNoTimerAndActsOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	seen := map[string]map[string]int{"saved": {}, "acted": {}, "refused": {}}
	for round := range 8 {
		for _, line := range killAfter(t, "HEARTH_TEST_SET_TIMERS_IN="+path, 5+round) {
			what, id, _ := strings.Cut(line, " ")
			seen[what][id]++
		}
	}
	left := map[string]bool{}
	s := openAt(t, path)
	timers, err := s.Timers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, timer := range timers {
		left[timer.ID] = true
	}
	for id := range seen["saved"] {
		if seen["acted"][id]+seen["refused"][id] == 0 && !left[id] {
			t.Errorf("timer %s was acknowledged and is lost", id)
		}
		if n := seen["acted"][id]; n > 1 {
			t.Errorf("timer %s acted %d times", id, n)
		}
	}
	if len(seen["saved"]) < 20 {
		t.Errorf("only %d timers were set", len(seen["saved"]))
	}
}

func BenchmarkSetATimer(b *testing.B) {
	s := openTemp(b)
	for n := 0; b.Loop(); n++ {
		if err := s.SaveTimer(b.Context(), timer.Timer{ID: fmt.Sprint(n % 1000), Due: someTime, Created: someTime}); err != nil {
			b.Fatal(err)
		}
	}
}

package daemon

import (
	"testing"

	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/timer"
)

// putOff says a sentence and brings its time forward to now.
func putOff(t *testing.T, d *Daemon, through conversation.Channel, text string) {
	t.Helper()
	if turn, err := through.Say(t.Context(), "", text); err != nil || turn.Failure != "" {
		t.Fatalf("%q: %+v, %v", text, turn, err)
	}
	timers, err := d.store.Timers(t.Context())
	if err != nil || len(timers) != 1 {
		t.Fatalf("%d timers, %v", len(timers), err)
	}
	if err := (ringer{d}).CarryOut(t.Context(), timer.Ring{Timer: timers[0]}); err != nil {
		t.Fatal(err)
	}
	if err := d.store.DeleteTimer(t.Context(), timers[0].ID); err != nil {
		t.Fatal(err)
	}
}

// TestWhatIsPutOffIsStillItsSpeakers: a rule for a person holds when the time has come, and the question is theirs to answer.
func TestWhatIsPutOffIsStillItsSpeakers(t *testing.T) {
	d := quietDaemon(t, "en", demo.New(), func(c *config.Config) {
		c.People = []config.Person{{Name: "Tim", User: "1"}, {Name: "Anna", User: "2"}}
		c.Gate.Rules = []config.Rule{
			{Deny: []string{"media_player"}, People: []string{"Tim"}},
			{Allow: []string{"cover.garage"}, People: []string{"Anna"}},
		}
	})
	state := func(id home.EntityID) string {
		e, _ := d.home.Snapshot().Entity(id)
		return e.State
	}
	socket := d.Conversation.Through("socket")
	putOff(t, d, socket.As("Tim"), "turn on the tv in one minute")
	if got := state("media_player.tv"); got != "off" {
		t.Errorf("the TV is %s", got)
	}
	putOff(t, d, socket.As("Anna"), "open the garage door in one minute") // her name alone opens nothing
	if got := state("cover.garage_door"); got != "closed" {
		t.Errorf("the garage door is %s", got)
	}
	for name, through := range map[string]conversation.Channel{
		"a person": socket.As("Anna"), "a chat": d.Conversation.Through("ollama").Within("talk"), "nobody known": socket,
	} {
		putOff(t, d, through, "unlock the front door in ten minutes")
		if got := state("lock.front_door"); got != "locked" {
			t.Fatalf("%s: the door is %s", name, got)
		}
		if _, err := through.Say(t.Context(), "", "yes"); err != nil {
			t.Fatal(err)
		}
		if got := state("lock.front_door"); got != "unlocked" {
			t.Errorf("%s: after the yes the door is %s", name, got)
		}
		if _, err := through.Say(t.Context(), "", "lock the front door"); err != nil {
			t.Fatal(err)
		}
	}
}

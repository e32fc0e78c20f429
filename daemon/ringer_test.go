package daemon

import (
	"strings"
	"testing"
	"time"

	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/daemon/conversation/command"
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

// TestASnoozedConditionIsTold as a reminder of what came about: it has no words of its own.
func TestASnoozedConditionIsTold(t *testing.T) {
	d := quietDaemon(t, "en", demo.New())
	say := func(text, want string) {
		t.Helper()
		turn, err := d.Conversation.Through("socket").Say(t.Context(), "", text)
		if err != nil || !strings.HasPrefix(turn.Reply, want) {
			t.Errorf("%q: %q, %v", text, turn.Reply, err)
		}
	}
	err := d.store.SaveTimer(t.Context(), timer.Timer{
		ID: "snoozed", Kind: command.Reminder, Entity: "switch.washing_machine", State: "done", Due: time.Now().Add(9 * time.Minute), Created: time.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	say("tell me when the garage door is open", "I will tell you")
	say("what are my reminders", "Reminders: Washing Machine is done, t")
	say("what is planned", "Planned: as soon as it is so: Garage Door is open")
	say("cancel my reminder", "Reminder cancelled: Washing Machine is done")
	say("undo that", "That cannot be undone")
	say("what are my reminders", "There are no reminders")
}

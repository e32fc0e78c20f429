package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

func TestWhenSomethingLastHappened(t *testing.T) {
	inHome(t, func(r *rig) {
		set := func(state string) {
			t.Helper()
			if err := r.home.Set("binary_sensor.kitchen_window", state, nil); err != nil {
				r.t.Fatal(err)
			}
		}
		ask := func(sentence, want string) {
			t.Helper()
			if turn := r.say(sentence); turn.Reply != want || turn.DecidedBy != conversation.ByGrammar || len(turn.Steps) != 0 {
				r.t.Errorf("%q: %q, %q, want %q", sentence, turn.DecidedBy, turn.Reply, want)
			}
		}
		at := func(ago time.Duration) string { return time.Now().Add(-ago).Local().Format("15:04") }

		time.Sleep(10 * time.Hour) // it is not midnight when the test begins
		set("on")
		time.Sleep(20 * time.Minute)
		ask("since when is the window open", fmt.Sprintf("Kitchen Window was last opened at %s, 20 minutes ago.", at(20*time.Minute)))
		set("off")
		time.Sleep(2 * time.Hour)
		ask("when was the window last opened", fmt.Sprintf("Kitchen Window was last opened at %s, 2 hours ago.", at(140*time.Minute)))
		ask("when was the window last closed", fmt.Sprintf("Kitchen Window was last closed at %s, 2 hours ago.", at(2*time.Hour)))
		ask("since when is the window open", fmt.Sprintf("That is not so at the moment. Kitchen Window was last opened at %s, 2 hours ago.", at(140*time.Minute)))
		ask("how long has the porch been on", "That has been so for as long as I can look back, 10 days: Porch Light.")
		ask("when was the outdoor last opened", "I can look back 10 days, and see nothing of the kind: Outdoor Humidity.")

		time.Sleep(11 * 24 * time.Hour)
		ask("since when is the window closed", "That has been so for as long as I can look back, 10 days: Kitchen Window.")
		if r.plans.len() != 0 {
			r.t.Error("an answer about the past was learned")
		}
	})
}

// forgetful is a home whose history cannot be read.
type forgetful struct{ err error }

func (f forgetful) States(context.Context, home.EntityID, time.Time, time.Time) ([]home.Moment, error) {
	return nil, f.err
}

func TestAHistoryThatCannotBeRead(t *testing.T) {
	for _, c := range []struct {
		chronicle conversation.Chronicle
		reply     string
	}{
		{nil, "The home keeps no history that I could look into."},
		{forgetful{fmt.Errorf("read: %w", home.ErrNotSupported)}, "The home keeps no history that I could look into."},
		{forgetful{home.ErrDisconnected}, "I have no connection to the home."},
		{forgetful{errors.New("broken")}, "That did not work with Kitchen Window."},
	} {
		inHome(t, func(r *rig) {
			r.whole.Chronicle = c.chronicle
			if turn := r.say("when was the window last opened"); turn.Reply != c.reply || turn.Failure == "" {
				r.t.Errorf("%v: %q, %q", c.chronicle, turn.Reply, turn.Failure)
			}
		})
	}
}

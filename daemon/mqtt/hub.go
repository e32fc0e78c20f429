package mqtt

import (
	"context"
	"time"

	"hearth/daemon/conversation"
)

// A Hub is what the device in Home Assistant shows and drives. Its methods may be called at any time.
// An error is for whoever sent the command to read, and for the log.
type Hub interface {
	// State is how the hub is now. It is called every second and returns at once.
	State() HubState
	// Mute closes the microphone, or opens it again. It is remembered, as the others are.
	Mute(muted bool) error
	// SetVolume sets how loud replies are, in percent.
	SetVolume(percent int) error
	// UseModel has another of HubState.Models answer.
	UseModel(name string) error
	// UseLanguage changes to another of HubState.Languages, which may take a restart.
	UseLanguage(code string) error
	// UseWakeWord has another of HubState.WakeWords said before commands.
	UseWakeWord(word string) error
	// Announce speaks a text and returns when it has been heard.
	Announce(ctx context.Context, text string) error
	// Restart has the whole daemon stop and start again. It returns before it does.
	Restart()
}

// A HubState is what a Hub shows.
type HubState struct {
	Version string
	Area    string // name of the room the hub stands in, "" when not known
	URL     string // of the hub's page, "" when others cannot reach it

	Muted     bool
	Volume    int // percent
	Language  string
	Languages []string
	WakeWord  string // "off" for none
	WakeWords []string
	Model     string   // "" when there is none
	Models    []string // none when no model server answers
	Intents   []string // that a command may be recognised as
	Problems  []string // what the owner should know of, each a clause: "microphone: no such device"
}

// NextTimerFunc tells the timer that rings next; ok is false when none runs.
type NextTimerFunc func() (name string, at time.Time, ok bool)

// AskFunc runs one turn for a sentence of the ask topic and tells the observer of it.
type AskFunc func(ctx context.Context, room, text string, told conversation.Observer) (*conversation.Turn, error)

// An Announcement is what Home Assistant was told of, so that it can be taken back.
type Announcement struct {
	Topic      string            // where the device was announced, "" when it was not
	Components map[string]string // key to platform
}

// A Memory outlives a restart. It may be nil: then nothing is taken back that an earlier run announced.
type Memory interface {
	Announced() Announcement
	Announce(a Announcement) error
}

package mqtt

import (
	"time"

	"hearth/daemon/conversation"
)

var _ conversation.Observer = (*Client)(nil)

// A state is what Hearth is doing, for the state topic.
type state string

const (
	idle       state = "idle"
	listening  state = "listening"
	processing state = "processing"
	responding state = "responding"
	broken     state = "error" // the last turn ended with a fault of Hearth's own
)

var states = []state{idle, listening, processing, responding, broken}

// activity adds up what several turns, the microphone and the loudspeaker do at the same time to one state.
type activity struct {
	turns     map[string]struct{} // that are under way
	last      state               // of the turn that reported last
	playing   int                 // replies that are being heard
	listening bool
	broken    bool
}

func (a *activity) state() state {
	switch {
	case len(a.turns) > 0:
		return a.last
	case a.playing > 0:
		return responding
	case a.listening:
		return listening
	case a.broken:
		return broken
	}
	return idle
}

func (a *activity) reach(t *conversation.Turn, next state) {
	a.turns[t.ID] = struct{}{}
	a.last, a.broken = next, false
}

// Listening says that an utterance has begun, or ended.
func (c *Client) Listening(on bool) {
	c.change(func(a *activity) { a.listening = on })
}

// Playing says that a reply begins to be heard, or has been.
func (c *Client) Playing(on bool) {
	c.change(func(a *activity) {
		if on {
			a.playing++
		} else {
			a.playing--
		}
	})
}

// StageDone publishes that a command was recognised, and what is being done.
func (c *Client) StageDone(t *conversation.Turn, stage string, _ time.Duration, _ error) {
	switch stage {
	case "transcribe", "recall":
		c.change(func(a *activity) { a.reach(t, processing) })
	case "gate": // no turn that failed comes here
		c.commandEvent(t, recognized)
	}
}

// Words publishes that the reply is being given. What it says is for whoever asked.
func (c *Client) Words(t *conversation.Turn, sequence int, _ string) {
	if sequence == 0 {
		c.change(func(a *activity) { a.reach(t, responding) })
	}
}

// TurnDone publishes how the turn went.
func (c *Client) TurnDone(t *conversation.Turn) {
	c.change(func(a *activity) {
		delete(a.turns, t.ID)
		a.broken = t.Failure == conversation.Internal
	})
	c.measure(t)
	switch {
	case t.Failure == conversation.NotHeard: // nobody said anything
	case t.Failure == conversation.NotUnderstood || t.Failure == conversation.NoModel:
		c.commandEvent(t, notRecognized)
	case t.Failure != "":
		c.commandEvent(t, notDone)
	case t.Asks == "":
		c.commandEvent(t, executed)
		c.trigger(t.Intent)
	}
	if c.opts.Transcripts {
		c.publish("turn", t.Written())
	}
}

// change publishes the state when it is another one afterwards.
func (c *Client) change(f func(*activity)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(&c.activity)
	c.showState()
}

// An event is what became of a command, for the event entity.
type event string

const (
	recognized    event = "recognized"
	notRecognized event = "not_recognized"
	executed      event = "executed"
	notDone       event = "failed"
)

var events = []event{recognized, notRecognized, executed, notDone}

func (c *Client) commandEvent(t *conversation.Turn, e event) {
	message := struct {
		Type    event                `json:"event_type"`
		Intent  string               `json:"intent"`
		Room    string               `json:"room"`
		Outcome string               `json:"outcome"`
		Decider conversation.Decider `json:"decided_by"`
		Text    string               `json:"text,omitempty"`
	}{Type: e, Intent: t.Intent, Room: t.Room, Decider: t.DecidedBy}
	if e != recognized {
		message.Outcome = outcome(t)
	}
	if c.opts.Transcripts {
		message.Text = t.Written().Heard.Text
	}
	c.publish("command", message)
}

// trigger fires a device trigger in Home Assistant, if one is announced for the intent.
func (c *Client) trigger(intent string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, announced := c.announced[triggerKey(intent)]; announced && intent != "" {
		c.send(message{topic: c.prefix + "trigger", payload: []byte(intent)})
	}
}

// Woken says that the wake word was heard, for the device trigger.
func (c *Client) Woken() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, announced := c.announced[wakeTrigger]; announced {
		c.send(message{topic: c.prefix + "trigger", payload: []byte(wakeTrigger)})
	}
}

// measure keeps how sure the recogniser was and how long the turn took, for the sensors.
func (c *Client) measure(t *conversation.Turn) {
	latency := map[string]float64{"total_ms": t.Total}
	for stage, took := range t.Timings {
		latency[stage+"_ms"] = took
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.measured["latency"] = encode(latency)
	if len(t.Clip.Samples) > 0 && t.Failure != conversation.NotHeard {
		c.measured["confidence"] = encode(t.Heard.Confidence)
	}
	for name, payload := range c.measured {
		c.showOne(name, payload)
	}
}

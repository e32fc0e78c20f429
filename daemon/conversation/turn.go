package conversation

import (
	"strings"
	"time"

	"hearth/audio"
	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// A Turn is one utterance on its way through the stages, and afterwards the record of it. Each stage
// fills its own fields. Encoded as JSON it is the public contract of `hearthd say --json`, of the
// control socket and of MQTT (docs/turn.md).
type Turn struct {
	ID        string         `json:"turn_id"`
	Room      string         `json:"room,omitempty"`   // area ID of the speaker, "" when not known
	Person    string         `json:"person,omitempty"` // who spoke, as the channel proved it; "" when not known
	Channel   string         `json:"channel"`          // the way it came: "microphone"
	At        time.Time      `json:"at"`
	Heard     Heard          `json:"heard"`
	DecidedBy Decider        `json:"decided_by"`     // "" when nothing decided
	Rule      string         `json:"rule,omitempty"` // the sentence template that fitted, or the language model's name
	Intent    string         `json:"intent"`         // "" when none was recognised
	Slots     map[string]any `json:"slots"`
	Steps     []Step         `json:"steps"`
	// Lookups are what the language model asked its tools, in that order.
	Lookups []Lookup `json:"lookups,omitempty"`
	Reply   string   `json:"reply"`
	// ReplyAudio is the path of a WAV file with all that was spoken, "" when there is no voice.
	ReplyAudio string `json:"reply_audio"`
	// Asks is set when the reply is a question whose answer Hearth waits for.
	Asks Question `json:"asks,omitempty"`
	// Failure says why nothing was done, as one of a short fixed set; "" when the turn went well.
	Failure Failure `json:"failure,omitempty"`
	// Trigger is what began the turn when no person did; nil when one did.
	Trigger *Trigger `json:"trigger,omitempty"`
	// Timings are milliseconds per stage.
	Timings map[string]float64 `json:"timings_ms"`
	Total   float64            `json:"total_ms"`

	AsksUntil time.Time `json:"-"` // when the question is dropped; zero when there is none

	Session string     `json:"-"` // whose conversation this is: a channel, a room and the person who is known
	Clip    audio.Clip `json:"-"` // the utterance, when it was spoken
	Voice   audio.Clip `json:"-"` // the spoken reply, whole; empty when the turn was cut off

	work
}

// Heard is what the recogniser made of the utterance. For typed text the confidence is 0 and the
// recogniser "text".
type Heard struct {
	Text string `json:"text"`
	// Confidence compares the best sentence of the home's grammar with the best free decoding of the
	// same clip: 0 when they agree, negative the more the grammar had to bend the sound to its will.
	Confidence float64 `json:"confidence"`
	Recogniser string  `json:"recogniser"`
	// Free is the free decoding, for sentences outside the grammar. Verdict says which to trust.
	Free    string  `json:"-"`
	Verdict Verdict `json:"-"`
}

// Verdict is what the recogniser's confidence is worth.
type Verdict int

const (
	Act    Verdict = iota // Text is in the grammar and was clearly said
	Ask                   // Text is in the grammar, but may have been something else: ask before acting
	Open                  // not a sentence of the grammar, but clear speech: Free is looked at, and asked about before acting
	Reject                // noise, or speech not meant for the home
)

// A Trigger is what a turn comes from that nobody is speaking in: a timer that is due, or a condition that came
// about.
type Trigger struct {
	Kind string `json:"kind"` // "timer", "command" or "condition", a command.Kind
	ID   string `json:"id"`   // of the timer
	Turn string `json:"turn"` // ID of the turn that set it, "" when not known
	// Key names this one time at which it was due. What it does then is begun once.
	Key string `json:"key"`
}

// Decider is what turned the sentence into a plan.
type Decider string

const (
	ByGrammar Decider = "grammar" // a sentence template
	ByPlan    Decider = "plan"    // a learned plan: this sentence was confirmed before
	ByModel   Decider = "model"   // the language model
	ByCaller  Decider = "caller"  // a program, which named the call itself
)

// A Step is one call of the plan and what became of it.
type Step struct {
	Entity   home.EntityID  `json:"entity_id"`
	Service  string         `json:"service"` // "light.turn_on"
	Data     map[string]any `json:"data"`
	Outcome  Outcome        `json:"outcome"`
	Evidence string         `json:"evidence"` // what confirmed it, or what went wrong
	Millis   float64        `json:"ms"`       // from sending to the outcome

	Call     home.Call `json:"-"`
	Name     string    `json:"-"` // the entity's name, for people
	Decision Decision  `json:"-"` // the gate's

	sent  time.Time // the first time
	again bool      // it was sent a second time
	doubt Reason    // it was sent, and this is why nobody knows whether it was carried out
	seen  string    // instead of what would have confirmed it

	listed map[string]any // what its list showed before

	reason Reason // when it failed or was refused
	astray string // the room that it is in, when a model goes elsewhere than the sentence says
}

// Outcome is how far a step is known to have come.
type Outcome string

const (
	Confirmed Outcome = "confirmed" // the home's state shows it
	Sent      Outcome = "sent"      // accepted, but the device reports nothing that could confirm it
	Failed    Outcome = "failed"    // it did not happen, or nothing showed that it did
	Refused   Outcome = "refused"   // the gate did not let it pass
)

// Question is what Hearth waits to be told.
type Question string

const (
	AsksConfirmation Question = "confirmation" // yes or no, before a step with consequences
	AsksPIN          Question = "pin"          // the PIN, before a step with consequences
	AsksCode         Question = "code"         // the code that a lock or an alarm itself wants
	AsksRepeat       Question = "repeat"       // the utterance was not understood well enough
	AsksRoom         Question = "room"         // the sentence needs a room and none is known
	AsksMore         Question = "more"         // the sentence lacks something else: how long, when or what
	AsksConsent      Question = "consent"      // yes or no, before something is remembered or forgotten
)

// Failure is why a turn did nothing, or not all it was asked.
type Failure string

const (
	NotHeard      Failure = "not_heard"      // no speech, or not clear enough
	NotUnderstood Failure = "not_understood" // no template matched and no model could help
	NoModel       Failure = "no_model"       // it takes a language model and none answers
	NoTarget      Failure = "no_target"      // nothing in this home fits, or nothing is set up for the intent
	NotAllowed    Failure = "not_allowed"    // refused by the gate
	StepFailed    Failure = "step_failed"    // at least one step failed
	Internal      Failure = "internal"       // a fault of Hearth's own
)

// work is what stages hand on to later stages and nobody else needs.
type work struct {
	way        Channel     // that it came
	inRoom     bool        // the channel stands in the room
	given      []home.Call // what a program has named itself, instead of a sentence
	sentence   string      // as it is understood: what was heard, behind the sentence that it completes
	speech     *speech     // of the reply
	begun      time.Time   // by the clock that times are measured with
	home       *home.Snapshot
	language   Understanding
	timers     []Timer // that have not rung, or ring
	context    Context
	pending    *Pending     // the question this turn may answer
	next       *Pending     // the question this turn puts
	secretive  bool         // the turn before asked for digits, or refused some: more may follow, be it too late
	confirmed  bool         // the speaker has just said yes to these calls
	digits     string       // the PIN or the code that the speaker has just said to these calls
	pin        bool         // they are the PIN
	key        string       // of the learned plan, "" when there is none to learn or forget
	lesson     *LearnedPlan // what may be learned from a model's plan, or was; nil when nothing
	recognised *intent.Result
	parts      []command.Part // of a sentence that asks for several things
	calls      []home.Call
	back       []home.EntityID     // what a correction puts back
	veil       veil                // what of the turn is not written down
	fact       string              // ID of what it had remembered
	private    bool                // a model knew what must not leave the house, in this turn or from the ones before
	outside    bool                // a model read what strangers may have written, in this turn or for the ones before
	remarks    []string            // sentences besides what is told of the steps
	fetch      *command.Fetch      // calls whose response is the answer
	data       intent.ResponseData // what the response template may speak of
	pieces     int                 // of the reply, handed out so far
	told       string              // all of them
	changes    <-chan home.Change
	stop       func()
}

// origin is the session without the conversation of its channel, of which a caller may begin as many as he likes.
func (t *Turn) origin() string {
	origin, _, _ := strings.Cut(t.Session, talkMark)
	return origin
}

// close lets go of what the turn held of the home.
func (t *Turn) close() {
	if t.stop != nil {
		t.stop()
	}
}

package conversation

import (
	"context"
	"errors"
	"time"

	"hearth/audio"
	"hearth/daemon/clock"
	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// What a conversation needs of the world. Each is implemented elsewhere and handed to New.

// A Recogniser turns speech into text, limited to what the home's grammar can say.
type Recogniser interface {
	// Transcribe returns ErrNoRecogniser when none is installed or it is starting.
	Transcribe(ctx context.Context, clip audio.Clip) (Heard, error)
}

// A Home is where calls go and states come from.
type Home interface {
	// Snapshot is the last known picture of the home; never nil.
	Snapshot() *home.Snapshot
	// Call makes one service call and returns when the home has accepted it, which does not mean
	// that anything happened. The response is nil unless the service answers with data.
	Call(ctx context.Context, call home.Call) (response map[string]any, err error)
	// Watch reports every change from now on until stop is called. A watcher that does not read
	// loses changes rather than block the home: compare with Snapshot when in doubt.
	Watch() (changes <-chan home.Change, stop func())
}

// Timers run in Hearth itself and outlive a restart.
type Timers interface {
	// Call carries out a "timer.*" call and returns what proves it: "rings at 18:05".
	Call(ctx context.Context, call home.Call) (evidence string, err error)
	// Running are the timers that have not rung yet, the next one first.
	Running() []Timer
	// Claim writes down that what a timer is to do is begun, before anything of it is sent. It returns
	// ErrClaimed when the key was claimed before, perhaps by a process that was killed.
	Claim(ctx context.Context, id, key string) error
}

// A Timer as a conversation sees it. A paused timer has no time at which it rings.
type Timer struct {
	ID      string
	Kind    command.Kind
	Name    string        // "" when it has none
	Room    string        // area ID where it was set, "" when not known
	Message string        // what to remind of, or the sentence to carry out; else ""
	Length  time.Duration // 0 when it goes by the clock
	Left    time.Duration
	Due     time.Time // zero while paused; of a condition, when it is given up
	Days    clock.Days
	Entity  home.EntityID // of a condition, with its State
	State   string
	Paused  bool
	Ringing bool
}

// A Gate decides whether a call may be made, for every caller alike.
type Gate interface {
	Check(snapshot *home.Snapshot, call home.Call, from Caller) Decision
	// TryPIN tells whether these digits are the PIN: "" when they are, else WrongPIN, which counts, or
	// LockedOut after too many of those.
	TryPIN(session, digits string) Reason
	// WrongPIN counts a code that a device did not take.
	WrongPIN(session string)
}

// A Caller is who wants something done.
type Caller struct {
	Session   string
	Room      string // area ID, "" when not known
	InRoom    bool   // the channel stands in the room; else the room is only what the caller says
	Person    string // as the channel proved it, "" when not known
	Confirmed bool   // the caller has just said yes to exactly this call
	PIN       bool   // the caller has just answered exactly this call with the PIN
	Code      bool   // or with a device's own code
	DecidedBy Decider
}

// A Decision is the gate's answer to one call.
type Decision struct {
	Verdict  GateVerdict
	Reason   Reason // of a refusal
	Evidence string // in a short clause for the record: "it is a lock"; "" when there is nothing to say
	Rule     string // the setting that decided: "gate.rules[2]"; "" when none did
	Critical bool   // of an owner's critical classes, whatever the verdict
}

// GateVerdict is what the gate says, the stricter the greater.
type GateVerdict int

const (
	Allow   GateVerdict = iota
	Confirm             // ask for a yes
	Code                // ask for the code that the device itself wants
	PIN                 // ask for the PIN
	Refuse
)

// A Model is a language model that may answer, or ask for calls.
type Model interface {
	// Ask returns a ModelError when there is no answer. It hands the sentences of a
	// reply to say, which may be nil, as soon as each is written: joined, they are the reply.
	Ask(ctx context.Context, q ModelQuestion, say func(sentences string)) (ModelAnswer, error)
}

// A ModelQuestion is a sentence that no template matched.
type ModelQuestion struct {
	Text     string
	Room     string // area ID, "" when not known
	Home     *home.Snapshot
	Language string        // "en"
	Earlier  []Exchange    // the last few turns of this conversation, oldest first
	Summary  string        // of what came before those, a line for each; "" for nothing
	Last     home.EntityID // that was last spoken of, "" when not known
	Area     string        // area ID likewise
	// Facts are what the speaker, or the household, asked to be remembered and the sentence may be about. They
	// are what people said: data, and no instructions.
	Facts  []string
	Timers []Timer // that have not rung, or ring
	Person string  // who speaks, as the channel proved it; "" when not known
	// Fetch makes a call that changes nothing and answers with data, as far as the speaker may have it; nil where
	// nothing can be asked.
	Fetch func(ctx context.Context, call home.Call) (response map[string]any, err error) `json:"-"`
	// Recall gives what the speaker may hear of what people asked to be remembered, the latest first; nil where nothing is.
	Recall func(ctx context.Context) ([]string, error) `json:"-"`
	// MayRemember tells that the sentence may ask to have something remembered: the answer may have a "memory.remember".
	MayRemember bool
}

// A ModelAnswer holds calls, or entities whose state is to be told, or a reply. What is said of the home comes from the
// home: a model names the entities, and Hearth says how they are.
type ModelAnswer struct {
	Model string // its name: "qwen3:4b"
	Reply string
	Calls []home.Call
	Tell  []home.EntityID
	// Lookups are what the model has asked its tools, also when it did not come to an answer.
	Lookups []Lookup
	// Outside tells that among the results was text that strangers may have written.
	Outside bool
	// Private tells that it knew, from the memory, a tool or an earlier turn, what must not leave the house.
	Private bool
	// Offered are the entities that it was told of, as far as is known.
	Offered []home.EntityID
}

// A ModelError is why no language model gave an answer. People are told the sentence of its fault.
type ModelError struct {
	Fault ModelFault
	Err   error // for the log
}

func (e *ModelError) Error() string { return e.Err.Error() }

func (e *ModelError) Unwrap() error { return e.Err }

// A ModelFault is one of a short fixed set: the key of a sentence in Phrases.Model.
type ModelFault string

// The faults of language models.
const (
	ModelAbsent  ModelFault = "absent"     // no server answers
	ModelMissing ModelFault = "missing"    // the server does not have it
	ModelLoading ModelFault = "loading"    // it is not yet in memory
	ModelMemory  ModelFault = "memory"     // it does not fit in there
	ModelBusy    ModelFault = "busy"       // others are being answered
	ModelTooLong ModelFault = "too_long"   // it cannot read that much
	ModelSlow    ModelFault = "timeout"    // it took too long
	ModelCut     ModelFault = "cut"        // the connection broke
	ModelEndless ModelFault = "endless"    // it did not come to an end, and was stopped
	ModelRefused ModelFault = "refused"    // the service does not want to, for the key or the bill
	ModelSpent   ModelFault = "spent"      // the owner's limit for the day is reached
	ModelPaused  ModelFault = "paused"     // it has failed too often, and is left alone for a while
	ModelUseless ModelFault = "bad_answer" // what it wrote is of no use
	ModelFailed  ModelFault = "failed"     // anything else
)

// ModelFaults are all of them.
var ModelFaults = []ModelFault{
	ModelAbsent, ModelMissing, ModelLoading, ModelMemory, ModelBusy, ModelTooLong, ModelSlow, ModelCut, ModelEndless, ModelRefused, ModelSpent,
	ModelPaused, ModelUseless, ModelFailed,
}

// A Voice speaks. It returns ErrNoVoice when none is installed.
type Voice interface {
	Speak(ctx context.Context, text string) (audio.Clip, error)
}

// Plans are the sentences that were carried out and confirmed before. What a key is made of: SplitPlanKey.
type Plans interface {
	Get(key string) (LearnedPlan, bool)
	Put(key string, plan LearnedPlan) error
	// Delete returns ErrPinned, and deletes nothing, when the owner wants the plan kept.
	Delete(key string) error
}

// Contexts remember each session's last turns for a few minutes.
type Contexts interface {
	Get(session string) (Context, bool)
	Put(session string, c Context) error
}

// A History keeps turns for good.
type History interface {
	Record(ctx context.Context, t *Turn) error
}

// A Past is what the history tells of earlier turns.
type Past interface {
	// Find gives the turns that fit, the latest first, without the one that asks.
	Find(ctx context.Context, q TurnQuery) ([]*Turn, error)
}

// A TurnQuery says which turns are looked for. Fields that are zero do not matter.
type TurnQuery struct {
	ID       string
	Session  string          // of this session, or of a speaker in this room
	Room     string          // area ID
	Entities []home.EntityID // it changed one of these, as far as is known
	Acted    bool            // it sent something, whatever came of it
	Since    time.Time
	Until    time.Time
	Limit    int // 0 for one
}

// A Chronicle is what the home itself remembers of its entities.
type Chronicle interface {
	// States are those that an exposed entity has had, the oldest first; the first is the one that it had at since,
	// or the oldest that is remembered. The error wraps home.ErrNotSupported when the home keeps no history.
	States(ctx context.Context, id home.EntityID, since, until time.Time) ([]home.Moment, error)
}

// An Observer is told what happens in a conversation while it happens. Its methods return at once.
type Observer interface {
	// StageDone is called after each stage of each turn, "record" being the last, after TurnDone.
	StageDone(t *Turn, stage string, took time.Duration, err error)
	// Words is called for each piece of the reply, of one or more sentences, as soon as it is known; sequence
	// counts from 0. Joined, the pieces are the reply.
	Words(t *Turn, sequence int, text string)
	// TurnDone is called once for each turn, after everything but its record.
	TurnDone(t *Turn)
}

// An Understanding is one language's templates together with one home's names. It is replaced, not
// changed, when the registry or the sentences change.
type Understanding interface {
	Recognize(text string, where intent.Where) []intent.Result
	Respond(r intent.Result, data intent.ResponseData) (string, error)
	// Apology renders one of the language's error responses: "no_area".
	Apology(key string, data map[string]any) string
	// Fingerprint changes with the sentences and what they mean.
	Fingerprint() string
	// Digits are those of all numbers in a text, written or in words: "1234" of "twelve, three four". Bare
	// tells that it holds nothing else.
	Digits(text string) (digits string, bare bool)
}

// Errors of the ports, for callers that must tell them apart.
var (
	ErrNoRecogniser = errors.New("no speech recogniser is ready")
	ErrNoVoice      = errors.New("no voice is installed")
	ErrClaimed      = errors.New("it was begun before")
)

// Context is what a session remembers between turns.
type Context struct {
	Earlier []Exchange      `json:"earlier,omitempty"` // oldest first
	Pending *Pending        `json:"pending,omitempty"`
	Plan    string          `json:"plan,omitempty"`    // key of the plan that the last turn used or learned
	Before  *command.Before `json:"before,omitempty"`  // what was last spoken of
	Spoken  time.Time       `json:"spoken,omitzero"`   // of it
	Summary string          `json:"summary,omitempty"` // of what came before Earlier, a line for each
	Fact    string          `json:"fact,omitempty"`    // ID of what the last turn had remembered
	Veiled  bool            `json:"veiled,omitempty"`  // the last turn is not among Earlier
	At      time.Time       `json:"at"`
	Deed    *Deed           `json:"deed,omitempty"` // what the last turn that changed something has changed
	// Secretive tells that a PIN or a code was not taken in the last turn: another may follow.
	Secretive bool `json:"secretive,omitempty"`
}

// An Exchange is one turn as a model wants to see it.
type Exchange struct {
	Said   string `json:"said"`
	Reply  string `json:"reply"`
	Did    string `json:"did,omitempty"`    // what came of its steps, in English: "Desk Lamp confirmed"
	Person string `json:"person,omitempty"` // who spoke, "" when not known
	// Outside tells that the reply was made with text that strangers may have written.
	Outside bool `json:"outside,omitempty"`
	// Private tells that the reply may hold what must not leave the house, and Veiled that it may repeat what is remembered.
	Private bool `json:"private,omitempty"`
	Veiled  bool `json:"veiled,omitempty"`
}

// Pending is a plan that waits for a yes or a PIN.
type Pending struct {
	Question   Question       `json:"question"`
	Text       string         `json:"text"` // the sentence that asked for it
	Intent     string         `json:"intent"`
	Slots      map[string]any `json:"slots,omitempty"`
	Calls      []home.Call    `json:"calls"`
	Recognised *intent.Result `json:"recognised,omitempty"`
	Decider    Decider        `json:"decider"`
	Rule       string         `json:"rule,omitempty"`
	Until      time.Time      `json:"until"`
	Plan       string         `json:"plan,omitempty"`   // where Lesson may be kept
	Lesson     *LearnedPlan   `json:"lesson,omitempty"` // what a yes teaches, nil when nothing
	Veiled     bool           `json:"veiled,omitempty"` // the calls may repeat what is remembered

	// Of AsksConsent: what is to be remembered, which facts are to be forgotten, or all of the speaker's. What is not
	// remembered yet is written nowhere: a restart drops the question.
	Fact       *Fact    `json:"-"`
	Drop       []string `json:"drop,omitempty"`
	Everything bool     `json:"everything,omitempty"`
}

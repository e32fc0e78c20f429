// Package conversation takes one utterance through its stages: transcribe, recall, understand, gate,
// act, confirm, answer, record. It decides nothing about sound, storage, homes or models; those are
// the ports it is given. Every caller (microphone, command line, MQTT, API) comes through here, so
// that all of them pass the same gate and none is told "done" before the home has shown it.
package conversation

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"hearth/audio"
)

// Options are a conversation's ports and settings. Home, Gate, Understanding, Phrases, Plans, Contexts
// and History must be set; a nil Recogniser, Model, Voice or Timers means that there is none.
type Options struct {
	Home          Home
	Timers        Timers
	Errands       Errands // nil when nothing is done outside the home
	Gate          Gate
	Recogniser    Recogniser
	Model         Model
	Voice         Voice
	Plans         Plans
	Contexts      Contexts
	History       History
	Past          Past                 // nil when nothing can be looked up
	Memory        Memory               // nil when nothing can be remembered
	Chronicle     Chronicle            // nil when the home remembers nothing
	Understanding func() Understanding // the current one
	Phrases       *Phrases
	Observers     []Observer
	Metrics       *Metrics
	Log           *slog.Logger

	// KeepReply stores a spoken reply and returns its path. Nil keeps none.
	KeepReply func(turn string, clip audio.Clip) (path string, err error)

	Room          string        // area ID of a speaker whose room is not known
	Language      string        // "en"
	ConfirmWithin time.Duration // how long a question waits for its yes, from when it has been heard
	HasPIN        bool          // so that a bare number may be it, and is not kept
	Code          string        // what a lock or an alarm wants to be sent; "" when people say it
	ModelTimeout  time.Duration
	ObjectWithin  time.Duration    // how long a model's plan may be objected to before it counts
	Now           func() time.Time // the clock, nil for the real one; how long things take is not measured by it
}

// A Conversation runs turns. It is safe for concurrent use: turns of different sessions run side by
// side, turns of one session one after another.
type Conversation struct {
	Options
	stages   []stage
	sessions sessions

	proposals   sync.Map    // *Fact by session: what was asked about and may be remembered
	repliesLost atomic.Bool // the last spoken reply could not be kept
}

// Through is a way into the conversation, such as "microphone" or "mqtt".
func (c *Conversation) Through(channel string) Channel {
	return Channel{conversation: c, name: channel}
}

// A stage fills its own fields of the turn. When one returns an error the turn has failed, and only
// the stages marked always follow.
type stage struct {
	name   string
	budget time.Duration
	always bool
	run    func(context.Context, *Turn) error
}

// New joins the stages. It starts nothing.
func New(o Options) *Conversation {
	if o.Now == nil {
		o.Now = time.Now
	}
	c := &Conversation{Options: o, sessions: sessions{open: map[string]*session{}}}
	c.stages = []stage{
		{name: "transcribe", budget: 10 * time.Second, run: c.transcribe},
		{name: "recall", budget: 100 * time.Millisecond, run: c.recall},
		{name: "understand", budget: o.ModelTimeout + time.Second, run: c.understand},
		{name: "gate", budget: 100 * time.Millisecond, run: c.gate},
		{name: "act", budget: 10 * time.Second, run: c.act},
		{name: "confirm", budget: 30 * time.Second, run: c.confirm},
		{name: "answer", budget: 5 * time.Second, always: true, run: c.answer},
	}
	return c
}

func (c *Conversation) turn(ctx context.Context, t *Turn) (*Turn, error) {
	if err := c.open(t); err != nil {
		return nil, err
	}
	leave, err := c.sessions.enter(ctx, t.Session)
	if err != nil {
		return nil, err
	}
	defer leave()
	c.run(ctx, t)
	return t, context.Cause(ctx)
}

// talkMark stands before the name of a channel's conversation in a session. Rooms and people have none in theirs.
const talkMark = "#"

// open gives the turn its identity and its place.
func (c *Conversation) open(t *Turn) error {
	snapshot := c.Home.Snapshot()
	if _, ok := snapshot.Area(t.Room); t.Room != "" && !ok {
		return &InputError{"room", strconv.Quote(t.Room), "name one of the home's areas by its ID, or leave it out"}
	}
	if _, ok := snapshot.Area(c.Room); t.Room == "" && ok { // it may not be known yet
		t.Room = c.Room
	}
	t.Session = t.Channel + "/" + t.Room
	if t.Person != "" {
		t.Session += "/" + t.Person
	}
	if t.way.talk != "" {
		t.Session += talkMark + t.way.talk
	}
	t.ID = uuid.Must(uuid.NewV7()).String()
	t.At, t.begun = c.Now(), time.Now()
	t.Slots, t.Steps, t.Timings = map[string]any{}, []Step{}, map[string]float64{}
	return nil
}

// run takes the turn through the stages. Once the answer is out the turn no longer changes, whoever
// still reads it; only its record is then to be written.
func (c *Conversation) run(ctx context.Context, t *Turn) {
	defer t.close()
	t.speech = c.beginSpeech(ctx, t.way.play)
	for _, s := range c.stages {
		if t.Failure != "" && !s.always {
			continue
		}
		took, err := c.runStage(ctx, s, t)
		t.Timings[s.name] = milliseconds(took)
		if err != nil {
			c.fail(t, s.name, err)
		}
	}
	if t.Asks != "" {
		c.wait(t)
	}
	t.Total = milliseconds(time.Since(t.begun))
	c.report(t)
	if _, err := c.runStage(ctx, stage{"record", time.Second, true, c.record}, t); err != nil {
		c.Log.Error("turn not recorded", "turn", t.ID, "error", err)
	}
}

// wait says until when the question waits for its answer. Nobody can give one before he has heard all of it.
func (c *Conversation) wait(t *Turn) {
	t.AsksUntil = c.Now().Add(t.speech.left() + c.ConfirmWithin)
	if t.next != nil {
		t.next.Until = t.AsksUntil
	}
}

// runStage gives the stage its budget and says how much of it was spent. A stage that always runs does
// so even when the caller has gone: what was done must be told and written down.
func (c *Conversation) runStage(ctx context.Context, s stage, t *Turn) (time.Duration, error) {
	if s.always {
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, s.budget, fmt.Errorf("%s took longer than %s: %w", s.name, s.budget, context.DeadlineExceeded))
	defer cancel()
	started := time.Now()
	err := s.run(ctx, t)
	took := time.Since(started)
	c.Metrics.stage(s.name, took)
	for _, o := range c.observers(t) {
		o.StageDone(t, s.name, took, err)
	}
	return took, err
}

// observers are those of every turn and whoever asked for this one.
func (c *Conversation) observers(t *Turn) []Observer {
	if t.way.told == nil {
		return c.Observers
	}
	return append(slices.Clip(c.Observers), t.way.told)
}

// report tells everybody who listens.
func (c *Conversation) report(t *Turn) {
	c.Metrics.turn(t)
	for _, o := range c.observers(t) {
		o.TurnDone(t)
	}
	c.Log.Info("turn", "turn", t.ID, "room", t.Room, "decided_by", t.DecidedBy, "intent", t.Intent,
		"steps", len(t.Steps), "failure", t.Failure, "ms", t.Total)
}

// fail notes why the turn ends here. A regret is what people are told; any other error is a fault of
// Hearth's own or of something it depends on, and the log keeps the chain.
func (c *Conversation) fail(t *Turn, stage string, err error) {
	if r := (*regretError)(nil); errors.As(err, &r) {
		t.Failure, t.Reply = r.failure, r.text
		return
	}
	if errors.Is(err, context.Canceled) { // whoever asked has gone, which is nobody's fault
		c.Log.Debug("turn broken off", "turn", t.ID, "stage", stage, "error", err)
	} else {
		c.Log.Error("stage failed", "turn", t.ID, "stage", stage, "error", err)
	}
	if t.Failure == "" {
		t.Failure = Internal
	}
	if t.Reply == "" {
		t.Reply = c.Understanding().Apology("handle_error", nil)
	}
}

// A regretError ends a turn with a sentence for the person who spoke.
type regretError struct {
	failure Failure
	text    string
}

func (r *regretError) Error() string { return string(r.failure) }

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// sessions lets one turn at a time into each session.
type sessions struct {
	mu   sync.Mutex
	open map[string]*session
}

type session struct {
	turn  chan struct{} // holds one token while a turn runs
	users int
}

// enter waits for the session's turn before this one to end.
func (s *sessions) enter(ctx context.Context, id string) (leave func(), err error) {
	s.mu.Lock()
	mine := s.open[id]
	if mine == nil {
		mine = &session{turn: make(chan struct{}, 1)}
		s.open[id] = mine
	}
	mine.users++
	s.mu.Unlock()

	forget := func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if mine.users--; mine.users == 0 {
			delete(s.open, id)
		}
	}
	select {
	case mine.turn <- struct{}{}:
		return func() { <-mine.turn; forget() }, nil
	case <-ctx.Done():
		forget()
		return nil, context.Cause(ctx)
	}
}

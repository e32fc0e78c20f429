package conversation_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/audio"
	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/home/gate"
)

const unlock = "unlock the front door"

// withPIN gives the rig a gate with a PIN.
func (r *rig) withPIN(options gate.Options) *rig {
	r.t.Helper()
	options.PIN = "1234"
	g, err := gate.New(options, prometheus.NewRegistry())
	if err != nil {
		r.t.Fatal(err)
	}
	r.whole.Gate, r.whole.HasPIN = g, true
	return r
}

func TestThePINOpensWhatAYesDoesNot(t *testing.T) {
	inHome(t, func(r *rig) {
		r.withPIN(gate.Options{})
		if asked := r.say(unlock); asked.Asks != conversation.AsksPIN || asked.Reply != "Shall I unlock Front Door? Say the PIN, please." {
			r.t.Fatalf("asks %q: %q", asked.Asks, asked.Reply)
		}
		if again := r.say("yes"); again.Asks != conversation.AsksPIN || r.state("lock.front_door") != "locked" {
			r.t.Fatalf("after a yes: asks %q, the door is %s", again.Asks, r.state("lock.front_door"))
		}
		done := r.say("One two, three four!")
		if done.Failure != "" || done.Steps[0].Outcome != conversation.Confirmed || r.state("lock.front_door") != "unlocked" {
			r.t.Errorf("%+v, the door is %s", done, r.state("lock.front_door"))
		}
		if r.plans.len() != 0 {
			r.t.Error("it was learned")
		}
	})
}

func TestAWrongPINOpensNothing(t *testing.T) {
	inHome(t, func(r *rig) {
		r.withPIN(gate.Options{})
		r.say(unlock)
		for _, said := range []string{"4321", "the PIN is one two three nine"} {
			turn := r.say(said)
			if turn.Failure != conversation.NotAllowed || turn.Asks != conversation.AsksPIN || turn.Reply != "That is not the PIN. Please try again." {
				r.t.Fatalf("%q: %+v", said, turn)
			}
			if audit := turn.Audit(); len(audit) != 1 || audit[0].Verdict != conversation.AuditWrongPIN || audit[0].Entity != "lock.front_door" {
				r.t.Errorf("audit %+v", audit)
			}
		}
		r.say("12345")
		if turn := r.say("1234"); turn.Reply != "There were too many wrong PINs. Please try again later." || turn.Asks != "" {
			r.t.Errorf("asks %q: %q", turn.Asks, turn.Reply)
		}
		if turn := r.say(unlock); turn.Failure != conversation.NotAllowed || turn.Reply != "There were too many wrong PINs. Please try again later." {
			r.t.Errorf("failure %q: %q", turn.Failure, turn.Reply)
		}
		if r.state("lock.front_door") != "locked" {
			r.t.Error("the door is open")
		}
		time.Sleep(5 * time.Minute)
		r.say(unlock)
		if r.say("1234"); r.state("lock.front_door") != "unlocked" {
			r.t.Error("the right PIN does not open after a while")
		}
	})
}

// Why and what Hearth did is told with the sentence that asked for it, not with the answer that followed.
func TestWhatAnAnswerWasToIsTold(t *testing.T) {
	noise := func(r *rig) {
		r.heard = conversation.Heard{Text: "the porch", Recogniser: "test", Verdict: conversation.Reject}
		r.Hear(r.t.Context(), "", audio.Clip{Format: audio.Speech})
	}
	due := func(r *rig) { // and is so already
		r.Later(r.t.Context(), "", "turn on the kitchen ceiling", conversation.Trigger{Kind: "command"})
	}
	const yes, pin = "I asked, and the answer was yes.", "I asked, and was told a PIN or a code."
	for name, test := range map[string]struct {
		want    string
		answers []func(r *rig)
	}{
		"a PIN":             {pin, []func(r *rig){func(r *rig) { r.say("1234") }}},
		"a yes, then a PIN": {pin, []func(r *rig){func(r *rig) { r.say("yes") }, func(r *rig) { r.say("1234") }}},
		"a wrong one first": {pin, []func(r *rig){func(r *rig) { r.say("4321") }, func(r *rig) { r.say("1234") }}},
		"noise, then a PIN": {pin, []func(r *rig){noise, func(r *rig) { r.say("1234") }}},
		"as a timer ends":   {pin, []func(r *rig){due, func(r *rig) { r.say("1234") }}},
		"noise, then a yes": {yes, []func(r *rig){noise, func(r *rig) { r.say("yes") }}},
	} {
		t.Run(name, func(t *testing.T) {
			inHome(t, func(r *rig) {
				if test.want == pin {
					r.withPIN(gate.Options{})
				}
				r.say("turn on the kitchen ceiling")
				time.Sleep(time.Second)
				r.say(unlock)
				for _, answer := range test.answers {
					time.Sleep(time.Second)
					answer(r)
				}
				time.Sleep(time.Second)
				why, did := r.say("why did you do that").Reply, r.say("what did you do").Reply
				if !strings.HasPrefix(why, "I was sent “unlock the front door” at ") || !strings.Contains(why, test.want) || !strings.HasSuffix(why, "Done: Front Door.") {
					t.Errorf("why: %q", why)
				}
				if !strings.HasPrefix(did, "“unlock the front door” at ") {
					t.Errorf("what: %q", did)
				}
			})
		})
	}
}

func TestAnotherSentenceDropsTheQuestion(t *testing.T) {
	inHome(t, func(r *rig) {
		r.withPIN(gate.Options{})
		r.say(unlock)
		if turn := r.say("turn on the kitchen ceiling"); turn.Intent != "HassTurnOn" || r.state("light.kitchen_ceiling") != "on" {
			r.t.Errorf("%+v", turn)
		}
		if turn := r.say("1234"); r.state("lock.front_door") != "locked" || !strings.Contains(turn.Reply, "not waiting for a number") {
			r.t.Errorf("%q, the door is %s", turn.Reply, r.state("lock.front_door"))
		}
		r.say(unlock)
		if turn := r.say("no"); turn.Reply != "All right, I leave it." {
			r.t.Errorf("%q", turn.Reply)
		}
	})
}

// A spy notes all that leaves a conversation.
type spy struct {
	seen     bytes.Buffer
	contexts *memory[conversation.Context]
	answers  map[string]conversation.ModelAnswer // of the model, by sentence; "I see" to all others
}

func (s *spy) see(v any) {
	if err := json.NewEncoder(&s.seen).Encode(v); err != nil {
		panic(err)
	}
}
func (s *spy) StageDone(t *conversation.Turn, stage string, _ time.Duration, _ error) {
	if stage != "transcribe" && stage != "recall" { // before anybody looked at the sentence
		s.see(t)
	}
}
func (s *spy) Words(t *conversation.Turn, _ int, text string) { s.see(t); s.see(text) }
func (s *spy) TurnDone(t *conversation.Turn)                  { s.see(t) }
func (s *spy) Ask(_ context.Context, q conversation.ModelQuestion, _ func(string)) (conversation.ModelAnswer, error) {
	s.see(q)
	if answer, ok := s.answers[q.Text]; ok {
		return answer, nil
	}
	return conversation.ModelAnswer{Reply: "I see"}, nil
}

// The PIN is seen by nobody: right, wrong, too late, among other words, spoken clearly or not.
func TestThePINIsKeptNowhere(t *testing.T) {
	inHome(t, func(r *rig) {
		r.withPIN(gate.Options{})
		s := r.spied()
		hear := func(verdict conversation.Verdict) {
			r.heard = conversation.Heard{Text: "one two three four", Free: "1234", Recogniser: "test", Verdict: verdict}
			if _, err := r.Hear(r.t.Context(), "", audio.Clip{Format: audio.Speech}); err != nil {
				r.t.Fatal(err)
			}
		}
		for _, answer := range []func(){
			func() { r.say("1234") },
			func() { r.say("12 34") },
			func() { r.say("I think it is one two three four") },
			func() { r.say("123") },
			func() { time.Sleep(time.Minute); r.say("1234") },
			func() { r.say("turn on the kitchen ceiling"); r.say("one two three four") },
			func() { hear(conversation.Act) },
			func() { hear(conversation.Ask) },
			func() { hear(conversation.Open) },
			func() { hear(conversation.Reject) },
			func() { time.Sleep(time.Hour); hear(conversation.Reject) },
			func() {
				r.heard = conversation.Heard{Text: "turn on the kitchen ceiling", Free: "1234", Recogniser: "test", Verdict: conversation.Ask}
				r.Hear(r.t.Context(), "", audio.Clip{Format: audio.Speech})
			},
		} {
			r.say(unlock)
			answer()
			r.say("and what is the meaning of life") // the model is told what was said before
			r.home.Call(r.t.Context(), home.Call{Domain: "lock", Service: "lock", Entity: "lock.front_door"})
			time.Sleep(10 * time.Minute)
		}
		s.hasNotSeen(r, "1234", "12 34", "one two", "two three", `"123"`)
	})
}

// spied has a spy see all that leaves the rig's conversation.
func (r *rig) spied() *spy {
	s := &spy{contexts: newMemory[conversation.Context]()}
	r.whole.Observers, r.whole.Model, r.whole.Contexts = []conversation.Observer{s}, s, s.contexts
	r.whole.Log = slog.New(slog.NewJSONHandler(&s.seen, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return s
}

// hasNotSeen looks for secrets in all that the spy has seen, and in all that was kept.
func (s *spy) hasNotSeen(r *rig, secrets ...string) {
	r.t.Helper()
	for _, turn := range r.history.turns {
		s.see(turn)
		s.see(turn.Heard.Free)
		s.see(turn.Audit())
	}
	for key, value := range s.contexts.values {
		s.see(key)
		s.see(value)
	}
	seen := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|\.\d+Z`).ReplaceAllString(s.seen.String(), "") // turns' IDs, and times
	for _, secret := range secrets {
		if i := strings.Index(seen, secret); i >= 0 {
			r.t.Errorf("%q was seen: %s", secret, seen[max(0, i-200):i+50])
		}
	}
	if !strings.Contains(seen, "[PIN]") || !strings.Contains(seen, "meaning of life") {
		r.t.Error("the spy sees nothing")
	}
}

// A code of a device's own is seen by nobody either, where there is no PIN: said again after it was refused, too, which
// nobody has asked for.
func TestADevicesOwnCodeIsKeptNowhere(t *testing.T) {
	const disarm = "stop watching us"
	hear := func(r *rig, text string, verdict conversation.Verdict) {
		r.heard = conversation.Heard{Text: text, Free: "4321", Recogniser: "test", Verdict: verdict}
		if _, err := r.Hear(r.t.Context(), "", audio.Clip{Format: audio.Speech}); err != nil {
			r.t.Fatal(err)
		}
	}
	for name, after := range map[string]func(r *rig){
		"at once":          func(r *rig) { r.say("4321") },
		"in words":         func(r *rig) { r.say("four three two one") },
		"in a sentence":    func(r *rig) { r.say("sorry, I meant 4321") },
		"after a sentence": func(r *rig) { r.say("turn on the kitchen ceiling"); r.say("4321") },
		"spoken":           func(r *rig) { hear(r, "turn on the kitchen ceiling", conversation.Ask) },
		"spoken, later": func(r *rig) {
			r.say("turn on the kitchen ceiling")
			hear(r, "turn on the kitchen ceiling", conversation.Ask)
		},
		"not well heard": func(r *rig) { hear(r, "four three two one", conversation.Reject) },
		"not well, later": func(r *rig) {
			r.say("turn on the kitchen ceiling")
			hear(r, "four three two one", conversation.Reject)
		},
		"not even that": func(r *rig) {
			r.whole.Home = r.home // the alarm cannot be reached, and no longer tells that it wants a code
			hear(r, "four three two one", conversation.Reject)
		},
		"out of reach": func(r *rig) { r.whole.Home = r.home; r.say("4321") },
		"locked out": func(r *rig) {
			for range 2 {
				r.say(disarm)
				r.say("1111")
			}
			if turn := r.say(disarm); !strings.Contains(turn.Reply, "too many") {
				r.t.Errorf("not locked out: %q", turn.Reply)
			}
			r.say("4321")
		},
		"too late, in a sentence": func(r *rig) { r.say(disarm); time.Sleep(time.Minute); r.say("it is 4321") },
	} {
		t.Run(name, func(t *testing.T) {
			inHome(t, func(r *rig) {
				s := r.spied()
				s.answers = map[string]conversation.ModelAnswer{
					disarm: {Calls: []home.Call{{Domain: "alarm_control_panel", Service: "alarm_disarm", Entity: "alarm_control_panel.home_alarm"}}},
				}
				r.whole.Home = &coded{Home: r.home}
				r.home.Call(r.t.Context(), home.Call{Domain: "alarm_control_panel", Service: "alarm_arm_night", Entity: "alarm_control_panel.home_alarm"})
				r.say(disarm)
				if turn := r.say("1111"); turn.Failure != conversation.StepFailed {
					t.Fatalf("the wrong code: %+v", turn)
				}
				after(r)
				r.say("and what is the meaning of life")
				s.hasNotSeen(r, "4321", "four three", "three two")
			})
		})
	}
}

// A number is hidden only where it may be a secret.
func TestOtherNumbersAreUnderstood(t *testing.T) {
	for name, test := range map[string]struct {
		home func(*demo.Home) conversation.Home
		said string
		text string
	}{
		"no code in the house":   {func(h *demo.Home) conversation.Home { return h }, "4321", "4321"},
		"too short for a code":   {func(h *demo.Home) conversation.Home { return &coded{Home: h} }, "21", "21"},
		"part of a sentence":     {func(h *demo.Home) conversation.Home { return &coded{Home: h} }, "who won in 1954", "who won in 1954"},
		"as long as a code":      {func(h *demo.Home) conversation.Home { return &coded{Home: h} }, "4321", "[PIN]"},
		"as long, in a sentence": {func(h *demo.Home) conversation.Home { return &coded{Home: h} }, "4321 is it", "4321 is it"},
	} {
		t.Run(name, func(t *testing.T) {
			inHome(t, func(r *rig) {
				r.whole.Home = test.home(r.home)
				r.model.answer = conversation.ModelAnswer{Reply: "I see"}
				turn := r.say(test.said)
				if turn.Heard.Text != test.text || (turn.DecidedBy == conversation.ByModel) != (test.text == test.said) {
					t.Errorf("%q, decided by %q", turn.Heard.Text, turn.DecidedBy)
				}
				if turn := r.say("who won in 1954"); turn.DecidedBy != conversation.ByModel {
					t.Errorf("after %q: %q, decided by %q", test.said, turn.Heard.Text, turn.DecidedBy)
				}
			})
		})
	}
}

// An answer is for the one who was asked.
func TestAnotherPersonCannotAnswer(t *testing.T) {
	inHome(t, func(r *rig) {
		anna, kid := r.As("anna"), r.As("kid")
		say := func(c conversation.Channel, text string) *conversation.Turn {
			turn, err := c.Say(r.t.Context(), "", text)
			if err != nil {
				r.t.Fatal(err)
			}
			return turn
		}
		say(anna, unlock)
		say(kid, "yes")
		r.say("yes")
		if r.state("lock.front_door") != "locked" {
			r.t.Fatal("somebody else's yes opened the door")
		}
		if turn := say(anna, "yes"); turn.Person != "anna" || r.state("lock.front_door") != "unlocked" {
			r.t.Errorf("%+v", turn)
		}
	})
}

func TestRulesAreForWhoIsProven(t *testing.T) {
	rules := []gate.Rule{
		{Verdict: conversation.Allow, Targets: []gate.Target{"lock.unlock"}, People: []string{"anna"}},
		{Verdict: conversation.Allow, Targets: []gate.Target{"lock.unlock"}, Rooms: []string{"hallway"}},
		{Verdict: conversation.Refuse, Targets: []gate.Target{"lock"}, Rooms: []string{"bathroom"}},
	}
	for name, test := range map[string]struct {
		through func(conversation.Channel) conversation.Channel
		room    string
		state   string
		reply   string
	}{
		"nobody":             {func(c conversation.Channel) conversation.Channel { return c }, "", "locked", "Say the PIN"},
		"anna":               {func(c conversation.Channel) conversation.Channel { return c.As("anna") }, "", "unlocked", "Turned on"},
		"somebody else":      {func(c conversation.Channel) conversation.Channel { return c.As("kid") }, "", "locked", "Say the PIN"},
		"in the hallway":     {func(c conversation.Channel) conversation.Channel { return c.In("hallway") }, "", "unlocked", "Turned on"},
		"says hallway":       {func(c conversation.Channel) conversation.Channel { return c }, "hallway", "locked", "Say the PIN"},
		"stands elsewhere":   {func(c conversation.Channel) conversation.Channel { return c.In("kitchen") }, "hallway", "locked", "Say the PIN"},
		"says bathroom":      {func(c conversation.Channel) conversation.Channel { return c }, "bathroom", "locked", "from this room"},
		"anna, the bathroom": {func(c conversation.Channel) conversation.Channel { return c.As("anna") }, "bathroom", "unlocked", "Turned on"},
	} {
		t.Run(name, func(t *testing.T) {
			inHome(t, func(r *rig) {
				r.withPIN(gate.Options{Rules: rules})
				turn, err := test.through(r.Channel).Say(r.t.Context(), test.room, unlock)
				if err != nil || r.state("lock.front_door") != test.state || !strings.Contains(turn.Reply, test.reply) {
					t.Errorf("the door is %s, %q, %v", r.state("lock.front_door"), turn.Reply, err)
				}
			})
		})
	}
}

// A coded home is the simulated one with an alarm that wants a code.
type coded struct {
	*demo.Home
	sent []any // the codes that came with calls to the alarm
}

func (c *coded) Snapshot() *home.Snapshot {
	s := c.Home.Snapshot()
	e, _ := s.Entity("alarm_control_panel.home_alarm")
	e.Attributes = maps.Clone(e.Attributes)
	e.Attributes["code_format"] = "number"
	return s.With(e)
}

func (c *coded) Call(ctx context.Context, call home.Call) (map[string]any, error) {
	if call.Service == "alarm_disarm" {
		c.sent = append(c.sent, call.Data["code"])
		if call.Data["code"] != "9999" {
			return nil, home.ErrNotSupported
		}
	}
	return c.Home.Call(ctx, call)
}

func TestADevicesOwnCodeIsSaid(t *testing.T) {
	inHome(t, func(r *rig) {
		alarm := &coded{Home: r.home}
		r.whole.Home = alarm
		r.home.Call(r.t.Context(), home.Call{Domain: "alarm_control_panel", Service: "alarm_arm_night", Entity: "alarm_control_panel.home_alarm"})
		r.model.answer = conversation.ModelAnswer{Calls: []home.Call{{Domain: "alarm_control_panel", Service: "alarm_disarm", Entity: "alarm_control_panel.home_alarm"}}}
		if turn := r.say("stop watching us"); turn.Asks != conversation.AsksCode || turn.Reply != "Shall I disarm Home Alarm? Say its code, please." {
			r.t.Fatalf("asks %q: %q", turn.Asks, turn.Reply)
		}
		wrong := r.say("1111")
		if audit := wrong.Audit(); wrong.Failure != conversation.StepFailed || audit[0].Verdict != conversation.AuditWrongPIN {
			r.t.Errorf("%+v, audit %+v", wrong, audit)
		}
		r.say("stop watching us")
		time.Sleep(time.Minute)
		if late := r.say("9999"); late.Heard.Text != "[PIN]" || r.state("alarm_control_panel.home_alarm") != "armed_night" {
			r.t.Errorf("too late: %+v", late)
		}
		r.say("stop watching us")
		done := r.say("nine nine nine nine")
		if done.Failure != "" || r.state("alarm_control_panel.home_alarm") != "disarmed" {
			r.t.Errorf("%+v, alarm %s", done, r.state("alarm_control_panel.home_alarm"))
		}
		if _, kept := done.Steps[0].Data["code"]; kept || done.Heard.Text != "[PIN]" {
			r.t.Errorf("kept: %+v", done)
		}
		for range 2 {
			r.say("stop watching us")
			r.say("1111")
		}
		if turn := r.say("stop watching us"); turn.Failure != conversation.NotAllowed || !strings.Contains(turn.Reply, "too many") {
			r.t.Errorf("after three wrong codes: %q %q", turn.Failure, turn.Reply)
		}
	})
}

// A stuck home is the simulated one with a front door that wants a code and whose unlocking ends otherwise.
type stuck struct {
	*demo.Home
	unlock func(*demo.Home) error
}

func (s stuck) Snapshot() *home.Snapshot {
	now := s.Home.Snapshot()
	e, _ := now.Entity("lock.front_door")
	e.Attributes = maps.Clone(e.Attributes)
	e.Attributes["code_format"] = "number"
	return now.With(e)
}

func (s stuck) Call(ctx context.Context, call home.Call) (map[string]any, error) {
	if call.Service == "unlock" {
		return nil, s.unlock(s.Home)
	}
	return s.Home.Call(ctx, call)
}

// What a bolt does after its code was taken, or a door that is gone before it could be asked, says nothing of the code.
func TestADoorThatDoesNotOpenIsNoWrongCode(t *testing.T) {
	jams := func(h *demo.Home) error {
		time.AfterFunc(time.Second, func() { h.Set("lock.front_door", "jammed", nil) })
		return nil
	}
	gone := func(*demo.Home) error { return home.ErrUnknownEntity }
	refuses := func(*demo.Home) error { return home.ErrCode }
	for name, test := range map[string]struct {
		pin     bool
		unlock  func(*demo.Home) error
		verdict conversation.AuditVerdict
		reply   string
	}{
		"jams":           {false, jams, "failed", "Front Door is jammed."},
		"jams, by a PIN": {true, jams, "failed", "Front Door is jammed."},
		"is gone":        {false, gone, "failed", "Sorry: no_entity."},
		"refuses":        {false, refuses, conversation.AuditWrongPIN, "There were too many wrong PINs. Please try again later."},
	} {
		t.Run(name, func(t *testing.T) {
			inHome(t, func(r *rig) {
				if test.pin {
					r.withPIN(gate.Options{})
				}
				r.whole.Home = stuck{r.home, test.unlock}
				var audit []conversation.AuditEntry
				for range 3 {
					r.say(unlock)
					audit = r.say("1234").Audit()
					r.set("lock.front_door", "locked", nil)
				}
				if len(audit) != 1 || audit[0].Verdict != test.verdict {
					t.Errorf("audit %+v", audit)
				}
				turn := r.say(unlock)
				if turn.Asks != "" {
					turn = r.say("1234")
				}
				if turn.Reply != test.reply {
					t.Errorf("the fourth time: %q", turn.Reply)
				}
			})
		})
	}
}

func TestADevicesOwnCodeIsConfigured(t *testing.T) {
	inHome(t, func(r *rig) {
		alarm := &coded{Home: r.home}
		r.withPIN(gate.Options{Codes: true})
		r.whole.Home, r.whole.Code = alarm, "9999"
		r.home.Call(r.t.Context(), home.Call{Domain: "alarm_control_panel", Service: "alarm_arm_night", Entity: "alarm_control_panel.home_alarm"})
		r.model.answer = conversation.ModelAnswer{Calls: []home.Call{{Domain: "alarm_control_panel", Service: "alarm_disarm", Entity: "alarm_control_panel.home_alarm"}}}
		if turn := r.say("stop watching us"); turn.Asks != conversation.AsksPIN || len(alarm.sent) != 0 {
			r.t.Fatalf("asks %q, sent %v", turn.Asks, alarm.sent)
		}
		if turn := r.say("1234"); turn.Failure != "" || len(alarm.sent) != 1 || alarm.sent[0] != "9999" {
			r.t.Errorf("%+v, sent %v", turn, alarm.sent)
		}
	})
}

// A critical call is never learned, not even one that nobody need be asked about.
func TestCriticalCallsAreNotLearned(t *testing.T) {
	inHome(t, func(r *rig) {
		r.home.Call(r.t.Context(), home.Call{Domain: "lock", Service: "unlock", Entity: "lock.front_door"})
		time.Sleep(10 * time.Second)
		turn := r.say("lock the front door")
		if turn.Failure != "" || turn.Asks != "" || r.state("lock.front_door") != "locked" || r.plans.len() != 0 {
			r.t.Errorf("%+v, the door is %s, %d plans", turn, r.state("lock.front_door"), r.plans.len())
		}
		if audit := turn.Audit(); len(audit) != 1 || audit[0].Verdict != "confirmed" || audit[0].Rule != "gate.harmless" || audit[0].Channel != "test" {
			r.t.Errorf("audit %+v", audit)
		}
	})
}

// A plan that somebody put into the cache opens nothing either.
func TestAForgedPlanIsNoYes(t *testing.T) {
	inHome(t, func(r *rig) {
		r.say("turn on the kitchen ceiling")
		for key := range r.plans.values {
			r.plans.values[key] = conversation.LearnedPlan{Calls: []home.Call{{Domain: "lock", Service: "unlock", Entity: "lock.front_door"}}}
		}
		turn := r.say("turn on the kitchen ceiling")
		if turn.DecidedBy != conversation.ByPlan || turn.Asks != conversation.AsksConfirmation || r.state("lock.front_door") != "locked" {
			r.t.Errorf("%+v", turn)
		}
	})
}

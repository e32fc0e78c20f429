package mqtt

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"hearth/audio"
	"hearth/daemon/conversation"
)

// scripted answers each question as a conversation does: with its observers told, and with c among them.
func scripted(c **Client) AskFunc {
	return func(_ context.Context, room, text string, told conversation.Observer) (*conversation.Turn, error) {
		turn := &conversation.Turn{ID: "t1", Room: room, Heard: conversation.Heard{Text: text}, Reply: "It is dark. I turned it on."}
		for _, o := range []conversation.Observer{*c, told} {
			o.StageDone(turn, "transcribe", time.Millisecond, nil)
		}
		turn.Intent, turn.DecidedBy = "HassTurnOn", conversation.ByGrammar
		turn.Steps = []conversation.Step{{Entity: "light.kitchen", Service: "light.turn_on"}}
		(*c).StageDone(turn, "gate", time.Millisecond, nil)
		turn.Steps[0].Outcome = conversation.Confirmed
		turn.Timings, turn.Total = map[string]float64{"act": 20.5}, 33.5
		for _, o := range []conversation.Observer{*c, told} {
			o.Words(turn, 0, "It is dark.")
			o.Words(turn, 1, " I turned it on.")
			o.TurnDone(turn)
			o.StageDone(turn, "record", time.Millisecond, nil) // comes last, and changes nothing
		}
		return turn, nil
	}
}

func startScripted(t *testing.T, change func(*ClientOptions)) *peer {
	t.Helper()
	b, _ := startBroker(t, BrokerOptions{})
	p := newPeer(t, b, nil)
	var c *Client
	c = newClient(t, b.Addr().String(), func(o *ClientOptions) {
		o.Ask, o.Discovery = scripted(&c), "homeassistant"
		change(o)
	})
	running(t, serving(c))
	p.expect("hearth/hub/status", "online")
	return p
}

func TestAReplyComesInChunks(t *testing.T) {
	p := startScripted(t, func(*ClientOptions) {})
	p.send("hearth/hub/ask", false, `{"text": " light on ", "room": "kitchen", "id": "r7"}`)
	p.until("hearth/hub/state", "processing")
	p.expect("hearth/hub/command", `{"event_type":"recognized","intent":"HassTurnOn","room":"kitchen","outcome":"","decided_by":"grammar"}`)
	// From here on in the order in which it is published.
	p.expect("hearth/hub/state", "responding", "idle")
	p.expect("hearth/hub/latency", `{"act_ms":20.5,"total_ms":33.5}`)
	p.expect("hearth/hub/command", `{"event_type":"executed","intent":"HassTurnOn","room":"kitchen","outcome":"confirmed","decided_by":"grammar"}`)
	if m := p.next("hearth/hub/trigger"); m.Retained() || string(m.Payload()) != "HassTurnOn" {
		t.Errorf("trigger: retained %v, %s", m.Retained(), m.Payload())
	}
	p.expect("hearth/hub/reply/r7",
		`{"seq":0,"text":"It is dark.","done":false}`,
		`{"seq":1,"text":" I turned it on.","done":false}`,
		`{"seq":2,"text":"","done":true,"turn_id":"t1","outcome":"confirmed"}`)

	p.send("hearth/hub/ask", false, "light on") // who names no ID finds it by the turn's
	p.expect("hearth/hub/reply/t1", `{"seq":0,"text":"It is dark.","done":false}`)
}

// What was said is for whoever asked, and for nobody else unless the owner wants it.
func TestTranscripts(t *testing.T) {
	const said = "turn on the xylophone"
	p := startScripted(t, func(*ClientOptions) {})
	p.send("hearth/hub/ask", false, `{"text": "`+said+`", "id": "r7"}`)
	for m := range p.messages { // the question may come back after its reply
		if m.Topic() != "hearth/hub/ask" && strings.Contains(string(m.Payload()), said) {
			t.Errorf("%s tells what was said: %s", m.Topic(), m.Payload())
		}
		if strings.HasPrefix(m.Topic(), "hearth/hub/reply/") && strings.Contains(string(m.Payload()), `"done":true`) {
			break
		}
	}
	p = startScripted(t, func(o *ClientOptions) { o.Transcripts = true })
	p.send("hearth/hub/ask", false, said)
	for range 2 {
		if got := string(p.next("hearth/hub/command").Payload()); !strings.Contains(got, `"text":"`+said+`"`) {
			t.Errorf("command %s", got)
		}
	}
	if m := p.next("hearth/hub/turn"); m.Retained() || !strings.Contains(string(m.Payload()), said) {
		t.Errorf("turn: retained %v, %s", m.Retained(), m.Payload())
	}
}

func TestQuestionsThatBecomeNoTurn(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	p := newPeer(t, b, nil)
	p.send("hearth/hub/ask", true, "open the garage door")
	p.next("hearth/hub/ask") // it is handed out: from now on it is retained and nothing else
	c := newClient(t, b.Addr().String(), func(o *ClientOptions) {
		o.Ask = func(_ context.Context, room, text string, _ conversation.Observer) (*conversation.Turn, error) {
			if text != "hello" {
				t.Errorf("asked %q", text)
			}
			if room != "" {
				return nil, &conversation.InputError{Field: "room", Value: room, Remedy: "name one of the home's areas"}
			}
			return nil, errors.New("the recogniser is on fire")
		}
	})
	running(t, serving(c))
	for _, question := range []struct{ payload, complaint, reply string }{
		{"", "retained", ""},
		{"\xff\xfe", "not UTF-8", ""},
		{strings.Repeat("long ", 1000), "5000 bytes", ""},
		{strings.Repeat("long ", 50_000), "250000 bytes", ""},
		{`{"text": "a", "rooom": "kitchen"}`, "rooom", ""},
		{`{"text": "a", "id": "../ask"}`, "the id cannot be", ""},
		{`{"text": `, "not JSON like", ""},
		{`{"text": "", "id": "r1"}`, "no text", "hearth/hub/reply/r1"},
		{`{"text": "hello", "room": "attic", "id": "r2"}`, "name one of the home's areas", "hearth/hub/reply/r2"},
		{`{"text": "hello", "id": "r3"}`, "on fire", "hearth/hub/reply/r3"},
	} {
		if question.payload != "" {
			p.send("hearth/hub/ask", false, question.payload)
		}
		if question.reply != "" {
			got := string(p.next(question.reply).Payload())
			if !strings.Contains(got, `"seq":0,"text":"","done":true,"outcome":"failed"`) || !strings.Contains(got, question.complaint) {
				t.Errorf("reply to %.20q is %s", question.payload, got)
			}
		}
		if got := string(p.next("hearth/hub/error").Payload()); !strings.Contains(got, question.complaint) {
			t.Errorf("complaint about %.20q is %s, want %q in it", question.payload, got, question.complaint)
		}
	}
	if got := testutil.ToFloat64(c.metrics.commands.WithLabelValues("ask", malformed)); got != 9 {
		t.Errorf("%v malformed questions counted, want 9", got)
	}
}

func TestStopCancelsAQuestionAndWaitsForIt(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	p := newPeer(t, b, nil)
	asked := make(chan struct{})
	c := newClient(t, b.Addr().String(), func(o *ClientOptions) {
		o.Ask = func(ctx context.Context, _, _ string, _ conversation.Observer) (*conversation.Turn, error) {
			close(asked)
			<-ctx.Done()
			return nil, ctx.Err()
		}
	})
	stop, _ := running(t, serving(c))
	p.expect("hearth/hub/status", "online")
	p.send("hearth/hub/ask", false, "tell me a story")
	<-asked
	stop()
	p.next("hearth/hub/error")
	p.expect("hearth/hub/status", "offline")
}

func TestOutcomes(t *testing.T) {
	steps := func(outcomes ...conversation.Outcome) *conversation.Turn {
		turn := &conversation.Turn{}
		for _, o := range outcomes {
			turn.Steps = append(turn.Steps, conversation.Step{Outcome: o})
		}
		return turn
	}
	asks := steps(conversation.Refused)
	asks.Asks = conversation.AsksConfirmation
	for want, turn := range map[string]*conversation.Turn{
		"answered": {}, "confirmed": steps(conversation.Confirmed), "sent": steps(conversation.Confirmed, conversation.Sent),
		"asked": asks, "no_model": {Failure: conversation.NoModel},
	} {
		if got := outcome(turn); got != want {
			t.Errorf("%+v is %s, want %s", turn, got, want)
		}
	}
}

// What people and triggers are told of a turn, by how it went.
func TestEventsOfATurn(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	p := newPeer(t, b, nil)
	c := newClient(t, b.Addr().String(), func(o *ClientOptions) { o.Discovery = "homeassistant" })
	running(t, serving(c))
	p.expect("hearth/hub/status", "online")
	clip := audio.Clip{Format: audio.Speech, Samples: []int16{1}}
	for _, test := range []struct {
		turn       conversation.Turn
		event      string // "" for none
		trigger    bool
		confidence bool
		state      string
	}{
		{turn: conversation.Turn{Intent: "HassTurnOn"}, event: "executed", trigger: true, state: "idle"},
		{turn: conversation.Turn{Intent: "HassTurnOn", Asks: conversation.AsksConfirmation}, state: "idle"},
		{turn: conversation.Turn{Intent: "NotAnnounced"}, event: "executed", state: "idle"},
		{turn: conversation.Turn{Failure: conversation.NotUnderstood}, event: "not_recognized", state: "idle"},
		{turn: conversation.Turn{Failure: conversation.StepFailed, Intent: "HassTurnOn"}, event: "failed", state: "idle"},
		{turn: conversation.Turn{Failure: conversation.Internal}, event: "failed", state: "error"},
		{turn: conversation.Turn{Failure: conversation.NotHeard, Clip: clip}, state: "idle"},
		{turn: conversation.Turn{Clip: clip, Heard: conversation.Heard{Confidence: -0.25}}, event: "executed", confidence: true, state: "idle"},
	} {
		turn := &test.turn
		turn.ID = "t1"
		c.StageDone(turn, "recall", 0, nil)
		p.until("hearth/hub/state", "processing")
		c.TurnDone(turn)
		p.expect("hearth/hub/state", test.state)
		c.publish("marker", "")
		var event, trigger, confidence string
		for m := <-p.messages; m.Topic() != "hearth/hub/marker"; m = <-p.messages {
			switch m.Topic() {
			case "hearth/hub/command":
				event = string(m.Payload())
			case "hearth/hub/trigger":
				trigger = string(m.Payload())
			case "hearth/hub/confidence":
				confidence = string(m.Payload())
			}
		}
		if test.event == "" && event != "" || !strings.Contains(event, test.event) {
			t.Errorf("%+v: event %s, want %q", test.turn, event, test.event)
		}
		if (trigger != "") != test.trigger || (confidence == "-0.25") != test.confidence {
			t.Errorf("%+v: trigger %q, confidence %q", test.turn, trigger, confidence)
		}
	}
}

func TestStateOfMicrophoneAndLoudspeaker(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	p := newPeer(t, b, nil)
	c := newClient(t, b.Addr().String(), nil)
	running(t, serving(c))
	p.expect("hearth/hub/status", "online")
	c.Listening(true)
	p.until("hearth/hub/state", "listening")
	c.Playing(true) // what is heard now is Hearth itself
	p.expect("hearth/hub/state", "responding")
	c.Listening(false)
	c.Playing(false)
	p.expect("hearth/hub/state", "idle")
}

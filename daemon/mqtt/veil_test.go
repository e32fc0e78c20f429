package mqtt

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// The parts of a conversation in which one sentence asks for something to be remembered, and nothing else happens.
type (
	hall    struct{ conversation.Home }
	grammar struct{ conversation.Understanding }
	nothing struct{}
	notes   struct{ conversation.Memory }
)

func (hall) Snapshot() *home.Snapshot { return home.NewSnapshot(nil, nil, nil) }

func (grammar) Recognize(string, intent.Where) []intent.Result {
	return []intent.Result{{Intent: "HearthRemember", Slots: map[string]intent.Slot{"fact": {Text: "the zebra sleeps"}}}}
}
func (grammar) Digits(string) (string, bool) { return "", false }
func (grammar) Fingerprint() string          { return "" }

func (nothing) Get(string) (c conversation.Context, ok bool)                { return c, false }
func (nothing) Put(string, conversation.Context) error                      { return nil }
func (nothing) Record(context.Context, *conversation.Turn) error            { return nil }
func (notes) Facts(context.Context, ...string) ([]conversation.Fact, error) { return nil, nil }
func (notes) SaveFact(context.Context, conversation.Fact) error             { return nil }

type plans struct{ conversation.Plans }

func (plans) Get(string) (p conversation.LearnedPlan, ok bool) { return p, false }

// What is remembered is published no more than it is kept, whoever may read what is said.
func TestTranscriptsLeaveOutWhatIsRemembered(t *testing.T) {
	phrases, err := conversation.LoadPhrases("en")
	if err != nil {
		t.Fatal(err)
	}
	b, _ := startBroker(t, BrokerOptions{})
	p := newPeer(t, b, nil)
	var c *Client
	c = newClient(t, b.Addr().String(), func(o *ClientOptions) {
		o.Transcripts = true
		o.Ask = func(ctx context.Context, room, text string, told conversation.Observer) (*conversation.Turn, error) {
			return conversation.New(conversation.Options{
				Home: hall{}, Plans: plans{}, Contexts: nothing{}, History: nothing{}, Memory: notes{}, Phrases: phrases,
				Understanding: func() conversation.Understanding { return grammar{} },
				Observers:     []conversation.Observer{c}, Log: slog.New(slog.DiscardHandler),
			}).Through("mqtt").Telling(told).Say(ctx, room, text)
		}
	})
	running(t, serving(c))
	p.expect("hearth/hub/status", "online")
	p.send("hearth/hub/ask", false, `{"text": "remember that the zebra sleeps", "id": "r1"}`)
	for topics := map[string]int{}; topics["hearth/hub/turn"] == 0 || topics["hearth/hub/command"] < 2 || topics["hearth/hub/reply/r1"] < 2; {
		var m paho.Message
		select {
		case m = <-p.messages:
		case <-time.After(patience):
			t.Fatalf("there were only %v", topics)
		}
		topics[m.Topic()]++
		asked := m.Topic() == "hearth/hub/ask" || strings.HasPrefix(m.Topic(), "hearth/hub/reply/") // whoever asked is told
		if text := string(m.Payload()); !asked && strings.Contains(text, "zebra") {
			t.Errorf("%s has %s", m.Topic(), text)
		}
	}
}

package mqtt

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	paho "github.com/eclipse/paho.mqtt.golang"

	"hearth/daemon/conversation"
)

// A lane carries out commands that do not wait for those of other lanes.
type lane int

const (
	questions lane = iota // several at a time
	speech                // one after the other, as there is one loudspeaker
	controls              // one after the other, so that the last one counts
	lanes
)

// workers is how many commands of a lane are carried out at a time. Commands are spoken by people.
var workers = [lanes]int{questions: 4, speech: 1, controls: 1}

// waiting is how many commands of a lane may wait.
const waiting = 16

// A command is what a topic below the hub's own is for.
type command struct {
	lane lane
	run  func(c *Client, ctx context.Context, payload []byte) error
}

// commands are all that Hearth listens to, by topic.
var commands = map[string]command{
	"ask":           {questions, (*Client).ask},
	"announce":      {speech, (*Client).announce},
	"mute/set":      {controls, (*Client).mute},
	"volume/set":    {controls, (*Client).setVolume},
	"model/set":     {controls, (*Client).useModel},
	"language/set":  {controls, (*Client).useLanguage},
	"wake_word/set": {controls, (*Client).useWakeWord},
	"restart":       {controls, (*Client).restart},
}

// commandName is a command without the end of its topic, which is also the topic of its state.
func commandName(topic string) string { return strings.TrimSuffix(topic, "/set") }

var (
	errRetained = errors.New("the command is retained: send it without the retain flag, or it would be carried out again at each connection")
	errBusy     = errors.New("too many commands are waiting: try again later")
)

// An inputError is a payload that means nothing.
type inputError struct{ error }

// A request is a command that has come.
type request struct {
	topic   string
	payload []byte
}

// receive is called by paho, one message at a time, and must not wait.
func (c *Client) receive(l *link, m paho.Message) {
	if m.Topic() == c.birthTopic() {
		if string(m.Payload()) == "online" {
			l.homeBorn()
		}
		return
	}
	topic := strings.TrimPrefix(m.Topic(), c.prefix)
	cmd, known := commands[topic]
	switch {
	case !known:
	case m.Retained():
		if len(m.Payload()) > 0 {
			c.complain(topic, "", inputError{errRetained})
		}
	default:
		select {
		case l.lanes[cmd.lane] <- request{topic, m.Payload()}:
		default:
			c.complain(topic, "", errBusy)
		}
	}
}

// serve carries out the commands of a lane until over.
func (c *Client) serve(ctx context.Context, over <-chan struct{}, requests <-chan request) {
	for {
		select {
		case <-over:
			return
		case r := <-requests:
			c.carryOut(ctx, r)
		}
	}
}

// carryOut runs a command. The true state is published afterwards, also when it is the same: whoever sent
// the command may think otherwise.
func (c *Client) carryOut(ctx context.Context, r request) {
	cmd := commands[r.topic]
	err := cmd.run(c, ctx, r.payload)
	switch told := (*toldError)(nil); {
	case errors.As(err, &told):
	case err != nil:
		c.complain(r.topic, "", err)
	default:
		c.metrics.commands.WithLabelValues(commandName(r.topic), done).Inc()
	}
	if cmd.lane == controls {
		c.unshow(c.prefix + commandName(r.topic))
		c.Refresh()
	}
}

// A toldError has been complained about.
type toldError struct{ error }

// A complaint is published when a command was not carried out.
type complaint struct {
	Command string `json:"command"`
	ID      string `json:"id,omitempty"` // of a question
	Message string `json:"message"`
}

func (c *Client) complain(topic, id string, err error) {
	outcome := failed
	switch input := (inputError{}); {
	case errors.Is(err, errBusy):
		outcome = busy
	case errors.As(err, &input):
		outcome = malformed
	}
	name := commandName(topic)
	c.metrics.commands.WithLabelValues(name, outcome).Inc()
	c.log.Warn("an MQTT command was not carried out", "command", name, "reason", outcome, "error", err)
	c.publish("error", complaint{Command: name, ID: id, Message: err.Error()})
}

func (c *Client) ask(ctx context.Context, payload []byte) error {
	q, err := parseQuestion(payload)
	if err != nil {
		err = inputError{err}
	}
	stream := &reply{client: c, id: q.ID}
	if err == nil {
		_, err = c.opts.Ask(ctx, q.Room, q.Text, stream)
		if wrong := (*conversation.InputError)(nil); errors.As(err, &wrong) {
			err = inputError{err}
		}
	}
	if err == nil {
		return nil
	}
	stream.fail(err)
	c.complain("ask", q.ID, err)
	return &toldError{err}
}

func (c *Client) announce(ctx context.Context, payload []byte) error {
	text := strings.TrimSpace(string(payload))
	switch {
	case !utf8.ValidString(text):
		return inputError{errors.New("the announcement is not UTF-8 text")}
	case text == "":
		return inputError{errors.New("the announcement has no text")}
	case len(text) > maxQuestion:
		return inputError{fmt.Errorf("the announcement has %d bytes: at most %d are taken", len(text), maxQuestion)}
	}
	return c.opts.Hub.Announce(ctx, text)
}

func (c *Client) mute(_ context.Context, payload []byte) error {
	switch string(payload) {
	case "ON":
		return c.opts.Hub.Mute(true)
	case "OFF":
		return c.opts.Hub.Mute(false)
	}
	return inputError{fmt.Errorf("mute is %s: want ON or OFF", quoted(payload))}
}

func (c *Client) setVolume(_ context.Context, payload []byte) error {
	percent, err := strconv.ParseFloat(string(payload), 64)
	if err != nil || !(percent >= 0 && percent <= 100) { // so that NaN is refused
		return inputError{fmt.Errorf("volume is %s: want 0 to 100", quoted(payload))}
	}
	return c.opts.Hub.SetVolume(int(percent + 0.5))
}

func (c *Client) useModel(_ context.Context, payload []byte) error {
	return c.pick("model", payload, c.opts.Hub.State().Models, c.opts.Hub.UseModel)
}

func (c *Client) useLanguage(_ context.Context, payload []byte) error {
	return c.pick("language", payload, c.opts.Hub.State().Languages, c.opts.Hub.UseLanguage)
}

func (c *Client) useWakeWord(_ context.Context, payload []byte) error {
	return c.pick("wake word", payload, c.opts.Hub.State().WakeWords, c.opts.Hub.UseWakeWord)
}

// pick takes a choice that is offered.
func (c *Client) pick(name string, payload []byte, offered []string, take func(string) error) error {
	if !slices.Contains(offered, string(payload)) {
		return inputError{fmt.Errorf("%s is %s: want one of %s", name, quoted(payload), strings.Join(offered, ", "))}
	}
	return take(string(payload))
}

func (c *Client) restart(_ context.Context, payload []byte) error {
	if string(payload) != "PRESS" {
		return inputError{fmt.Errorf("restart is %s: want PRESS", quoted(payload))}
	}
	c.opts.Hub.Restart()
	return nil
}

// quoted is the beginning of a payload as it may stand in a sentence.
func quoted(payload []byte) string {
	const most = 40
	return strconv.Quote(string(payload[:min(len(payload), most)]))
}
